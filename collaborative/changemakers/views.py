"""A workshop as an entry for somebody's calendar (RFC 5545). Nothing in it that is not on its page."""

from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from collaborative.changemakers.listing import where
from collaborative.changemakers.models import SessionPage
from collaborative.engagements.models import Engagement


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The published workshop; or, once it was taken down before its day, the word that it is cancelled."""
    page: Any = get_object_or_404(
        SessionPage.objects.select_related("engagement", "latest_revision"),
        slug=slug,
        engagement__kind=Engagement.Kind.SESSION,
    )
    if page.live and not page.get_view_restrictions().exists():
        event = _event(page, request)
    elif not page.live and page.engagement.closes_at > timezone.now():
        event = _cancelled(page, request)
    else:
        raise Http404
    whole = Calendar()
    whole.add("prodid", "-//collaborative//workshops//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    whole.add_missing_timezones()
    response = HttpResponse(whole.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.slug}.ics"'
    return response


def _event(page: SessionPage, request: HttpRequest) -> Event:
    address = page.get_full_url(request)
    event = _bare(page, request, page.title, 2 * (page.live_revision_id or 0))
    event.add("status", "CONFIRMED")
    if where(page):
        event.add("location", where(page))
    parts = [" ".join(strip_tags(page.about.replace("</", " </")).split()), page.access_support, address]
    event.add("description", "\n\n".join(part for part in parts if part))
    event.add("url", address)
    return event


def _cancelled(page: SessionPage, request: HttpRequest) -> Event:
    """Calendars know it by its UID: its words were taken down and are not said again."""
    event = _bare(page, request, _("This workshop is cancelled"), 2 * (page.latest_revision_id or 0) + 1)
    event.add("status", "CANCELLED")
    return event


def _bare(page: SessionPage, request: HttpRequest, summary: str, sequence: int) -> Event:
    """UID, sequence, and the times in UK time, so that they stay right when the clocks change.

    The sequence is twice the number of the published revision: it grows with each publication, and
    between any two there is room for a cancellation.
    """
    engagement, changed = page.engagement, page.last_published_at or page.first_published_at or timezone.now()
    event = Event()
    event.add("uid", f"workshop-{engagement.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", changed.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("summary", summary)
    event.add("dtstart", timezone.localtime(engagement.opens_at))
    event.add("dtend", timezone.localtime(engagement.closes_at))
    return event
