"""A workshop in four windows at once: the console, the wall, a phone with script and a desktop without."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collaborative.changemakers.models import Participant
from collaborative.changemakers.room import codes
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.moderation.actions import release
from collaborative.people.models import User
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.hearing import waits_to_hear_of
from tests.changemakers.rooms import room

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]
SHOTS = os.environ.get("ROOM_SHOTS")


def come_in(page: Page, engagement: Engagement) -> None:
    page.goto("/join/")
    page.get_by_label("Your code").fill(codes.standing(engagement))
    page.get_by_role("button", name="Carry on").click()
    page.get_by_text("26 or over").click()
    page.get_by_text("None of these").click()
    page.get_by_text("Without my name").click()
    picture(page, "join")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We begin soon")


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: ROOM_SHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_workshop_is_run_for_a_phone_a_wall_and_somebody_without_script(
    site: Site, facilitator: User, moderator: User, assert_axe_clean: Clean
) -> None:
    engagement = room("talk", "discussion", "break")
    codes.make(engagement, by=None)
    console = site.window(width=DESKTOP, user=facilitator)
    wall = site.window(width=DESKTOP, user=facilitator)
    phone = site.window(width=PHONE)
    plain = site.window(width=PHONE, javascript=False, statuses=(409,))
    windows = {"console": console, "wall": wall, "phone": phone}
    come_in(phone, engagement)
    come_in(plain, engagement)
    console.goto(f"/changemakers/{engagement.slug}/facilitate/")
    wall.goto(f"/changemakers/{engagement.slug}/projector/")
    expect(wall.get_by_text(codes.standing(engagement))).to_be_visible()

    def all_clean(part: str) -> None:
        for name, page in windows.items():
            assert_axe_clean(page)
            assert_no_sideways_scrolling(page)
            picture(page, f"{part}-{name}")

    all_clean("before")
    press(console, "Next: The talk")
    for page in (phone, wall):
        expect(page.get_by_role("heading", level=1)).to_have_text("The talk")
    expect(phone.locator("[data-left]")).to_have_text("About 10 minutes left")
    waits_to_hear_of(phone, "The talk")
    expect(console.locator("[data-clock]")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(phone.locator("[data-clock]")).to_have_count(0)  # KC-13
    all_clean("talk")

    press(console, "Next: The discussion")
    phone.get_by_label("What do you want to say?").fill("The bus is late.")
    phone.locator("[data-stage] button").click()
    expect(phone.get_by_text("1 thing that you sent is waiting")).to_be_visible()
    phone.get_by_label("What do you want to say?").fill("Half a thought")
    release(Contribution.objects.get(), by=moderator)
    for page in (phone, wall):
        page.evaluate("dispatchEvent(new Event('online'))")  # released in this process: theirs had no hint
        expect(page.get_by_text("The bus is late.")).to_be_visible(timeout=25_000)
    expect(phone.get_by_label("What do you want to say?")).to_have_value("Half a thought")
    all_clean("discussion")

    plain.get_by_role("link", name="Look again").click()
    plain.get_by_label("What do you want to say?").fill("Said without script")
    picture(plain, "discussion-plain")
    press(console, "Next: The break")
    expect(phone.get_by_role("heading", level=1)).to_have_text("The break")
    expect(phone.get_by_label("What you typed")).to_have_value("Half a thought")
    all_clean("break")
    plain.locator("[data-stage] button").click()  # too late
    expect(plain.get_by_label("What you typed")).to_have_value("Said without script")
    press(plain, "Send to the facilitator")
    press(phone, "Send to the facilitator")
    expect(phone.get_by_text("It is with the facilitator.")).to_be_visible()
    notes = Contribution.objects.filter(prompt_key="room.facilitator").with_newest_text()
    assert {one.newest_text for one in notes} == {"Half a thought", "Said without script"}
    # It stands on the console while nobody there does anything, and on no other screen.
    to_read = console.get_by_role("region", name="Notes to you")
    expect(to_read.get_by_text("2 notes to you that nobody has read")).to_be_visible()
    waits_to_hear_of(console, "2 notes to you")
    all_clean("told")
    to_read.get_by_role("listitem").filter(has_text="Half a thought").get_by_text("I have read it").click()
    to_read.get_by_text("Read already").click()
    expect(to_read.get_by_text("1 note to you that nobody has read")).to_be_visible()
    expect(to_read.locator("details").get_by_text("Half a thought")).to_be_visible()
    assert_axe_clean(console)
    for page in (wall, plain):
        expect(page.locator("body")).not_to_contain_text("Half a thought")

    console.locator("summary", has_text="End the workshop").click()
    press(console, "End the workshop now")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This workshop is over")
    all_clean("over")
    phone.get_by_role("link", name="Leave").click()
    assert_axe_clean(phone)
    picture(phone, "leave")
    code = phone.locator(".cs_code").inner_text()
    press(phone, "Leave and clear this screen")
    for _step in range(4):
        phone.go_back()
        expect(phone.locator("body")).not_to_contain_text(code)
    assert Participant.objects.here().count() == 1
    assert phone.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"
