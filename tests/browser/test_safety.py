"""The screens of safeguarding in a real browser: by axe, by keyboard alone, and without script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import CaseNote, Contact, SafeguardingCase, SafetySettings
from collaborative.people.models import User
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.consultations import making
from tests.moderation.giving import said
from tests.moderation.naming import guarded, lead_of, site_hours, weekday_hours

Clean = Callable[..., None]


def clean(page: Page, check: Clean) -> None:
    if page.locator(".messages li").count():  # it fades in, and colours in between are nobody's choice
        expect(page.locator(".ready .messages > ul")).to_have_css("opacity", "1")
    check(page)
    assert_no_sideways_scrolling(page)


@pytest.fixture
def case(moderator: User) -> SafeguardingCase:
    where = guarded()
    found = actions.escalate(said("I am scared to go home.", where=where, age_band="13-15"), by=moderator)
    actions.note_on_case(found, "Rang the school.", kind=CaseNote.Kind.SPOKE, by=lead_of(where))
    return found


@pytest.fixture
def contact(db: None) -> Contact:
    long_ago = timezone.localdate() - timedelta(days=400)
    return Contact.objects.create(name="A helpline", what_for="To talk", how="Ring 0", last_checked=long_ago)


def test_axe_finds_nothing_on_a_case_open_closed_and_opened_again(
    site: Site, case: SafeguardingCase, width: int, assert_axe_clean: Clean
) -> None:
    page = site.window(user=lead_of(case.engagement), width=width)
    page.goto(reverse("safeguarding"))
    clean(page, assert_axe_clean)
    page.goto(reverse("safeguarding_case", args=[case.pk]))
    expect(page.locator(".cs-note")).to_have_count(2)
    clean(page, assert_axe_clean)
    page.get_by_role("textbox", name="How it ended").fill("She is safe.")
    page.get_by_role("button", name="Close the case").click()
    page.locator("summary", has_text="Open it again").click()
    clean(page, assert_axe_clean)
    page.get_by_role("textbox", name="Why it is opened again").fill("The school rang.")
    page.get_by_role("button", name="Open this case again").click()
    expect(page.locator(".cs-note")).to_have_count(4)
    clean(page, assert_axe_clean)


def test_axe_finds_nothing_on_a_message_about_safety_and_what_it_is_about(
    site: Site, case: SafeguardingCase, moderator: User, width: int, assert_axe_clean: Clean
) -> None:
    row = said("Unkind words.", where=case.engagement)
    actions.release(row, by=moderator)
    told = actions.report("Help.", about="safety", contribution=row, key="one")
    page = site.window(user=lead_of(case.engagement), width=width)
    page.goto(reverse("safeguarding_case", args=[told.case.pk]))
    clean(page, assert_axe_clean)
    page.get_by_role("button", name="Take this out of sight and keep it with the case").click()
    expect(page.get_by_role("heading", name="What was written")).to_be_visible()
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED
    clean(page, assert_axe_clean)


def test_axe_finds_nothing_on_contacts_hours_and_the_warnings(
    site: Site, case: SafeguardingCase, contact: Contact, width: int, assert_axe_clean: Clean
) -> None:
    lead = lead_of(case.engagement)
    User.objects.filter(pk=case.engagement.safeguarding_deputy_id).update(is_active=False)
    page = site.window(user=lead, width=width)
    page.goto("/admin/")
    panel = page.locator(".cs-warnings")
    for words in (
        "nobody has opened it",
        "is paused for people under 18",
        "people to turn to is not checked",
    ):
        expect(panel).to_contain_text(words)
    for address in (reverse("moderation_contacts"), reverse("safeguarding_raised")):
        page.goto(address)
        clean(page, assert_axe_clean)
    page.goto(
        reverse("wagtailsettings:edit", args=["moderation", "safetysettings", SafetySettings.load().pk])
    )
    expect(page.get_by_label("Monday, from")).to_be_visible()
    assert_no_sideways_scrolling(page)
    page.get_by_label("Monday, from").fill("08:30")
    page.get_by_label("Monday, to").fill("17:30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_be_visible()
    assert SafetySettings.objects.get().cover_times == {"mon": ["08:30", "17:30"]}


def test_axe_finds_nothing_on_what_the_public_reads_outside_the_hours(
    site: Site, db: None, width: int, assert_axe_clean: Clean
) -> None:
    site_hours(cover_times=weekday_hours(), out_of_hours="Ring the night line.")
    page = site.window(width=width)
    for address in ("/help/", "/help/wrong/", "/help/wrong/sent/"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Nobody reads messages now. Somebody is back")
        clean(page, assert_axe_clean)
    page.goto("/receipt/")
    clean(page, assert_axe_clean)


@pytest.mark.parametrize("javascript", [True, False])
def test_saf_1_axe_finds_nothing_on_the_kind_stops(
    site: Site, db: None, width: int, assert_axe_clean: Clean, javascript: bool
) -> None:
    engagement = making.consultation()
    page = site.window(width=width, javascript=javascript)

    def choose(label: str) -> None:
        page.goto(f"/consultations/{engagement.slug}/respond/age/")
        page.get_by_label(label, exact=True).check(force=True)
        page.get_by_role("button", name="Continue").click()

    choose("12")
    expect(page.get_by_role("heading", level=1)).to_contain_text("with an adult beside you")
    if javascript:
        clean(page, assert_axe_clean)
    User.objects.filter(pk=engagement.safeguarding_lead_id).update(is_active=False)
    choose("13 to 15")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please come back soon")
    if javascript:
        clean(page, assert_axe_clean)
    page.goto(f"/consultations/{engagement.slug}/")
    expect(page.locator("main")).to_contain_text("For people under 18: please come back soon")
    if javascript:
        clean(page, assert_axe_clean)


def test_saf_2_a_concern_is_raised_and_worked_on_by_keyboard_alone(site: Site, moderator: User) -> None:
    where = guarded()
    row = said("I am scared to go home.", where=where)
    page = site.window(user=moderator)
    page.goto(reverse("moderation_queue"))
    keys = Keys(page)
    keys.push(f"I am worried : pass {row.reference} to safeguarding")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Passed on")
    assert Contribution.objects.get().state == State.ESCALATED
    keys.follow("Go on where you were")
    expect(page.locator("main")).to_contain_text("Nothing waits to be checked.")
    page = site.window(user=lead_of(where))
    page.goto(reverse("safeguarding"))
    keys = Keys(page)
    keys.follow(f"Case {SafeguardingCase.objects.get().pk}")
    keys.to(page.get_by_role("radio", name="Note", exact=True))
    keys.press("ArrowDown", "Tab")
    page.keyboard.type("Rang the school.")
    keys.push("Keep this note")
    expect(page.locator(".cs-notes")).to_contain_text("Rang the school.")
    keys.to(page.get_by_role("textbox", name="How it ended"))
    page.keyboard.type("She is safe.")
    keys.push("Close the case")
    expect(page.locator("section[aria-labelledby=end-title]")).to_contain_text("She is safe.")
    assert list(CaseNote.objects.order_by("pk").values_list("kind", flat=True)) == [
        "raised",
        "spoke",
        "closed",
    ]


def test_saf_2_a_concern_is_raised_and_worked_on_without_script(site: Site, moderator: User) -> None:
    where = guarded()
    said("I am scared to go home.", where=where)
    page = site.window(user=moderator, javascript=False, width=360)
    page.goto(reverse("moderation_queue"))
    page.get_by_role("button", name="I am worried").click()
    expect(page.locator("main")).to_contain_text("You have done your part.")
    page = site.window(user=lead_of(where), javascript=False, width=360)
    page.goto("/admin/")
    page.get_by_role("link", name="1 concern waits and nobody has opened it").click()
    page.get_by_role("link", name="Case").first.click()
    page.get_by_role("textbox", name="What was done").fill("Rang the school.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator(".cs-notes")).to_contain_text("Rang the school.")


def test_a_contact_is_noted_as_checked_with_one_press_of_the_keyboard(
    site: Site, safeguarding_lead: User, contact: Contact
) -> None:
    page = site.window(user=safeguarding_lead)
    page.goto("/admin/")
    keys = Keys(page)
    keys.follow("1 of the people to turn to is not checked")
    keys.push("I checked this today : A helpline")
    expect(page.locator("main")).not_to_contain_text("Due:")
    contact.refresh_from_db()
    assert contact.last_checked == timezone.localdate()
