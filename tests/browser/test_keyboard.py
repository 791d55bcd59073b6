"""The keyboard alone walks the chain: pages, menu, answering, the receipt, and the work of staff."""

import re

import pytest
from playwright.sync_api import Page, expect

from collaborative.analysis.models import Coding
from collaborative.contributions.models import Contribution, State
from collaborative.people.models import User
from tests.analysis.sorting import released, theme
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.keys import Keys
from tests.browser.scene import TITLE, Scene, set_scene
from tests.moderation.giving import rule, said

WORDS = "It must never feel like an exam."


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return set_scene()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_the_first_tab_leads_past_the_header(site: Site, scene: Scene, width: int) -> None:
    page = site.window(width=width)
    page.goto("/")
    keys = Keys(page)
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keys.is_seen()
    keys.press("Enter")
    keys.press("Tab")
    keys.is_seen()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_stop_on_a_public_page_is_seen(site: Site, scene: Scene, width: int) -> None:
    """From the top of the page to its last link, no stop without a mark and none off the screen."""
    page = site.window(width=width)
    for address in (
        "/",
        f"/consultations/{scene.engagement.slug}/",
        "/model/",
        "/flow/",
        "/receipt/",
        "/help/",
    ):
        page.goto(address)
        Keys(page).to(page.locator("footer a").last)


def test_the_menu_on_a_phone_opens_closes_and_leads_on(site: Site, scene: Scene) -> None:
    page = site.window(width=PHONE)
    page.goto("/")
    keys = Keys(page)
    menu = page.locator("summary", has_text="Menu")
    keys.to(menu)
    keys.press("Enter", "Tab")
    keys.is_seen()
    expect(page.locator(".cs_menu").get_by_role("link", name="Have your say")).to_be_focused()
    keys.press("Escape")
    expect(menu).to_be_focused()
    expect(page.locator(".cs_menu a").first).to_be_hidden()
    keys.press("Space")
    keys.to(page.locator(".cs_menu").get_by_role("link", name="Our plan"))
    keys.press("Enter")
    page.wait_for_url("**/model/")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_answering_from_the_list_to_the_receipt(site: Site, scene: Scene, width: int) -> None:
    page = site.window(width=width, statuses=(422,))
    keys = Keys(page)
    page.goto("/consultations/")
    keys.follow(TITLE)
    keys.follow("Start")
    say_the_age_after_an_error(page, keys)
    heading(page, "Who do you answer for?")
    keys.to(page.get_by_label("Myself"))
    keys.press("Space")
    keys.to(page.locator("#group"))
    keys.press("ArrowDown")
    expect(page.locator("input[name=group]:checked")).to_have_count(1)
    keys.push("Continue")
    answer_the_questions(page, keys)
    send_and_open_the_receipt(page, keys)
    assert scene.engagement.receipts.count() == 1


def say_the_age_after_an_error(page: Page, keys: Keys) -> None:
    """The list of what to put right gets the focus, and leads to the field."""
    heading(page, "How old are you?")
    keys.push("Continue")
    expect(page.locator(".ds_error-summary")).to_be_focused()
    keys.press("Tab", "Enter")
    expect(page.locator("#age")).to_be_focused()
    keys.is_seen()
    keys.press("Space", *["ArrowDown"] * 5)
    expect(page.get_by_label("26 or over")).to_be_checked()
    keys.push("Continue")


def answer_the_questions(page: Page, keys: Keys) -> None:
    heading(page, "When should it happen?")
    keys.to(page.get_by_label("In P6"))
    keys.press("ArrowDown")
    expect(page.get_by_label("In P7")).to_be_checked()
    keys.push("Continue")
    heading(page, "Who should lead it?")
    keys.to(page.get_by_label("A parent"))
    keys.press("Space")
    keys.to(page.get_by_label("Why them?"))
    page.keyboard.type("They know me.")
    keys.push("Continue")
    heading(page, "What should it never feel like?")
    keys.to(page.get_by_label("What should it never feel like?"))
    page.keyboard.type(WORDS)
    keys.push("Continue")
    put_in_order(page, keys)


