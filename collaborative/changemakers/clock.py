"""When something happens, in words: "Tuesday 6 October 2026, 4pm to 5:15pm, UK time (BST)"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day(moment: datetime) -> str:
    """As "6 October 2026", where people here are."""
    return date_format(timezone.localtime(moment), "j F Y")


def clock(moment: datetime) -> str:
    """As "4pm" or "10:15am", where people here are."""
    local = timezone.localtime(moment)
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


@dataclass(frozen=True)
class When:
    """From `start` to `end`. The zone is named for the start: nobody meets through a change of clocks."""

    start: datetime
    end: datetime

    @property
    def day(self) -> str:
        return date_format(timezone.localtime(self.start), "l j F Y")

    @property
    def time(self) -> str:
        words = {"start": clock(self.start), "end": clock(self.end), "zone": self.zone}
        if timezone.localdate(self.start) == timezone.localdate(self.end):
            return _("%(start)s to %(end)s, UK time (%(zone)s)") % words
        words["day"] = date_format(timezone.localtime(self.end), "l j F Y")
        return _("%(start)s to %(end)s on %(day)s, UK time (%(zone)s)") % words

    @property
    def zone(self) -> str:
        """GMT or BST."""
        return timezone.localtime(self.start).strftime("%Z")

    @property
    def minutes(self) -> int:
        return round((self.end - self.start).total_seconds() / 60)

    def __str__(self) -> str:
        return f"{self.day}, {self.time}"


def when_of(engagement: Any) -> When:
    """Of a workshop that was published: none is without its times."""
    return When(engagement.opens_at, engagement.closes_at)


def agenda(start: datetime, minutes: Iterable[int]) -> list[str]:
    """When each part begins, as clock times, for parts that follow one another from `start`."""
    times, at = [], start
    for length in minutes:
        times.append(clock(at))
        # In UTC, so that an hour lasts an hour on the night the clocks change.
        at = at.astimezone(UTC) + timedelta(minutes=length)
    return times
