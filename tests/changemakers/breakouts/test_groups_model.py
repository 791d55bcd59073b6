"""Whatever happens to small groups, in any order and over any network: every screen ends as the rows are, who
would rather not is in no group, and the young are with two adults (SAF-1)."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from collaborative.changemakers.breakouts import actions
from collaborative.changemakers.room import actions as room
from collaborative.changemakers.room.models import AdultInGroup, Breakout, BreakoutSeat, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.live import listener as listeners
from collaborative.live.models import Stream
from collaborative.people.roles import Role
from tests.cast import person as staff
from tests.changemakers import boarding, screens
from tests.changemakers.breakouts.grouping import groups, part, people, sits
from tests.changemakers.rooms import invites_young
from tests.live.played import World, play

rooms = count(1)
MOST = 2
STATES = {"close": room.close, "reopen": room.open_stage}


class Groups(World):
    """By turns the facilitator gives the places, and people choose them."""

    writing = (
        *(
            "choose",
            "choose",
            "choose",
            "leave",
            "leave",
            "arrive",
            "arrive",
            "refuse",
            "come in",
            "come in",
            "call",
            "call",
            "settled",
            "settled by them",
        ),
        *("spread", "spread", "mix", "move", "move", "out", "take away", "add", "rename", "note taker"),
        *("send", "send", "send", "take off", "close", "reopen", "reopen"),
    )

    def begin(self) -> None:
        number = next(rooms)
        self.chosen = number % 2 == 0
        names = [{"name": name, "where": ""} for name in ("Red", "Blue", "Green")]
        how = {"how": "chosen" if self.chosen else "assigned", "number": 3, "most": MOST, "groups": names}
        lead, deputy = (staff(f"{name}{number}", Role.SAFEGUARDING) for name in ("Lead", "Deputy"))
        fields = invites_young(lead, deputy)
        self.stage = boarding.stage(f"groups-{number}", kind="breakouts", breakouts=how, fields=fields)
        self.key = f"breakouts.{self.stage.pk}"
        self.femi = boarding.facilitator()
        self.people = [boarding.person(self.stage, name=f"Grown{n}x") for n in range(4)]
        self.people += [boarding.person(self.stage, name=f"Young{n}x", age_band="13-15") for n in range(2)]
        names_of_adults = ("Morag Grant", "Euan Grant", "Isla Bain")
        self.adults = [
            actions.record_adult(self.stage.engagement, name, seen=True, by=self.femi)
            for name in names_of_adults
        ]
        self.staying: set[int] = set()  # who said that they would rather not, and nothing else since

    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        with suppress(NotPossible):  # not possible just then: nothing was changed
            if what in STATES:
                STATES[what](self.stage, by=self.femi)
            elif what == "arrive":
                self._arrives()
            elif what in ("choose", "refuse", "come in", "call", "settled by them", "leave"):
                self._by_them(what, pick(self.people), pick)
            elif what in ("send", "take off"):
                self._of_adults(what, pick)
            else:
                self._by_facilitator(what, pick)

    def _by_them(self, what: str, who: Participant, pick: Callable[[Any], Any]) -> None:
        groups = list(Breakout.objects.filter(stage=self.stage))
        if what == "choose" and groups:
            actions.choose(self.stage, pick(groups), participant=who)
            self.staying.discard(who.pk)
        elif what == "refuse":
            actions.refuse(self.stage, participant=who)
            self.staying.add(who.pk)
        elif what == "come in":
            actions.come_in(self.stage, participant=who)
            self.staying.discard(who.pk)
        elif what == "call":
            actions.call(self.stage, participant=who)
        elif what == "settled by them" and groups:
            actions.settled(self.stage, pick(groups), who=who)
        elif what == "leave" and len(self.people) > 2:
            room.leave(who)
            self.people.remove(who)

    def _arrives(self) -> None:
        number = next(rooms)
        age = "13-15" if number % 3 == 0 else "26-plus"
        self.people.append(boarding.person(self.stage, name=f"Late{number}x", age_band=age))
        actions.arrived(self.people[-1])

    def _of_adults(self, what: str, pick: Callable[[Any], Any]) -> None:
        groups, adult = list(Breakout.objects.filter(stage=self.stage)), pick(self.adults)
        if what == "send" and groups:
            actions.send_adult(
                self.stage, adult, pick([*groups[:1], *groups[:1], *groups, None]), by=self.femi
            )
        elif what == "take off":
            actions.take_off_adult(adult, by=self.femi)
            self.adults.remove(adult)
            name = f"{adult.name} again"[-100:]
            self.adults.append(actions.record_adult(self.stage.engagement, name, seen=True, by=self.femi))

    def _by_facilitator(self, what: str, pick: Callable[[Any], Any]) -> None:
        groups, by = list(Breakout.objects.filter(stage=self.stage)), self.femi
        seen = Stage.objects.get(pk=self.stage.pk).mixed
        if what == "spread":
            actions.spread(self.stage, by=by)
        elif what == "mix":
            actions.reshuffle(self.stage, seen=seen, by=by)
        elif what == "out":
            actions.move(self.stage, pick(self.people), None, by=by)
        elif what == "add" and len(groups) < 5:
            actions.add_group(self.stage, f"New{next(rooms)}", seen=len(groups), by=by)
        elif not groups:
            return
        elif what == "move":
            actions.move(self.stage, pick(self.people), pick(groups), by=by)
        elif what == "take away":
            actions.take_away(self.stage, pick(groups), by=by)
        elif what == "rename":
            actions.change_group(self.stage, pick(groups), f"Name{next(rooms)}", "", by=by)
        elif what == "settled":
            actions.settled(self.stage, pick(groups), who=by)
        elif what == "note taker":
            actions.name_note_taker(self.stage, pick(groups), pick(self.people), by=by)

    def _seats(self) -> dict[int, list[Participant]]:
        found: dict[int, list[Participant]] = {}
        for seat in BreakoutSeat.objects.filter(stage=self.stage, participant__left_at=None):
            found.setdefault(seat.breakout_id or 0, []).append(seat.participant)
        return found

    def there(self) -> dict[Any, Any]:
        """How many are in each group, from the rows themselves, as people and the wall read it."""
        seats, page = self._seats(), {}
        for row in Breakout.objects.filter(stage=self.stage):
            n = len(seats.get(row.pk, []))
            full = ", full" if self.chosen and n >= MOST else ""
            page[row.pk] = (row.title, f"{n} {'person' if n == 1 else 'people'}{full}")
        return page

    def show(self, page: dict[Any, Any], change: dict[str, Any]) -> None:
        """As static/js/breakouts.js does it: numbers in place, and for the rest it looks again."""
        if change["kind"] != "taken":
            page.clear()
            page.update(self.there())
        for key, words in change["data"].get("counts", {}).items():
            if int(key) in page:
                page[int(key)] = (page[int(key)][0], words)

    def teardown(self) -> None:
        super().teardown()
        seats = self._seats()
        staying = {who.pk for who in seats.get(0, [])}
        assert staying == self.staying & {who.pk for who in self.people}  # they, and nobody else
        assert all(len({who.pk for who in there}) == len(there) for there in seats.values())
        for group, there in seats.items():
            adults = AdultInGroup.objects.filter(breakout=group, adult__taken_off_at=None).count()
            assert not group or adults >= 2 or not any(who.under_18 for who in there)
        for group in Breakout.objects.filter(stage=self.stage).exclude(note_taker=None):
            assert group.note_taker in seats.get(group.pk, [])
        self.on_every_screen(seats)

    def on_every_screen(self, seats: dict[int, list[Participant]]) -> None:
        room.open_stage(self.stage, by=self.femi)
        there = self.there()
        pages = screens.of_staff(self.stage, self.femi)
        wall = pages["wall"]
        listed = wall.select(".cs_groups__list li") if there else []
        read = [(one.b.get_text(), one.select("[data-count]")[0]) for one in listed if one.b]
        assert {int(str(n["data-count"])): (name, n.get_text()) for name, n in read} == there
        assert not any(name in wall.get_text() for name in ("Grown", "Young", "Late", "Grant", "Bain"))
        rows = pages["console"].select("[data-part=groups] tbody tr")
        told = [(row.th.get_text(), int(row.td.get_text())) for row in rows if row.th and row.td]
        assert sorted(told) == sorted((name, len(seats.get(key, []))) for key, (name, _n) in there.items())
        sits = {who.pk: group for group, them in seats.items() for who in them}
        for who in self.people:
            live = screens.of_person(self.stage, who)["live"]
            mine = live.select_one("[data-part=group] .cs_groups__mine b")
            group = sits.get(who.pk)
            own = None if group is None else there[group][0] if group else "You stay in the main room"
            assert (mine.get_text() if mine else None) == own
            for n in live.select("[data-count]"):
                assert n.get_text() == there[int(str(n["data-count"]))][1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lives",
    [pytest.param(200, marks=pytest.mark.long), pytest.param(10, marks=pytest.mark.shallow)],
    ids=["deep", "some"],
)
def test_every_screen_of_small_groups_ends_as_the_database_is(
    lives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "DEPTH", 3)  # so that it overflows
    play(Groups, lives)


@pytest.mark.django_db
def test_who_leaves_frees_their_place_on_every_screen() -> None:
    stage = part(how="chosen", most=1)
    red = groups(stage)[0]
    ann, ben = people(stage, 2)
    actions.choose(stage, red, participant=ann)
    actions.move(stage, ann, red, by=boarding.facilitator())  # no change, so nothing is told
    told = Stream.objects.get(key=f"breakouts.{stage.pk}").last_seq
    with pytest.raises(NotPossible, match="full"):
        actions.choose(stage, red, participant=ben)
    room.leave(ann)
    assert Stream.objects.get(key=f"breakouts.{stage.pk}").last_seq == told + 1
    room.leave(ann)
    assert Stream.objects.get(key=f"breakouts.{stage.pk}").last_seq == told + 1
    actions.choose(stage, red, participant=ben)
    assert sits(stage, ben) == "Red"
