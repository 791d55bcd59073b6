"""The facilitator gives places: to everybody, anew, or to one person."""

import random
from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from collaborative.changemakers.breakouts import groups
from collaborative.changemakers.breakouts.actions.standing import (
    changed,
    forget_notes_of,
    group_in,
    of_facilitator,
    refuse_unless_safe,
    seat,
)
from collaborative.changemakers.breakouts.fitting import Group, Person, fit
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, Participant, Stage
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.engagements import ages
from collaborative.people.models import User

DICE = random.SystemRandom()


def spread(stage: Stage, *, by: User) -> int:
    """Everybody who is here and has no place gets one, and keeps it. Returns how many could get none."""
    with transaction.atomic():
        row = of_facilitator(stage, by)
        given, left = place(row, groups.without_place(row))
        if given:
            ledger.record("groups.spread", f"stage:{row.pk}", by, n=given)
            changed(row)
    return left


def reshuffle(stage: Stage, *, seen: int, by: User) -> int | None:
    """New company for everybody but those who chose for themselves. Returns how many have no place.

    `seen`: `stage.mixed` as the form knew it. None when somebody mixed them meanwhile: once is enough.
    """
    with transaction.atomic():
        row = of_facilitator(stage, by)
        if row.mixed != seen:
            return None
        BreakoutSeat.objects.filter(stage=row, chosen=False).delete()
        given, left = place(row, groups.without_place(row))
        sits = BreakoutSeat.objects.filter(breakout=OuterRef("pk"), participant=OuterRef("note_taker"))
        Breakout.objects.filter(~Exists(sits), stage=row).update(note_taker=None)
        row.mixed += 1
        row.save(update_fields=["mixed"])
        ledger.record("groups.mixed", f"stage:{row.pk}", by, n=given)
        changed(row)
    return left


def move(stage: Stage, participant: Participant, group: Breakout | None, *, by: User) -> None:
    """Put one person there, or take them out of their group. Who would rather not is left in peace."""
    with transaction.atomic():
        row = of_facilitator(stage, by)
        if participant.engagement_id != row.engagement_id:
            raise NotPossible(_("This person is not in this workshop."))
        standing = BreakoutSeat.objects.filter(stage=row, participant=participant).first()
        if standing and standing.breakout_id is None:
            raise NotPossible(_("They would rather stay in the main room. Only they can change that."))
        if (standing.breakout_id if standing else None) == (group.pk if group else None):
            return
        if group is None:
            BreakoutSeat.objects.filter(stage=row, participant=participant).delete()
            forget_notes_of(row, participant.pk, None)
        else:
            there = group_in(row, group)
            refuse_unless_safe(there, participant)
            seat(row, participant, there, chosen=False)
        changed(row)


def place(row: Stage, people: list[Participant]) -> tuple[int, int]:
    """Under the lock: (how many of them have a place now, how many fit nowhere)."""
    stopped = {one.pk for one in people if ages.stop(row.engagement, one.age_band, led_by_adult=True)}
    persons = [Person(one.pk, one.group_id, one.under_18) for one in people if one.pk not in stopped]
    found = fit(persons, _groups(row), DICE)
    BreakoutSeat.objects.bulk_create(
        BreakoutSeat(stage=row, participant_id=person, breakout_id=group) for person, group in found.items()
    )
    return len(found), len(people) - len(found)


def _groups(row: Stage) -> list[Group]:
    sits: dict[int, Counter[int | None]] = {}
    seats = BreakoutSeat.objects.filter(stage=row, participant__left_at=None).exclude(breakout=None)
    for group, kind in seats.values_list("breakout", "participant__group"):
        sits.setdefault(group, Counter())[kind] += 1
    most = groups.most(row)
    return [
        Group(one.pk, most, groups.is_for_young(one), sits.get(one.pk, Counter()))
        for one in groups.counted(row)
    ]
