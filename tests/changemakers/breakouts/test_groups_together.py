"""Many at once in small groups, each on a connection of their own."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from collaborative.changemakers.breakouts import actions, reading
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.live.models import Event, Stream
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.breakouts.grouping import groups, part, people, sits, two_adults
from tests.threads.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def gapless(key: str) -> bool:
    stream = Stream.objects.get(key=key)
    seqs = Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True)
    return list(seqs) == list(range(1, stream.last_seq + 1))


def test_of_six_who_take_the_last_place_at_once_one_has_it() -> None:
    stage = part(how="chosen", most=2)
    red, _blue = groups(stage)
    actions.choose(stage, red, participant=person(stage))
    six = people(stage, 6)
    failed = at_once(*[lambda who=who: actions.choose(stage, red, participant=who) for who in six])  # type: ignore[misc]
    assert [type(one) for one in failed] == [NotPossible] * 5
    assert Breakout.objects.get(pk=red.pk).seats.count() == 2
    assert [sits(stage, who) for who in six].count("Red") == 1


def test_two_facilitators_who_mix_at_once_mix_once() -> None:
    stage, femi, fay = part(), boarding.facilitator("Femi"), boarding.facilitator("Fay")
    people(stage, 8)
    actions.spread(stage, by=femi)
    done: list[int | None] = []
    works = [lambda by=by: done.append(actions.reshuffle(stage, seen=0, by=by)) for by in (femi, fay) * 2]  # type: ignore[misc]
    assert at_once(*works) == []
    assert sorted(done, key=str) == [0, None, None, None]
    assert Stage.objects.get(pk=stage.pk).mixed == 1
    assert BreakoutSeat.objects.count() == 8


def test_whatever_happens_at_once_everybody_is_in_one_place_and_the_young_are_safe() -> None:
    stage, femi = part("Red", "Blue", "Green", young=True, how="chosen"), boarding.facilitator()
    red, blue, green = groups(stage)
    adults = two_adults(stage, red, femi)
    grown, young = people(stage, 5), people(stage, 3, age_band="13-15")

    def quietly(work: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            with suppress(NotPossible):  # somebody was faster
                work()

        return run

    works = [
        *[lambda who=who: actions.choose(stage, red, participant=who) for who in young],
        lambda: actions.choose(stage, blue, participant=grown[0]),
        lambda: actions.refuse(stage, participant=grown[1]),
        lambda: actions.move(stage, grown[1], green, by=femi),
        lambda: actions.spread(stage, by=femi),
        lambda: actions.reshuffle(stage, seen=0, by=femi),
        lambda: actions.take_off_adult(adults[0], by=femi),
        lambda: actions.take_away(stage, green, by=femi),
    ]
    assert at_once(*[quietly(work) for work in works]) == []
    assert sits(stage, grown[1]) == ""
    assert BreakoutSeat.objects.count() == BreakoutSeat.objects.values("participant").distinct().count()
    arranged = reading.arrangement(stage)
    assert not any(table.young and len(table.adults) < 2 for table in arranged.tables)
    seated = sum(len(table.people) for table in arranged.tables)
    assert seated + len(arranged.staying) + len(arranged.without) == Participant.objects.count()
    assert gapless(f"breakouts.{stage.pk}")
    assert gapless(f"session.{stage.engagement_id}")