def put_in_order(page: Page, keys: Keys) -> None:
    """Two with the same number first: said in the list and kept in the fields; then put right."""
    heading(page, "Put these promises in order.")
    for label in ("You ask me", "You tell me"):
        keys.to(page.get_by_label(label))
        keys.press("ArrowDown")
        expect(page.get_by_label(label)).to_have_value("1")
    keys.push("Continue")
    expect(page.locator(".ds_error-summary")).to_be_focused()
    expect(page.get_by_label("You tell me")).to_have_value("1")
    keys.to(page.get_by_label("You tell me"))
    keys.press("ArrowDown")
    keys.push("Continue")


def send_and_open_the_receipt(page: Page, keys: Keys) -> None:
    heading(page, "May we publish your answers?")
    keys.to(page.locator("#permission"))
    keys.press("ArrowDown")
    expect(page.get_by_label("Publish without a name")).to_be_checked()
    keys.push("Continue")
    keys.to(page.locator("#recontact"))
    keys.press("ArrowDown")
    keys.push("Continue")
    heading(page, "Check your answers")
    keys.push("Send my answers")
    heading(page, "Thank you. We have it.")
    code = page.locator(".cs_code").inner_text()
    keys.follow("I have a code")
    keys.to(page.get_by_label("Your code"))
    page.keyboard.type(code)
    keys.press("Enter")
    heading(page, "What became of what you said")
    keys.to(page.locator("summary", has_text="Your words").last)
    keys.press("Enter")
    expect(page.get_by_text(f"“{WORDS}”")).to_be_visible()


def test_a_moderator_releases_refuses_and_passes_on(site: Site, moderator: User) -> None:
    rows = [said(f"Ask me before you decide, number {n}.") for n in range(3)]
    rule()
    page = site.window(user=moderator)
    keys = Keys(page)
    page.goto("/admin/")
    keys.to(page.locator("main").get_by_role("link", name="Waiting to be checked"), watched=False)
    keys.press("Enter")
    keys.to(page.get_by_role("link", name=f"Check {rows[0].reference}"), watched=False)
    keys.is_seen()
    keys.press("Enter")
    work(keys, page.get_by_role("button", name="Release", exact=True))
    expect(page).to_have_url(re.compile(rows[1].reference))
    work(keys, page.locator("summary", has_text="Refuse by a house rule"))
    work(keys, page.get_by_role("radio", name="Be kind"), "Space")
    work(keys, page.get_by_role("button", name="Refuse", exact=True))
    expect(page).to_have_url(re.compile(rows[2].reference))
    work(keys, page.get_by_role("button", name="I am worried"))
    expect(page.get_by_text("Nothing waits to be checked.")).to_be_visible()
    states = [row.state for row in Contribution.objects.order_by("pk")]
    assert states == [State.RELEASED, State.REFUSED, State.ESCALATED]


def work(keys: Keys, wanted: object, key: str = "Enter") -> None:
    """On a staff screen: Wagtail draws the frame, so what is looked at is our own stop."""
    keys.to(wanted, watched=False)  # type: ignore[arg-type]
    keys.is_seen()
    keys.press(key)


def test_an_analyst_chooses_words_and_a_topic(site: Site, analyst: User) -> None:
    theme(analyst, "T1", "Ask me first")
    row = released("Ask me before you decide. I mean it.")
    page = site.window(user=analyst)
    keys = Keys(page)
    page.goto("/admin/")
    keys.to(page.locator("main").get_by_role("link", name="Sort what people said"), watched=False)
    keys.press("Enter")
    work(keys, page.get_by_role("link", name=f"Sort {row.reference}"))
    keys.to(page.locator("#wb-text"), watched=False)
    keys.is_seen()
    keys.press("ArrowRight", *["Shift+ArrowRight"] * 4)
    expect(page.locator("[data-chosen]")).to_have_text("Chosen: “Ask me before you decide.”")
    keys.press("1", "f", "Enter")
    expect(page.locator(".messages")).to_contain_text("Sorted under Ask me first.")
    expect(page.locator("#wb-text")).to_be_focused()
    coding = Coding.objects.live().get()
    assert coding.wording.text[coding.start : coding.end] == "Ask me before you decide."
    assert coding.stance == "for"
    work(keys, page.get_by_role("button", name="Take back"))
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
