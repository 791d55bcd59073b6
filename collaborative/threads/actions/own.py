"""What people do with their own comments: change, take back, say whether it still holds. And support."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions import actions as contributions
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.live.actions import announce
from collaborative.moderation import actions as moderation
from collaborative.moderation.policy import decide
from collaborative.moderation.screening import screen
from collaborative.people.models import User
from collaborative.threads.actions.posting import MOST_CHARACTERS
from collaborative.threads.models import Comment, Support, Voice
from collaborative.threads.permissions import (
    voice_may_change,
    voice_may_support,
    voice_may_take_back,
)


def change(
    comment: Comment,
    text: str,
    *,
    voice: Voice,
    user: User | None = None,
    source: str | None = None,
    now: datetime | None = None,
) -> None:
    """Say it in other words, for half an hour. The earlier ones are kept; the page says that it was edited.

    Where comments are checked first, these words wait again, and the comment with them: nobody gets checked
    words changed into others. Saving the words that stand is no change. Raises NotPossible.
    """
    now = now or timezone.now()
    words = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise NotPossible(_("Write what you want to say."))
    if len(words) > MOST_CHARACTERS:
        raise NotPossible(_("This is too long."))
    thread = comment.thread
    with transaction.atomic():
        said = _locked(comment)
        if not voice_may_change(voice, comment, now):
            raise NotPossible(_("You can change a comment for 30 minutes. That time is over."))
        if not thread.is_open_at(now):
            raise NotPossible(_("This is closed. Comments can no longer be changed."))
        newest = said.wordings.order_by("-number")[0]
        if newest.text == words:
            return
        if newest.kind == Wording.Kind.REDACTED:
            raise NotPossible(_("Words were removed from this comment. It cannot be changed any more."))
        flags = screen(words, engagement=thread.engagement, receipt=voice.receipt, source=source)
        decision = decide(thread.engagement, age_band=voice.receipt.age_band, author=user, flags=flags)
        if said.state == State.RELEASED and not decision.shown:
            contributions.move(said, State.HELD, by=None, reason="edited")  # first, so that no new word shows
        Comment.objects.filter(pk=comment.pk).update(edited_at=now)
        contributions.add_wording(said, Wording.Kind.EDITED, words, by=user)
        moderation.received(said, flags)
    comment.edited_at = now


def take_back(comment: Comment, *, voice: Voice, user: User | None = None) -> None:
    """Nobody sees it from now on (GDP-2). Twice is no error.

    What is with safeguarding stays frozen with its case (SAF-2); its author sees no difference.
    """
    with transaction.atomic():
        said = _locked(comment)
        if not voice_may_take_back(voice, comment):
            if comment.voice_id == voice.pk:
                return
            raise PermissionDenied
        now = timezone.now()
        Comment.objects.filter(pk=comment.pk).update(taken_back_at=now)
        contributions.take_back(said, by=user)
        ledger.record("comment.taken-back", f"contribution:{said.reference}", user)
    comment.taken_back_at = now


def support(comment: Comment, *, voice: Voice, on: bool = True) -> int:
    """Support a comment, or no longer. Returns how many do. Twice is once."""
    if not voice_may_support(voice, comment):
        raise NotPossible(_("You cannot support this comment."))
    if not comment.thread.is_open_at(timezone.now()):
        raise NotPossible(_("This is closed."))
    with transaction.atomic():
        changed = (
            _support(comment, voice)
            if on
            else -Support.objects.filter(comment=comment, voice=voice).delete()[0]
        )
        if changed:
            Comment.objects.filter(pk=comment.pk).update(support_count=F("support_count") + changed)
            announce((comment.thread.stream, "supported", comment.pk))
    comment.refresh_from_db(fields=["support_count"])
    return comment.support_count


def _support(comment: Comment, voice: Voice) -> int:
    try:
        with transaction.atomic():
            Support.objects.create(comment=comment, voice=voice)
    except IntegrityError:
        return 0
    return 1


def say_it_holds(comment: Comment, holds: str, words: str, *, voice: Voice) -> None:
    """The words that a comment was about have changed: its author says whether it still holds of `words`."""
    if comment.voice_id != voice.pk or comment.taken_back_at:
        raise PermissionDenied
    if holds not in Comment.Holds.values:
        raise NotPossible(_("Choose yes or no."))
    with transaction.atomic():
        said = _locked(comment)
        Comment.objects.filter(pk=comment.pk).update(holds=holds, holds_of=words)
        ledger.record("comment.holds", f"contribution:{said.reference}", voice.user, holds=holds)
        if comment.shown:
            announce((comment.thread.stream, "changed", comment.pk))
    comment.holds, comment.holds_of = holds, words


def _locked(comment: Comment) -> Contribution:
    """The words' row, locked, and the comment as it stands now. By its own key: a join would lock the comment
    as well, before the thread.
    """
    assert comment.contribution_id is not None
    said = Contribution.objects.select_for_update().get(pk=comment.contribution_id)
    comment.refresh_from_db(fields=["taken_back_at", "shown"])
    comment.contribution = said
    return said
