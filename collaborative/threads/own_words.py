"""What somebody sees of their own in a thread: what waits, and what they can still change."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from collaborative.contributions.models import State, Wording
from collaborative.people.models import HANDLED_AS_UNDER_18
from collaborative.threads import text
from collaborative.threads.models import Comment, Voice
from collaborative.threads.permissions import voice_may_change, voice_may_take_back
from collaborative.threads.visit import Visit

AT_MOST, LOOKED_AT = 5, 20


@dataclass
class Own:
    """One's own comment that others do not see (yet). A concern looks like any that waits (SAF-2)."""

    comment: Comment
    words: str  # empty for people under 18 until a person has read them
    refused: bool
    private: bool  # its author does not want it shown
    may_change: bool
    may_take_back: bool

    @property
    def body(self) -> str:
        return text.html(self.words)

    @property
    def state(self) -> str:
        if self.refused:
            return _("Not shown")
        return _("Kept, not shown") if self.private else _("Waiting to be checked")


@dataclass
class Mine:
    """`waiting`: what others do not see. `tools`: of what they see, whether it may be changed, taken back."""

    waiting: list[Own]
    tools: dict[int, tuple[bool, bool]]


def mine(visit: Visit) -> Mine:
    """The newest of one's own in this thread. One query, for a known voice alone."""
    if visit.voice is None:
        return Mine([], {})
    newest = Wording.objects.filter(contribution=OuterRef("contribution")).order_by("-number")
    rows = (
        visit.thread.comments.filter(voice=visit.voice, taken_back_at=None)
        .exclude(contribution__state=State.WITHDRAWN)
        .select_related("contribution")
        .annotate(words=Subquery(newest.values("text")[:1]))
        .order_by("-created_at", "-pk")[:LOOKED_AT]
    )
    found = [_own(row, visit, visit.voice) for row in rows]
    return Mine(
        waiting=[one for one in found if not one.comment.shown][:AT_MOST],
        tools={one.comment.pk: (one.may_change, one.may_take_back) for one in found if one.comment.shown},
    )


def _own(row: Any, visit: Visit, voice: Voice) -> Own:
    said = row.contribution
    row.thread = visit.thread
    return Own(
        comment=row,
        words="" if hides_words(voice) and said.state != State.RELEASED else row.words or "",
        refused=said.state in {State.REFUSED, State.HIDDEN},
        private=said.state == State.RELEASED,
        may_change=visit.is_open and voice_may_change(voice, row, visit.now),
        may_take_back=voice_may_take_back(voice, row),
    )


def hides_words(voice: Voice) -> bool:
    """Words of somebody under 18, or of unknown age, are not shown back before a person has read them."""
    return voice.receipt.age_band in HANDLED_AS_UNDER_18
