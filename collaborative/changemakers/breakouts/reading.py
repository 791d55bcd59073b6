"""What the screens show of small groups. Names are for those who run the workshop, and on no wall."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.changemakers.breakouts import groups
from collaborative.changemakers.breakouts.actions.standing import needs_adults
from collaborative.changemakers.room.models import (
    AdultInGroup,
    Breakout,
    BreakoutSeat,
    NamedAdult,
    Participant,
    Stage,
)
from collaborative.engagements.models import Engagement


def how_many(row: Breakout, stage: Stage) -> str:
    """As "4 people" or "6 people, full". `row`: of `groups.counted`."""
    n: int = row.n  # type: ignore[attr-defined]
    words = ngettext("%(n)s person", "%(n)s people", n) % {"n": n}
    most = groups.most(stage)
    full = groups.how(stage) == groups.CHOSEN and most and n >= most
    return _("%(people)s, full") % {"people": words} if full else words


@dataclass
class Group:
    """One group as everybody in the room may know it."""

    row: Breakout
    people: str  # how many, in words
    is_full: bool
    for_young: bool


def all_groups(stage: Stage) -> list[Group]:
    """One query."""
    most = groups.most(stage)
    return [
        Group(row, how_many(row, stage), bool(most) and row.n >= most, groups.is_for_young(row))  # type: ignore[attr-defined]
        for row in groups.counted(stage)
    ]


@dataclass
class Mine:
    """Where somebody is: in a group, in the main room because they would rather, or nowhere yet."""

    group: Breakout | None
    stays: bool
    takes_notes: bool
    why_not: str  # what keeps them from any group; empty for nothing


def mine(stage: Stage, viewer: Participant, there: list[Group]) -> Mine:
    """One query."""
    seat = BreakoutSeat.objects.filter(stage=stage, participant=viewer).first()
    group = next((one.row for one in there if seat and one.row.pk == seat.breakout_id), None)
    stays = seat is not None and seat.breakout_id is None
    shut_out = viewer.under_18 and group is None and not any(one.for_young for one in there)
    takes = group is not None and group.note_taker_id == viewer.pk
    return Mine(group, stays, takes, needs_adults_anywhere() if shut_out else "")


def needs_adults_anywhere() -> str:
    return _(
        "Somebody who is, or may be, under 18 is in a small group only with two adults whose checks we have "
        "seen. No group has them just now. You can take part here in the main room."
    )


def choices(viewer: Participant, there: list[Group], own: Mine) -> list[dict[str, object]]:
    """The groups to choose from, and why one cannot be chosen."""
    found = []
    for one in there:
        why = ""
        if own.group != one.row:
            if viewer.under_18 and not one.for_young:
                why = needs_adults()
            elif one.is_full:
                why = _("This group is full.")
        found.append({"group": one, "why": why, "is_mine": own.group == one.row})
    return found


@dataclass
class Table:
    """One group as its facilitator knows it. `name`, `where` and `error` go into the form that changes it."""

    group: Group
    name: str
    where: str
    error: str = ""
    people: list[Participant] = field(default_factory=list)
    adults: list[NamedAdult] = field(default_factory=list)

    @property
    def name_id(self) -> str:
        return f"name-{self.group.row.pk}"

    @property
    def where_id(self) -> str:
        return f"where-{self.group.row.pk}"

    @property
    def young(self) -> int:
        return sum(person.under_18 for person in self.people)


@dataclass
class Arrangement:
    tables: list[Table]
    staying: list[Participant]
    without: list[Participant]
    adults: list[tuple[NamedAdult, int]]  # and the key of the group that they go with here, or 0

    @property
    def calling(self) -> list[Table]:
        return [one for one in self.tables if one.group.row.called_at]

    @property
    def placed(self) -> list[tuple[Participant, Table]]:
        return [(person, table) for table in self.tables for person in table.people]


def arrangement(stage: Stage) -> Arrangement:
    """Everything about a part, in four queries, however many people there are. For who runs it."""
    tables = {one.row.pk: Table(one, one.row.name, one.row.where) for one in all_groups(stage)}
    staying = []
    seats = BreakoutSeat.objects.filter(stage=stage, participant__left_at=None)
    for seat in seats.select_related("participant__group").order_by("participant"):
        if seat.breakout_id in tables:
            tables[seat.breakout_id].people.append(seat.participant)
        else:
            staying.append(seat.participant)
    where = dict(AdultInGroup.objects.filter(stage=stage).values_list("adult", "breakout"))
    adults = [(adult, where.get(adult.pk, 0)) for adult in named_adults(stage.engagement)]
    for adult, group in adults:
        if group in tables:
            tables[group].adults.append(adult)
    return Arrangement(list(tables.values()), staying, groups.without_place(stage), adults)


def named_adults(engagement: Engagement) -> list[NamedAdult]:
    rows = NamedAdult.objects.filter(engagement=engagement, taken_off_at=None)
    return list(rows.select_related("recorded_by").order_by("name"))
