"""What people do with their own notes: put them in other words, and take them back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.boards.actions.adding import words_of
from collaborative.changemakers.boards.actions.standing import refuse_unless_theirs
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room.giving import refuse_if_stopped
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation import actions as moderation
from collaborative.moderation.policy import decide
from collaborative.moderation.screening import screen
from collaborative.people.models import User

CHANGEABLE = frozenset({State.HELD, State.RELEASED})


def change(
    note: Note,
    text: str,
    *,
    participant: Participant,
    user: User | None = None,
    source: str | None = None,
    now: datetime | None = None,
) -> None:
    """Say it in other words while the board is open. The earlier ones are kept.

    Where notes are checked first, these words wait again, and the note with them: nobody gets checked words
    changed into others. Saving the words that stand is no change. Raises NotPossible.
    """
    words, now = words_of(text), now or timezone.now()
    with transaction.atomic():
        said = _theirs(note, participant)
        stage = Stage.objects.select_for_update().select_related("engagement").get(pk=note.stage_id)
        refuse_unless_theirs(stage, participant)
        refuse_if_stopped(participant)
        newest = said.wordings.order_by("-number")[0]
        if newest.text == words:
            return
        if said.state not in CHANGEABLE or newest.kind == Wording.Kind.REDACTED:
            raise NotPossible(_("A person has looked at this note. It cannot be changed any more."))
        flags = screen(words, engagement=stage.engagement, receipt=said.receipt, source=source)
        decision = decide(stage.engagement, age_band=said.age_band, author=user, flags=flags)
        if said.state == State.RELEASED and not decision.shown:
            contributions.move(said, State.HELD, by=None, reason="edited")  # first, so that no new word shows
        Note.objects.filter(pk=note.pk).update(edited_at=now)
        contributions.add_wording(said, Wording.Kind.EDITED, words, by=user)
        moderation.received(said, flags)
    note.edited_at = now


def take_back(note: Note, *, participant: Participant, user: User | None = None) -> None:
    """Nobody sees it from now on (GDP-2), open or closed. Twice is no error; what is with safeguarding stays
    frozen with its case (SAF-2), and its author sees no difference."""
    with transaction.atomic():
        said = _theirs(note, participant)
        if note.taken_back_at is not None:
            return
        Stage.objects.select_for_update().values_list("pk").get(
            pk=note.stage_id
        )  # before the note, as merging
        Note.objects.filter(pk=note.pk).update(taken_back_at=timezone.now())
        contributions.take_back(said, by=user)


def _theirs(note: Note, participant: Participant) -> Contribution:
    """The row of its words under its lock. Raises NotPossible for the note of somebody else."""
    if note.participant_id != participant.pk:
        raise NotPossible(_("This is not your note."))
    Contribution.objects.select_for_update().values_list("pk").get(pk=note.contribution_id)
    note.refresh_from_db(fields=["taken_back_at"])
    return Contribution.objects.select_related("receipt").get(pk=note.contribution_id)
