"""By when somebody should have looked: so many working days after it came (MOD-3).

CHECK_TARGET_DAYS says how many, `workdays.py` which days those are.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from collaborative.workdays import DAY, is_workday


def due(came: datetime) -> datetime:
    """What comes on a day off counts as coming when the next working day begins."""
    at = timezone.make_naive(came)
    while not is_workday(at.date()):
        at = datetime.combine(at.date() + DAY, time.min)
    for _day in range(settings.CHECK_TARGET_DAYS):
        at += DAY
        while not is_workday(at.date()):
            at += DAY
    return timezone.make_aware(at)


def late_before(now: datetime) -> datetime:
    """What came at or before this is late by now: `due(came) <= now` as a bound that a query can use."""
    at = timezone.make_naive(now)
    while not is_workday(at.date()):
        # Nothing becomes due on a day off: as late as on the night before.
        at = datetime.combine(at.date(), time.min) - timedelta(microseconds=1)
    for _day in range(settings.CHECK_TARGET_DAYS):
        at -= DAY
        while not is_workday(at.date()):
            at -= DAY
    return timezone.make_aware(at)
