"""The entry for a calendar: RFC 5545, right across the change of clocks, public data only."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from collaborative.changemakers.models import SessionPage
from tests.changemakers.workshops import draft, publish, workshop

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def event(client: Client, slug: str = "meeting") -> Any:
    response = client.get(f"/changemakers/{slug}/calendar.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    whole = Calendar.from_ical(response.content)
    assert whole["VERSION"] == "2.0" and whole["PRODID"]
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == ["Europe/London"]
    (found,) = whole.walk("VEVENT")
    return found


@pytest.mark.parametrize(("month", "utc_hour"), [(7, 9), (12, 10)])
def test_ten_in_the_morning_is_ten_in_summer_and_in_winter(stranger, month: int, utc_hour: int) -> None:
    workshop(starts=datetime(2099, month, 1, 10, tzinfo=LONDON))
    found = event(stranger)
    assert found["DTSTART"].params["TZID"] == "Europe/London"
    assert found.decoded("DTSTART").astimezone(UTC).hour == utc_hour
    assert found.decoded("DTEND") - found.decoded("DTSTART") == timedelta(hours=1)


def test_the_entry_keeps_its_uid_and_its_sequence_grows(stranger: Client) -> None:
    page = workshop()
    first = event(stranger)
    page.title = 'Meeting; moved, "again"\nto Tuesday'
    publish(page)
    second = event(stranger)
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["STATUS"] == "CONFIRMED" and second.decoded("DTSTAMP") >= first.decoded("DTSTAMP")
    assert "Meeting; moved" in second["SUMMARY"]


def test_a_workshop_taken_down_before_its_day_is_cancelled_without_its_words(stranger: Client) -> None:
    page = workshop(title="Canary title")
    before = event(stranger)
    page.unpublish()
    after = event(stranger)
    assert after["STATUS"] == "CANCELLED" and after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "Canary" not in after.to_ical().decode() and "LOCATION" not in after
    publish(SessionPage.objects.get(pk=page.pk))
    again = event(stranger)
    assert again["STATUS"] == "CONFIRMED" and again["SEQUENCE"] > after["SEQUENCE"]


def test_what_was_never_public_or_is_private_has_no_entry(stranger: Client) -> None:
    draft("never")
    hidden = workshop("hidden")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    over = workshop("over", timezone.now() - timedelta(days=3))
    over.unpublish()
    for slug in ("never", "hidden", "over", "unknown"):
        assert stranger.get(f"/changemakers/{slug}/calendar.ics").status_code == 404
