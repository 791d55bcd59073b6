"""Hours that the public reads, contacts that are checked, and what the system checks say (SAF-1, SAF-3)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import checks
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative import pagecache
from collaborative.contributions.models import LedgerEvent
from collaborative.demonstration import as_of
from collaborative.moderation import actions
from collaborative.moderation.checks import ALL
from collaborative.moderation.models import Contact, SafetySettings
from collaborative.people.models import User
from tests.moderation.giving import said
from tests.moderation.naming import guarded, lead_of, site_hours, weekday_hours

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
OFFICE = {day: ["08:30", "17:30"] for day in ("mon", "tue", "wed", "thu", "fri")}
# A Friday evening.
EVENING = datetime(2026, 11, 27, 19, 0, tzinfo=ZoneInfo("Europe/London"))


def read(browser: Client, address: str) -> str:
    pagecache.shelf.clear()
    return browser.get(address).content.decode()


# Hours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/help/", "/help/wrong/", "/help/wrong/sent/"])
def test_saf_3_outside_the_hours_people_read_when_somebody_is_back(stranger: Client, address: str) -> None:
    SafetySettings.objects.create(cover_times=OFFICE, out_of_hours="Ring the night line.\n\nOr tell a nurse.")
    with as_of(EVENING):
        page = read(stranger, address)
    assert "Nobody reads messages now. Somebody is back on Monday 30 November at 8:30am." in page
    assert "Monday to Friday, 8:30am to 5:30pm" in page
    assert "<p>Ring the night line.</p>" in page
    assert "<p>Or tell a nurse.</p>" in page


def test_saf_3_without_a_text_of_staff_it_says_who_can_help_until_then(stranger: Client) -> None:
    SafetySettings.objects.create(cover_times=OFFICE)
    with as_of(EVENING):
        assert "If it cannot wait, call" in read(stranger, "/help/wrong/sent/")


@pytest.mark.parametrize("address", ["/help/", "/help/wrong/", "/help/wrong/sent/"])
def test_saf_3_inside_the_hours_people_read_until_when(stranger: Client, address: str) -> None:
    SafetySettings.objects.create(cover_times=OFFICE, out_of_hours="Ring the night line.")
    with as_of(EVENING - timedelta(hours=9)):
        page = read(stranger, address)
    assert "reads messages now, until today at 5:30pm." in page
    assert "night line" not in page


def test_saf_3_a_day_without_cover_is_outside_the_hours(stranger: Client) -> None:
    SafetySettings.objects.create(cover_times=OFFICE, days_off="2026-11-27\n2026-11-30")
    with as_of(EVENING - timedelta(hours=9)):
        assert "Somebody is back on Tuesday 1 December at 8:30am." in read(stranger, "/help/")


def test_saf_3_without_any_hours_nothing_is_promised(stranger: Client) -> None:
    for address in ("/help/", "/help/wrong/", "/help/wrong/sent/"):
        page = read(stranger, address)
        assert "reads messages now" not in page
        assert "Nobody reads" not in page


def test_saf_3_after_a_report_the_hours_are_those_of_where_it_was_said(stranger: Client) -> None:
    site_hours()
    where = guarded(hours=weekday_hours())
    answer = stranger.post(
        "/help/wrong/",
        {"about": "safety", "message": "Help", "key": "k", "what": said(where=where).reference},
    )
    assert "Nobody reads messages now." in stranger.get(answer.url).content.decode()
    assert "reads messages now, until" in stranger.get("/help/wrong/sent/").content.decode()


def test_saf_3_what_an_editor_made_of_the_hours_is_no_markup(stranger: Client) -> None:
    SafetySettings.objects.create(cover_times=OFFICE, out_of_hours="<script>alert(1)</script>")
    with as_of(EVENING):
        assert "<script>alert" not in read(stranger, "/help/")


def test_the_days_without_cover_are_days() -> None:
    good = SafetySettings(days_off="2026-12-25\n\n2027-01-01 ")
    assert good.free_days == {date(2026, 12, 25), date(2027, 1, 1)}
    with pytest.raises(ValidationError, match="Christmas"):
        SafetySettings(days_off="Christmas").full_clean()


def settings_address() -> str:
    return reverse("wagtailsettings:edit", args=["moderation", "safetysettings", SafetySettings.load().pk])


@pytest.mark.parametrize(
    ("cast", "allowed"),
    [("safeguarding_lead", True), ("administrator", True), ("moderator", False), ("editor", False)],
)
def test_saf_1_hours_and_reminders_are_set_by_those_who_look_after_safety(
    cast: str, allowed: bool, client_for: Open, request: pytest.FixtureRequest
) -> None:
    browser = client_for(request.getfixturevalue(cast))
    form: dict[str, Any] = {f"cover_times_{n}": "" for n in range(14)}
    form |= {"cover_times_0": "08:30", "cover_times_1": "17:30", "days_off": "", "out_of_hours": "Ring."}
    form |= {"unopened_minutes": "30", "contact_days": "45"}
    answer = browser.post(settings_address(), form)
    row = SafetySettings.objects.get()
    assert (row.unopened_minutes == 30) == allowed
    if allowed:
        assert answer.status_code == 302
        assert row.cover_times == {"mon": ["08:30", "17:30"]}
        assert 'value="08:30"' in browser.get(settings_address()).content.decode()


# Contacts ---------------------------------------------------------------------------------------


def contact(days_ago: int, name: str = "A helpline") -> Contact:
    day = timezone.localdate() - timedelta(days=days_ago)
    return Contact.objects.create(name=name, what_for="To talk", how="Ring 0", last_checked=day)


def test_one_button_says_that_it_was_checked_today(safeguarding_lead: User, client_for: Open) -> None:
    row, browser = contact(200), client_for(safeguarding_lead)
    page = browser.get(reverse("moderation_contacts")).content.decode()
    assert "I checked this today" in page
    assert "Due:" in page
    for _turn in range(2):
        browser.post(reverse("moderation_contact_checked", args=[row.pk]))
    row.refresh_from_db()
    assert (row.last_checked, row.checked_by) == (timezone.localdate(), safeguarding_lead)
    assert LedgerEvent.objects.filter(verb="contact.checked", subject=f"contact:{row.pk}").count() == 1
    page = browser.get(reverse("moderation_contacts")).content.decode()
    assert "Due:" not in page
    assert "by Saoirse" in page


def test_the_public_reads_the_new_day_at_once(
    safeguarding_lead: User, stranger: Client, client_for: Open
) -> None:
    row = contact(200)
    stranger.get("/help/")
    client_for(safeguarding_lead).post(reverse("moderation_contact_checked", args=[row.pk]))
    pagecache.epoch.forget()
    from django.template.defaultfilters import date as words

    assert (
        f"We last checked this on {words(timezone.localdate(), 'j F Y')}"
        in stranger.get("/help/").content.decode()
    )


@pytest.mark.parametrize("cast", ["editor", "analyst", "board_member", "signed_in_person", "facilitator"])
def test_nobody_else_says_that_a_contact_was_checked(
    cast: str, client_for: Open, request: pytest.FixtureRequest
) -> None:
    row, user = contact(200), request.getfixturevalue(cast)
    client_for(user).post(reverse("moderation_contact_checked", args=[row.pk]))
    with pytest.raises(PermissionDenied):
        actions.check_contact(row, by=user)
    row.refresh_from_db()
    assert row.checked_by is None


def test_a_contact_is_not_checked_on_a_day_to_come() -> None:
    with pytest.raises(ValidationError, match="has not come"):
        contact(-1).full_clean()


@pytest.mark.parametrize(("days_ago", "due"), [(90, False), (91, True)])
def test_the_first_page_of_the_admin_warns_when_it_is_long_ago(
    days_ago: int, due: bool, safeguarding_lead: User, analyst: User, client_for: Open
) -> None:
    contact(days_ago)
    page = client_for(safeguarding_lead).get("/admin/").content.decode()
    assert ("1 of the people to turn to is not checked" in page) == due
    assert "people to turn to is not checked" not in client_for(analyst).get("/admin/").content.decode()


def test_how_long_ago_is_a_setting(safeguarding_lead: User, client_for: Open) -> None:
    SafetySettings.objects.create(contact_days=10)
    contact(11)
    assert "more than 10 days" in client_for(safeguarding_lead).get("/admin/").content.decode()


# System checks ----------------------------------------------------------------------------------


def found(databases: list[str] | None = None) -> set[str]:
    asked = ["default"] if databases is None else databases
    return {str(one.id) for check in ALL for one in check(databases=asked)}


def test_all_is_well_when_all_is_well(safeguarding_lead: User) -> None:
    site_hours()
    guarded()
    contact(1)
    assert found() == set()


def test_a_site_with_nothing_on_it_is_not_warned() -> None:
    assert found() == set()


def test_saf_1_w001_nobody_in_the_role(moderator: User) -> None:
    assert found() == {"moderation.W001"}


def test_saf_1_w002_a_pause_and_its_reason(safeguarding_lead: User) -> None:
    site_hours()
    where = guarded()
    User.objects.filter(pk=where.safeguarding_lead_id).update(is_active=False)
    assert found() == {"moderation.W002"}
    (warning,) = [one for check in ALL for one in check(databases=["default"])]
    assert where.title in warning.msg
    assert str(lead_of(where)) in warning.msg
    type(where).objects.update(closes_at=timezone.now())
    assert found() == set()


def test_w003_a_contact_that_nobody_checked(safeguarding_lead: User) -> None:
    contact(91)
    assert found() == {"moderation.W003"}


def test_saf_2_w004_a_concern_that_nobody_opened_for_a_day(moderator: User, safeguarding_lead: User) -> None:
    case = actions.escalate(said(), by=moderator)
    assert found() == set()
    with as_of(timezone.now() + timedelta(hours=25)):
        assert found() == {"moderation.W004"}
        actions.view_case(case, by=safeguarding_lead)
        assert found() == set()


def test_saf_1_w005_young_people_are_invited_and_the_site_has_no_hours(safeguarding_lead: User) -> None:
    guarded()
    assert found() == {"moderation.W005"}


def test_the_checks_are_registered_and_ask_no_database_unless_told(moderator: User) -> None:
    assert found([]) == set()
    registered = checks.registry.registry.get_checks(include_deployment_checks=False)
    assert set(ALL) <= set(registered)
