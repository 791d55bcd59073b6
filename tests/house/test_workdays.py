"""Bank holidays of Scotland, worked out: compared with lists as they were published."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from collaborative import env
from collaborative.workdays import bank_holidays, is_workday


@pytest.fixture(autouse=True)
def worked_out_anew() -> Iterator[None]:
    bank_holidays.cache_clear()
    yield
    bank_holidays.cache_clear()


@pytest.mark.parametrize(
    ("year", "published"),
    [
        (2021, "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28"),
        (2023, "01-02 01-03 04-07 05-01 05-29 08-07 11-30 12-25 12-26"),
        (2024, "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26"),
        (2025, "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26"),
        (2026, "01-01 01-02 04-03 05-04 05-25 08-03 11-30 12-25 12-28"),
        (2027, "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28"),
    ],
)
def test_the_holidays_of_a_year_are_those_that_were_published(year: int, published: str) -> None:
    assert [f"{on:%m-%d}" for on in sorted(bank_holidays(year))] == published.split()


def test_good_friday_is_right_where_the_moon_is_moved() -> None:
    for sunday in ("1954-04-18", "1981-04-19", "2000-04-23", "2049-04-18", "2076-04-19"):
        whole = date.fromisoformat(sunday)
        assert date.fromordinal(whole.toordinal() - 2) in bank_holidays(whole.year)


def test_a_day_that_is_proclaimed_for_one_year_is_no_workday(settings: Any) -> None:
    day = date(2026, 6, 15)
    assert is_workday(day)
    settings.EXTRA_BANK_HOLIDAYS = [day]
    bank_holidays.cache_clear()
    assert not is_workday(day) and is_workday(date(2027, 6, 15))


def test_a_day_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRA_BANK_HOLIDAYS", "2026-06-15, soon")
    with pytest.raises(ImproperlyConfigured, match="EXTRA_BANK_HOLIDAYS must hold days"):
        env.days("EXTRA_BANK_HOLIDAYS")
