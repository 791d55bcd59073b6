"""The window of a class by the clock on the wall, and the same in words."""

from datetime import UTC, date, datetime, time

from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.consultations.listing import moment
from collaborative.consultations.models import ClassSession
from collaborative.engagements.cover import clock

__all__ = ["clock", "exists", "local", "moment", "window"]


def local(day: date, at: time) -> datetime:
    """That time of that day here, as a moment. Where a clock shows it twice, the first of the two."""
    return timezone.make_aware(datetime.combine(day, at))


def exists(day: date, at: time) -> bool:
    """False for the hour that clocks leave out when summer time begins."""
    there_and_back = timezone.localtime(local(day, at).astimezone(UTC))
    return there_and_back.replace(tzinfo=None) == datetime.combine(day, at)


def window(session: ClassSession) -> str:
    """ "Tuesday 24 November 2026, 10am to 11:15am"."""
    opens, closes = timezone.localtime(session.opens_at), timezone.localtime(session.closes_at)
    if opens.date() != closes.date():
        return _("%(from)s to %(to)s") % {"from": moment(session.opens_at), "to": moment(session.closes_at)}
    day = date_words(opens, "l j F Y")
    return _("%(day)s, %(from)s to %(to)s") % {"day": day, "from": clock(opens), "to": clock(closes)}
