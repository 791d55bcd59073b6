"""Small groups at once: the console, the wall, a phone, a keyboard alone, and somebody without script."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.breakouts import actions
from collaborative.changemakers.room import access
from collaborative.changemakers.room import actions as room
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.people.models import User
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.hearing import waits_to_hear_of
from tests.browser.keys import Keys
from tests.changemakers import boarding
from tests.changemakers.breakouts.grouping import groups, part, sits

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]
SOON = 30_000  # what another process did comes with the next heartbeat where there is no Redis
SHOTS = os.environ.get("ROOM_SHOTS")


def joined(
    site: Site, stage: Stage, name: str, *, width: int, javascript: bool = True
) -> tuple[Page, Participant]:
    who = boarding.person(stage, token=f"browser-{name}", name=name)
    page = site.window(width=width, javascript=javascript, statuses=(404, 409))
    path = access.path_of(stage.engagement)
    cookie = {"name": access.cookie_of(stage.engagement), "value": f"browser-{name}"}
    page.context.add_cookies([{**cookie, "url": site.address + path}])  # type: ignore[typeddict-item]
    page.goto(f"{path}live/")
    return page, who


def looked_at(page: Page, assert_axe_clean: Clean | None, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    if assert_axe_clean is not None:  # axe is a script itself
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.long
def test_groups_are_given_refused_called_from_and_written_in(
    site: Site, facilitator: User, assert_axe_clean: Clean
) -> None:
    stage = part("Red", "Blue", state=Stage.State.WAITING)
    path = access.path_of(stage.engagement)
    phone, ann = joined(site, stage, "Ann", width=PHONE)
    keyed, _bo = joined(site, stage, "Bo", width=DESKTOP)
    plain, cai = joined(site, stage, "Cai", width=PHONE, javascript=False)
    console = site.window(width=DESKTOP, user=facilitator)
    wall = site.window(width=DESKTOP, user=facilitator)
    wall.goto(f"{path}projector/")

    # Everybody is told before it begins, on the page that they have open.
    console.goto(f"{path}facilitate/")
    console.get_by_role("link", name="Arrange the groups").click()
    press(console, "Give everybody a place")
    expect(console.get_by_role("heading", level=1)).to_contain_text("Arrange the groups")
    looked_at(console, assert_axe_clean, "arrange")
    expect(phone.locator("[data-part=ahead]")).to_contain_text("This will be your group", timeout=SOON)
    waits_to_hear_of(phone, "You need not go")
    looked_at(phone, assert_axe_clean, "ahead")
    plain.reload()
    looked_at(plain, None, "ahead-plain")

    # One refuses without script, one by keyboard; the facilitator sees it and cannot overrule it.
    press(plain, "I would rather stay in the main room")
    expect(plain.get_by_text("You stay in the main room").last).to_be_visible()
    assert sits(stage, cai) == ""
    keys = Keys(keyed)
    keyed.get_by_role("button", name="I would rather stay in the main room").focus()
    keys.is_seen()
    keys.press("Enter")
    expect(keyed.locator("[data-part=ahead]")).to_contain_text("You stay in the main room", timeout=SOON)
    keyed.get_by_role("button", name="Give me a place in a group").focus()
    keys.press("Enter")
    expect(keyed.locator("[data-part=ahead]")).to_contain_text("This will be your group", timeout=SOON)
    expect(console.get_by_text("Something has changed since you opened this page.")).to_be_visible(
        timeout=SOON
    )

    # It opens. A half-typed note outlives whatever happens to the groups.
    console.goto(f"{path}facilitate/")
    console.get_by_role("button", name="Next: What is hard?").click()
    expect(phone.get_by_role("heading", name="Your group")).to_be_visible()
    expect(wall.get_by_text("At the red table")).to_be_visible()
    for name, page in {"open": phone, "keyed": keyed, "console": console, "wall": wall}.items():
        looked_at(page, assert_axe_clean, f"groups-{name}")
    note = phone.get_by_label("Your note, one thing at a time")
    note.fill("Half a thought")
    press(phone, "Call the facilitator")
    expect(phone.get_by_text("Your group has called the facilitator.")).to_be_visible(timeout=SOON)
    expect(note).to_have_value("Half a thought")
    looked_at(phone, assert_axe_clean, "called")
    own = sits(stage, ann)
    expect(console.get_by_text(f"“{own}” calls you.")).to_be_visible(timeout=SOON)
    looked_at(console, assert_axe_clean, "calls")
    assert "calls you" not in wall.locator("body").inner_text()
    console.get_by_role("button", name="I was there").click()
    expect(console.get_by_text("calls you")).to_have_count(0)
    expect(phone.get_by_role("button", name="Call the facilitator")).to_be_visible(timeout=SOON)

    # The one who takes notes writes them for the group; they wait, and everybody reads them later.
    group = next(one for one in groups(stage) if one.title == own)
    actions.name_note_taker(stage, group, ann, by=facilitator)
    expect(phone.get_by_text(f"Our group’s: {own}")).to_be_visible(timeout=SOON)
    expect(note).to_have_value("Half a thought")
    press(phone, "Add note")
    expect(phone.locator("#mine")).to_contain_text("waiting to be checked")
    looked_at(phone, assert_axe_clean, "taken-down")
    boarding.release(Note.objects.get())
    expect(wall.locator(".cs_note")).to_contain_text("Half a thought", timeout=SOON)
    expect(wall.locator(".cs_note")).to_contain_text(str(own))
    looked_at(wall, assert_axe_clean, "notes-wall")
    for name in ("Ann", "Bo", "Cai"):
        assert name not in wall.locator("body").inner_text()

    # Without script somebody in the main room writes as well; then it is over for all.
    plain.reload()
    plain.get_by_label("Your note, one thing at a time").fill("By plain form")
    press(plain, "Add note")
    assert Note.objects.latest("pk").table == ""
    room.close(stage, by=facilitator)
    expect(phone.get_by_role("heading", level=1)).to_have_text("A moment between two parts", timeout=SOON)


def test_groups_are_chosen_and_one_place_is_left_for_two(
    site: Site, facilitator: User, assert_axe_clean: Clean
) -> None:
    stage = part("Red", "Blue", how="chosen", most=2)
    red, _blue = groups(stage)
    phone, ann = joined(site, stage, "Ann", width=PHONE)
    desk, bo = joined(site, stage, "Bo", width=DESKTOP)
    plain, cai = joined(site, stage, "Cai", width=PHONE, javascript=False)
    actions.choose(stage, red, participant=boarding.person(stage))
    looked_at(plain, None, "choose-plain")
    for page in (phone, desk):
        page.locator("label", has_text="Red").click()
    press(phone, "Take this group")
    expect(phone.locator("[data-part=group] .cs_groups__mine")).to_contain_text("Red", timeout=SOON)
    looked_at(phone, assert_axe_clean, "chosen")
    expect(desk.locator(f"[data-count='{red.pk}']").first).to_have_text("2 people, full", timeout=SOON)
    press(desk, "Take this group")
    expect(desk.locator("[data-problem]:visible")).to_contain_text("“Red” is full")
    looked_at(desk, assert_axe_clean, "full")
    assert (sits(stage, ann), sits(stage, bo)) == ("Red", None)

    # The page without script still offers it: the answer says what has happened, beside the choice.
    plain.locator("label", has_text="Red").click()
    press(plain, "Take this group")
    expect(plain.get_by_role("alert")).to_contain_text("“Red” is full")
    looked_at(plain, None, "full-plain")
    plain.locator("label", has_text="Blue").click()
    press(plain, "Take this group")
    expect(plain.locator(".cs_groups__mine")).to_contain_text("Blue")
    assert sits(stage, cai) == "Blue"


def test_adults_are_put_on_the_list_and_go_with_a_group(
    site: Site, facilitator: User, assert_axe_clean: Clean
) -> None:
    stage = part("Red", young=True)
    rowan = boarding.person(stage, age_band="13-15", name="Puffin 27")
    console = site.window(width=PHONE, user=facilitator, statuses=(422,))
    console.goto(f"{access.path_of(stage.engagement)}facilitate/adults/")
    console.get_by_label("Name of the adult").fill("Morag Grant")
    press(console, "Put on the list")
    expect(console.get_by_role("alert")).to_contain_text("Look at the PVG scheme check first")
    looked_at(console, assert_axe_clean, "adults-problem")
    console.get_by_text("I have seen their PVG scheme check").click()
    press(console, "Put on the list")
    actions.record_adult(stage.engagement, "Euan Bain", seen=True, by=facilitator)
    console.reload()
    looked_at(console, assert_axe_clean, "adults")
    console.goto(f"{access.path_of(stage.engagement)}breakouts-{stage.pk}/")
    press(console, "Give everybody a place")
    expect(console.get_by_text("1 person has no place")).to_be_visible()
    for name in ("Morag Grant", "Euan Bain"):
        console.get_by_label("Adult", exact=True).select_option(label=name)
        console.locator("form", has=console.locator("#adult")).get_by_role("button", name="Save").click()
    press(console, "Give everybody a place")
    assert sits(stage, rowan) == "Red"
    looked_at(console, assert_axe_clean, "arranged")
    console.locator("summary", has_text="Change this group").click()
    looked_at(console, assert_axe_clean, "changing")
