"""Days on which nobody here works: weekends and the bank holidays of Scotland.

The holidays follow from rules (Banking and Financial Dealings Act 1971, schedule 1, and the St Andrew's Day
Bank Holiday (Scotland) Act 2007), so nobody has to type next year's. What is proclaimed for one year alone
stands in EXTRA_BANK_HOLIDAYS. Local holidays of councils are not known here.
"""

from datetime import date, timedelta
from functools import cache

from django.conf import settings

DAY = timedelta(days=1)
MONDAY, SATURDAY = 0, 5


def is_workday(on: date) -> bool:
    return on.weekday() < SATURDAY and on not in bank_holidays(on.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Those of one year. One that falls on a weekend is given on the next weekday that is none."""
    found = {
        _easter(year) - 2 * DAY,  # Good Friday; Easter Monday is none in Scotland
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 1)),
    }
    for month, day in ((1, 1), (1, 2), (11, 30), (12, 25), (12, 26)):
        on = date(year, month, day)
        while on.weekday() >= SATURDAY or on in found:
            on += DAY
        found.add(on)
    return frozenset(found | {on for on in settings.EXTRA_BANK_HOLIDAYS if on.year == year})


def _easter(year: int) -> date:
    """Easter Sunday: the first Sunday after the full moon of the church on or after 21 March."""
    century, in_cycle = year // 100, year % 19
    corrected = century - century // 4 - (8 * century + 13) // 25
    moon = (corrected + 19 * in_cycle + 15) % 30
    moon -= moon == 29 or (moon == 28 and in_cycle > 10)
    full = date(year, 3, 21) + moon * DAY
    return full + DAY * (7 - (full.weekday() + 1) % 7)


def _monday_from(on: date) -> date:
    """That day, or the first Monday after it."""
    return on + DAY * ((MONDAY - on.weekday()) % 7)
