"""A workshop with small groups, and people in it."""

from typing import Any

from collaborative.changemakers.breakouts import actions
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, NamedAdult, Participant, Stage
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person as staff
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.rooms import invites_young


def part(*names: str, how: str = "assigned", most: int = 0, young: bool = False, **value: Any) -> Stage:
    """Open unless told otherwise. `young`: people under 18 are invited."""
    groups = [{"name": name, "where": f"At the {name.lower()} table"} for name in names or ("Red", "Blue")]
    asked = {"how": how, "number": len(groups), "most": most or None, "groups": groups}
    fields = (
        invites_young(staff("lead", Role.SAFEGUARDING), staff("deputy", Role.SAFEGUARDING)) if young else {}
    )
    return boarding.stage(kind="breakouts", breakouts=asked, fields=fields, **value)


def groups(stage: Stage) -> list[Breakout]:
    return list(Breakout.objects.filter(stage=stage))


def people(stage: Stage, n: int, **fields: Any) -> list[Participant]:
    return [person(stage, **fields) for _ in range(n)]


def sits(stage: Stage, who: Participant) -> str | None:
    """The name of their group; "" in the main room by their own choice; None without a place."""
    seat = BreakoutSeat.objects.filter(stage=stage, participant=who).select_related("breakout").first()
    if seat is None:
        return None
    return seat.breakout.title if seat.breakout else ""


def sizes(stage: Stage) -> list[int]:
    return sorted(one.seats.count() for one in groups(stage))


def two_adults(stage: Stage, group: Breakout, by: User) -> list[NamedAdult]:
    made = []
    for name in ("Morag Grant", "Euan Grant"):
        adult = actions.record_adult(stage.engagement, f"{name} of {group.number}", seen=True, by=by)
        actions.send_adult(stage, adult, group, by=by)
        made.append(adult)
    return made
