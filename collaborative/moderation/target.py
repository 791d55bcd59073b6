"""By when somebody should have looked: so many working days, Monday to Friday, after it came (MOD-3).

CHECK_TARGET_DAYS says how many. Public holidays are not known here: a thing that came before one may be
called late a day too soon, which is the side to err on.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

DAY = timedelta(days=1)
SATURDAY = 5


def due(came: datetime) -> datetime:
    """What comes on a weekend counts as coming when Monday begins."""
    at = timezone.make_naive(came)
    while at.weekday() >= SATURDAY:
        at = datetime.combine(at.date() + DAY, time.min)
    for _day in range(settings.CHECK_TARGET_DAYS):
        at += DAY
        while at.weekday() >= SATURDAY:
            at += DAY
    return timezone.make_aware(at)


def late_before(now: datetime) -> datetime:
    """What came at or before this is late by now: `due(came) <= now` as a bound that a query can use."""
    at = timezone.make_naive(now)
    if at.weekday() >= SATURDAY:
        # Nothing becomes due on a weekend: as late as on Friday night.
        at = datetime.combine(at.date() - DAY * (at.weekday() - SATURDAY), time.min) - timedelta(
            microseconds=1
        )
    for _day in range(settings.CHECK_TARGET_DAYS):
        at -= DAY
        while at.weekday() >= SATURDAY:
            at -= DAY
    return timezone.make_aware(at)
