"""When somebody can be reached: by the clock on the wall, through the night and when the clocks change."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from collaborative.engagements import cover
from collaborative.engagements.cover import Cover
from collaborative.engagements.week import WeekFormField

LONDON = ZoneInfo("Europe/London")
OFFICE = {day: ["08:30", "17:30"] for day in ("mon", "tue", "wed", "thu", "fri")}
# 2026-11-23 is a Monday. Clocks go back on 25 October 2026 and forward on 28 March 2027.
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def office(**more: object) -> Cover:
    return Cover(cover.week(OFFICE), **more)  # type: ignore[arg-type]


def test_saf_1_inside_and_outside_the_hours() -> None:
    assert office().until(at(MONDAY, 8, 30)) == at(MONDAY, 17, 30)
    assert office().until(at(MONDAY, 8, 29)) is None
    assert office().until(at(MONDAY, 17, 30)) is None
    assert office().until(at(SATURDAY, 12)) is None


def test_saf_1_the_next_hours_over_a_weekend_and_over_a_day_off() -> None:
    after_work = at(FRIDAY, 18)
    assert office().next_after(after_work) == at(date(2026, 11, 30), 8, 30)
    assert office(days_off=frozenset({date(2026, 11, 30)})).next_after(after_work) == at(
        date(2026, 12, 1), 8, 30
    )
    assert office(days_off=frozenset({MONDAY})).until(at(MONDAY, 12)) is None


@pytest.mark.parametrize(("day", "utc_hour"), [(date(2026, 10, 23), 7), (date(2026, 10, 26), 8)])
def test_saf_1_half_past_eight_is_half_past_eight_in_summer_and_in_winter(day: date, utc_hour: int) -> None:
    opens = office().next_after(at(day, 3))
    assert opens is not None
    assert opens.astimezone(ZoneInfo("UTC")).hour == utc_hour
    assert office().until(at(day, 8, 31)) == at(day, 17, 30)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)])
def test_saf_1_a_whole_day_is_an_hour_longer_or_shorter_when_the_clocks_change(day: date, hours: int) -> None:
    always = Cover(cover.week({"sun": ["00:00", "00:00"]}))
    start, end = always.next_after(at(day, 0).replace(fold=0) - (at(day, 1) - at(day, 0))), None
    assert start is not None
    end = always.until(start)
    assert end is not None
    assert (end.timestamp() - start.timestamp()) / 3600 == hours
    assert always.until(at(day, 1, 30)) == end


def test_hours_until_midnight_reach_into_no_other_day() -> None:
    evening = Cover(cover.week({"fri": ["18:00", "00:00"]}))
    assert evening.until(at(FRIDAY, 23, 59)) == at(SATURDAY, 0)
    assert evening.until(at(SATURDAY, 0)) is None
    assert evening.words() == "Friday, 6pm to midnight"


def test_a_workshop_is_covered_for_as_long_as_it_lasts() -> None:
    during = Cover({}, once=(at(SATURDAY, 10), at(SATURDAY, 12)))
    assert during.until(at(SATURDAY, 11)) == at(SATURDAY, 12)
    assert during.next_after(at(FRIDAY, 11)) == at(SATURDAY, 10)
    assert during.next_after(at(SATURDAY, 12)) is None


def test_no_hours_at_all_is_no_cover() -> None:
    assert not Cover({})
    assert Cover({}).until(at(MONDAY, 12)) is None
    assert Cover({}).next_after(at(MONDAY, 12)) is None


@pytest.mark.parametrize(
    "kept", [None, [], {"mon": None}, {"mon": ["9", "5"]}, {"mon": ["17:00", "09:00"]}, {"mon": ["09:00"]}]
)
def test_what_cannot_be_right_counts_as_nothing(kept: object) -> None:
    assert cover.week(kept) == {}


def test_hours_in_words_put_days_that_are_alike_together() -> None:
    mixed = {**OFFICE, "wed": ["10:00", "12:00"], "sun": ["00:00", "00:00"]}
    assert Cover(cover.week(OFFICE)).words() == "Monday to Friday, 8:30am to 5:30pm"
    assert Cover(cover.week(mixed)).words() == (
        "Monday to Tuesday, 8:30am to 5:30pm; Wednesday, 10am to noon; "
        "Thursday to Friday, 8:30am to 5:30pm; Sunday, day and night"
    )


def test_when_they_are_back_in_words() -> None:
    now = at(MONDAY, 7)
    assert cover.moment_words(at(MONDAY, 8, 30), now) == "today at 8:30am"
    assert cover.moment_words(at(date(2026, 11, 24), 9), now) == "tomorrow at 9am"
    assert cover.moment_words(at(date(2026, 11, 30), 8, 30), now) == "on Monday 30 November at 8:30am"


def typed(**days: tuple[str, str]) -> list[str]:
    return [text for day in cover.DAYS for text in days.get(day, ("", ""))]


def test_what_an_editor_types_is_kept_as_a_week() -> None:
    field = WeekFormField(required=False)
    assert field.clean(typed(mon=("08:30", "17:30"), sun=("10:00", "00:00"))) == {
        "mon": ["08:30", "17:30"],
        "sun": ["10:00", "00:00"],
    }
    assert field.clean(typed()) == {}


def test_an_editor_is_told_which_day_is_wrong() -> None:
    with pytest.raises(ValidationError) as refusal:
        WeekFormField(required=False).clean(typed(mon=("08:30", ""), tue=("17:00", "09:00")))
    assert refusal.value.messages == [
        "Monday: give both times, or none.",
        "Tuesday: it must end after it begins.",
    ]


def test_a_week_that_stays_as_it_was_has_not_changed() -> None:
    field = WeekFormField(required=False)
    assert not field.has_changed({"mon": ["08:30", "17:30"]}, typed(mon=("08:30", "17:30")))
    assert field.has_changed({"mon": ["08:30", "17:30"]}, typed(mon=("08:30", "17:00")))
