"""What people told the facilitator alone, for whoever runs the workshop. It stands on the console and on no
other screen of the room, in no download and in no figure (`contributions.models.PRIVATE`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collaborative.contributions.attribution import public_name
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.live.actions import announce
from collaborative.live.models import Stream

MOST, LATELY = 20, 5


@dataclass(frozen=True)
class Said:
    pk: int
    words: str
    who: str  # as far as they let us say: the name that they chose to show, their group
    at: datetime

    @classmethod
    def of(cls, row: Contribution) -> "Said":
        name = public_name(row)
        group = row.group.name if row.group else ""
        words = row.newest_text or ""  # type: ignore[attr-defined]
        return cls(row.pk, words, ", ".join(part for part in (name, group) if part), row.created_at)


@dataclass(frozen=True)
class Told:
    """`waiting`: unread, oldest first. `lately`: the last that were read. `seq`: how far the stream is."""

    waiting: Sequence[Said]
    is_more: bool
    lately: Sequence[Said]
    seq: int


def stream(engagement_pk: int) -> str:
    return f"console.{engagement_pk}"


def told(engagement: Engagement) -> Told:
    """Three queries, whatever has piled up. What is with safeguarding is not in it (SAF-2)."""
    # Read before the list: what comes in between is told once more, and changes nothing.
    seq = Stream.objects.filter(key=stream(engagement.pk)).values_list("last_seq", flat=True).first() or 0
    rows = Contribution.objects.filter(engagement=engagement, kind=Contribution.Kind.MESSAGE)
    rows = rows.with_newest_text().select_related("receipt", "group")
    waiting = [Said.of(row) for row in rows.filter(state=State.HELD).order_by("created_at", "pk")[: MOST + 1]]
    read = rows.filter(state=State.RELEASED).order_by("-created_at", "-pk")[:LATELY]
    return Told(waiting[:MOST], len(waiting) > MOST, [Said.of(row) for row in read], seq)


def follow(contribution: Contribution, before: str) -> None:
    """It was read, taken back or passed on: every console looks again. In the caller's transaction."""
    announce((stream(contribution.engagement_id), "told", contribution.pk))
