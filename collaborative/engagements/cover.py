"""When somebody who looks after safety can be reached (SAF-1): days and times by the clock on the wall.

A week is {"mon": ["08:30", "17:30"], …}: one stretch a day, "00:00" at its end for midnight. Times are of the
site's own zone, so they stay right when the clocks change. Nothing here asks the database.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.template.defaultfilters import date as date_words
from django.template.defaultfilters import time as time_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

DAYS = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
MIDNIGHT = time(0)
LOOK_AHEAD = 60  # days; beyond it we say nothing rather than guess
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Cover:
    """The hours of one engagement or of the whole site. Without any, nobody can be reached."""

    week: dict[int, tuple[time, time]]
    once: Stretch | None = None  # for as long as a workshop lasts
    days_off: frozenset[date] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.week or self.once)

    def until(self, now: datetime) -> datetime | None:
        """The end of the stretch that is going on now, or None outside the hours."""
        return next((end for start, end in self._stretches(now) if start <= now < end), None)

    def next_after(self, now: datetime) -> datetime | None:
        """When somebody can be reached again; None when that is not known."""
        return next((start for start, _end in self._stretches(now) if start > now), None)

    def _stretches(self, now: datetime) -> Iterator[Stretch]:
        """In order, from the one that may have begun yesterday."""
        today = timezone.localdate(now)
        found = [self.once] if self.once else []
        for day in (today + timedelta(days=n) for n in range(-1, LOOK_AHEAD)):
            if day.weekday() in self.week and day not in self.days_off:
                found.append(_on(day, *self.week[day.weekday()]))
        yield from sorted(found)

    def words(self) -> str:
        """ "Monday to Friday, 8:30am to 5:30pm; Saturday, 10am to midnight"."""
        parts = []
        for days, hours in _alike(self.week):
            names = [str(name) for name in DAYS.values()]
            first, last = names[days[0]], names[days[-1]]
            which = first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
            parts.append(_("%(days)s, %(hours)s") % {"days": which, "hours": _hours(*hours)})
        if self.once:
            parts.append(_("For as long as the workshop lasts"))
        return "; ".join(parts)


def of(terms: Any, days_off: Collection[date] = ()) -> Cover:
    """The hours of anything with the fields of `Terms`."""
    once = None
    if terms.cover_throughout and terms.opens_at and terms.closes_at:
        once = (terms.opens_at, terms.closes_at)
    return Cover(week(terms.cover_times), once, frozenset(days_off))


def week(kept: Any) -> dict[int, tuple[time, time]]:
    """What is kept of a week, read with care: what cannot be right is left out."""
    found = {}
    for number, name in enumerate(DAYS):
        try:
            start, end = (time.fromisoformat(text) for text in kept[name])
        except (KeyError, TypeError, ValueError):
            continue
        if start < end or end == MIDNIGHT:
            found[number] = (start, end)
    return found


def clock(moment: datetime | time) -> str:
    """8:30am, 5pm, noon, midnight."""
    local = timezone.localtime(moment).time() if isinstance(moment, datetime) else moment
    if local.minute == 0 and local.hour in (0, 12):
        return pgettext("time of day", "noon") if local.hour else pgettext("time of day", "midnight")
    return time_words(local, "g:iA" if local.minute else "gA").lower()


def moment_words(moment: datetime, now: datetime) -> str:
    """ "today at 5pm", "tomorrow at 8:30am", "on Monday 7 December at 8:30am"."""
    local = timezone.localtime(moment)
    at = clock(local)
    ahead = (local.date() - timezone.localdate(now)).days
    if ahead == 0:
        return _("today at %(time)s") % {"time": at}
    if ahead == 1:
        return _("tomorrow at %(time)s") % {"time": at}
    return _("on %(day)s at %(time)s") % {"day": date_words(local, "l j F"), "time": at}


def _on(day: date, start: time, end: time) -> Stretch:
    """The stretch of one day in real moments: an hour more or less on the days when the clocks change."""
    last = day + timedelta(days=1) if end == MIDNIGHT else day
    return timezone.make_aware(datetime.combine(day, start)), timezone.make_aware(datetime.combine(last, end))


def _alike(hours: dict[int, tuple[time, time]]) -> list[tuple[list[int], tuple[time, time]]]:
    """Days that follow each other and have the same hours, together."""
    found: list[tuple[list[int], tuple[time, time]]] = []
    for day in sorted(hours):
        if found and found[-1][0][-1] == day - 1 and found[-1][1] == hours[day]:
            found[-1][0].append(day)
        else:
            found.append(([day], hours[day]))
    return found


def _hours(start: time, end: time) -> str:
    if start == end == MIDNIGHT:
        return _("day and night")
    return _("%(start)s to %(end)s") % {"start": clock(start), "end": clock(end)}
