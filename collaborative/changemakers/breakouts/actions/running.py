"""The facilitator sets up groups on the console: one more, its name and place, who takes its notes."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from collaborative.changemakers.breakouts.actions.standing import changed, group_in, of_facilitator
from collaborative.changemakers.breakouts.tables import group_of
from collaborative.changemakers.room.freezing import MOST_GROUPS
from collaborative.changemakers.room.models import Breakout, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.people.models import User

LONGEST_NAME, LONGEST_PLACE = 40, 120


def add_group(stage: Stage, name: str = "", where: str = "", *, seen: int, by: User) -> None:
    """One more. `seen`: how many the form knew of; when there is another meanwhile, nothing happens."""
    name, where = _clean(name, where)
    with transaction.atomic():
        row = of_facilitator(stage, by)
        rows = Breakout.objects.filter(stage=row)
        if rows.count() != seen:
            return
        if seen >= MOST_GROUPS:
            raise NotPossible(_("There are as many groups as there can be."))
        highest = rows.aggregate(m=Max("number"))["m"] or 0
        Breakout.objects.create(stage=row, number=highest + 1, name=name, where=where)
        changed(row)


def change_group(stage: Stage, group: Breakout, name: str, where: str, *, by: User) -> None:
    """What it is called, and where it meets."""
    name, where = _clean(name, where)
    with transaction.atomic():
        row = of_facilitator(stage, by)
        there = Breakout.objects.filter(stage=row, pk=group.pk)
        if there.exclude(name=name, where=where).update(name=name, where=where):
            changed(row)


def take_away(stage: Stage, group: Breakout, *, by: User) -> None:
    """A group in which nobody is. Twice is no error."""
    with transaction.atomic():
        row = of_facilitator(stage, by)
        there = Breakout.objects.filter(stage=row, pk=group.pk)
        if there.filter(seats__participant__left_at=None, seats__isnull=False).exists():
            raise NotPossible(_("There are people in it. Move them first."))
        if there.delete()[0]:
            changed(row)


def name_note_taker(stage: Stage, group: Breakout, participant: Participant | None, *, by: User) -> None:
    """Somebody of the group writes down what it says; None: nobody does."""
    with transaction.atomic():
        row = of_facilitator(stage, by)
        there = group_in(row, group)
        if participant is not None and (not participant.is_here or group_of(row, participant) != there):
            raise NotPossible(_("This person is not in this group any more."))
        if there.note_taker_id == (participant.pk if participant else None):
            return
        Breakout.objects.filter(pk=there.pk).update(note_taker=participant)
        changed(row)


def _clean(name: str, where: str) -> tuple[str, str]:
    name, where = (" ".join(text.replace("\x00", "").split()) for text in (name, where))
    if len(name) > LONGEST_NAME:
        raise NotPossible(_("Make the name shorter: up to 40 characters."))
    if len(where) > LONGEST_PLACE:
        raise NotPossible(_("Make the place shorter: up to 120 characters."))
    return name, where
