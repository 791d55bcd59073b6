"""What the page of a workshop says of its small groups, and the rows that people are in."""

from django.db.models import Count, Q

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, Participant, Stage
from collaborative.changemakers.room.permissions import young_people_may_enter

ASSIGNED, CHOSEN = "assigned", "chosen"
HERE = Q(seats__participant__left_at=None)


def how(stage: Stage) -> str:
    """ASSIGNED: the facilitator gives places; CHOSEN: everybody chooses."""
    return CHOSEN if stage.settings.get("how") == CHOSEN else ASSIGNED


def most(stage: Stage) -> int:
    """How many people a group has room for when they choose; 0 for any number."""
    found: int = stage.settings.get("most") or 0
    return found


def is_used(stage: Stage) -> bool:
    """Whether somebody has a place in it, or said something."""
    seats = BreakoutSeat.objects.filter(stage=stage)
    return seats.exists() or Note.objects.filter(stage=stage).exists()


def frozen(stage: Stage) -> None:
    """Make the rows as the page says. Once the part began or somebody has a place, the console has the say,
    and publishing again adds what is missing at most."""
    asked = stage.settings.get("groups") or []
    standing = {row.number: row for row in Breakout.objects.filter(stage=stage)}
    missing = [Breakout(stage=stage, number=n, **one) for n, one in enumerate(asked, 1) if n not in standing]
    Breakout.objects.bulk_create(missing)
    if stage.has_begun or is_used(stage):
        return
    for number, one in enumerate(asked, 1):
        if number in standing:
            Breakout.objects.filter(pk=standing[number].pk).update(**one)
    Breakout.objects.filter(stage=stage, number__gt=len(asked)).delete()


def counted(stage: Stage) -> list[Breakout]:
    """The groups with `n` people who are here, and `grown`, the named adults who go with it. One query."""
    rows = Breakout.objects.filter(stage=stage).select_related("note_taker")
    return list(
        rows.annotate(
            n=Count("seats", filter=HERE, distinct=True),
            grown=Count("adults", filter=Q(adults__adult__taken_off_at=None), distinct=True),
        )
    )


def is_for_young(group: Breakout) -> bool:
    """Of a row of `counted`: whether somebody under 18 may be in it (SAF-1)."""
    return young_people_may_enter(group.grown)  # type: ignore[attr-defined]


def without_place(stage: Stage) -> list[Participant]:
    """Who is here and neither sits in a group nor said that they would rather not. One query."""
    rows = Participant.objects.here().filter(engagement=stage.engagement_id)
    return list(rows.exclude(breakout_seats__stage=stage).select_related("group").order_by("pk"))
