"""A place as an entry in somebody's own calendar (RFC 5545, RFC 5546): it moves and goes in place, since its
UID stays and its number grows. The private link is not in it: calendars are shared with others."""

from datetime import UTC
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from collaborative.changemakers.seats.models import Registration, Seating
from collaborative.letters import absolute

REQUEST, CANCEL = "REQUEST", "CANCEL"


def method_of(row: Registration) -> str:
    """What a calendar is to do with it."""
    return CANCEL if row.is_cancelled or row.engagement.seating.called_off_at else REQUEST


def whole(row: Registration) -> bytes:
    """The file. `row` comes with its engagement and seating. For whoever has, or had, a place."""
    method = method_of(row)
    calendar = Calendar()
    calendar.add("prodid", "-//collaborative//places//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(row, row.engagement.seating, method))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(row: Registration, seating: Seating, method: str) -> Event:
    """The times are UK times, so that they stay right when the clocks change.

    The sequence is twice the number of the last change of time or place: between any two there is room for a
    cancellation.
    """
    engagement: Any = row.engagement
    event = Event()
    event.add("uid", f"place-{row.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("sequence", 2 * seating.version + (method == CANCEL))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("summary", engagement.title)
    event.add("dtstart", timezone.localtime(engagement.opens_at))
    event.add("dtend", timezone.localtime(engagement.closes_at))
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    guest = vCalAddress(f"mailto:{row.email}")
    guest.params["PARTSTAT"] = vText("ACCEPTED")
    guest.params["RSVP"] = vText("FALSE")
    event.add("attendee", guest)
    if method == REQUEST:
        if where := ", ".join(part for part in (seating.place, seating.place_exact) if part):
            event.add("location", where)
        told = [_("Join online: %(link)s") % {"link": seating.link}] if seating.link else []
        event.add("description", "\n\n".join([*told, absolute(f"/changemakers/{engagement.slug}/")]))
    return event
