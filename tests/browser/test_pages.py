"""Every kind of public page of the demonstration site, in a real browser: on a phone and on a desk, with and
without JavaScript. axe finds nothing, nothing is wider than the window, the keyboard shows where it is.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.whole.demonstrated import Keeper, demonstrated

NARROW = 320
OPEN, CLOSED, COMING = "starting-the-conversation-in-p7", "fair-tastes-of-work", "how-will-we-know"
KINDS = {
    "front": "/",
    "plan": "/model/",
    "plan for employers": "/model/?who=employer",
    "versions": "/model/versions/",
    "version": "/model/versions/2/",
    "compare": "/model/compare/2/3/",
    "sentence": "/model/clauses/P3/",
    "sentence of a vision": "/model/clauses/H/",
    "recommendations": "/recommendations/",
    "recommendation": "/recommendations/recommendation-6/",
    "evidence": "/evidence/",
    "evidence record": "/evidence/Ev-01/",
    "assessment": "/evidence/assessments/strengths-talk-equality-and-rights/",
    "consultations": "/consultations/",
    "open consultation": f"/consultations/{OPEN}/",
    "closed consultation": f"/consultations/{CLOSED}/",
    "coming consultation": f"/consultations/{COMING}/",
    "first question": f"/consultations/{OPEN}/respond/",
    "paper": f"/consultations/{OPEN}/paper/",
    "responses": f"/consultations/{CLOSED}/responses/",
    "responses one by one": f"/consultations/{CLOSED}/responses/?view=response",
    "feedback": f"/consultations/{CLOSED}/feedback/",
    "workshops": "/changemakers/",
    "past workshop": "/changemakers/same-door-on-every-island/",
    "coming workshop": "/changemakers/reading-our-numbers/",
    "decisions": "/decisions/",
    "decision that changed a sentence": "/decisions/decision-3/",
    "decision that says no": "/decisions/decision-4/",
    "flow": "/flow/",
    "group": "/groups/young-people/",
    "groups": "/groups/",
    "topics": "/themes/",
    "topic": "/themes/travel-and-cost/",
    "code": "/receipt/",
    "join": "/join/",
    "help": "/help/",
    "something is wrong": "/help/wrong/",
    "house rules": "/house-rules/",
    "about": "/about/",
    "news": "/news/",
    "search": "/search/?q=travel",
    "search without a result": "/search/?q=zebra",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "sign in": "/accounts/login/",
}
A_TURN = 6  # kinds of page for each test, so that a failure tells where it is
TURNS = [list(KINDS)[start : start + A_TURN] for start in range(0, len(KINDS), A_TURN)]


@pytest.fixture(scope="module", autouse=True)
def demonstration(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    """In this module the site that is served is the demonstration site."""
    with django_db_blocker.unblock(), demonstrated(django_db_setup) as keeper:
        yield keeper


def without_scripts(page: Page) -> None:
    """The page as it is without its scripts. Where JavaScript is switched off altogether, axe cannot run."""
    page.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))


@pytest.mark.parametrize("kinds", TURNS, ids=[turn[0] for turn in TURNS])
def test_axe_finds_nothing_on_any_kind_of_page(
    site: Site, kinds: list[str], width: int, javascript: bool, assert_axe_clean: Callable[..., None]
) -> None:
    page = site.window(width=width)
    if not javascript:
        without_scripts(page)
    for kind in kinds:
        answer = page.goto(KINDS[kind])
        assert answer is not None
        assert answer.status == 200, kind
        assert page.locator("h1").count() == 1, kind
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)


def test_every_kind_of_page_is_whole_without_javascript(site: Site, width: int) -> None:
    page = site.window(width=width, javascript=False)
    for kind, address in KINDS.items():
        page.goto(address)
        assert page.locator("h1").is_visible(), kind
        assert page.locator("main").inner_text().strip(), kind
        assert_no_sideways_scrolling(page)


def test_nothing_is_wider_than_the_smallest_phone(site: Site) -> None:
    """WCAG 1.4.10: at 320 pixels one scrolls down and never sideways."""
    page = site.window(width=NARROW)
    for address in KINDS.values():
        page.goto(address)
        assert_no_sideways_scrolling(page)


FOCUSED = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    const shown = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none';
    return {
        name: (it.innerText || it.value || it.getAttribute('aria-label') || '').trim(),
        tag: it.tagName,
        marked: shown || style.boxShadow !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)',
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tabbed(page: Page, presses: int) -> list[dict[str, Any]]:
    found = []
    for _press in range(presses):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    return found


def test_the_keyboard_shows_where_it_is_along_the_top_of_the_page(site: Site, width: int) -> None:
    """WCAG 2.4.7 and 2.4.11: every stop can be seen, and is marked."""
    page = site.window(width=width)
    page.goto("/")
    stops = tabbed(page, 14)
    assert "main content" in stops[0]["name"].lower() or "skip" in stops[0]["name"].lower()
    for stop in stops:
        assert stop["tag"] != "BODY"
        assert stop["marked"], stop
        assert stop["seen"], stop


def test_the_way_past_the_menu_leads_to_the_content(site: Site) -> None:
    page = site.window()
    page.goto("/decisions/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside


def test_the_menu_opens_by_keyboard_on_a_phone(site: Site, javascript: bool) -> None:
    page = site.window(width=360, javascript=javascript)
    page.goto("/")
    page.locator("summary", has_text="Menu").focus()
    page.keyboard.press("Enter")
    plan = page.locator("nav a:visible", has_text="Our plan")
    plan.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/model/")


def test_a_page_that_is_printed_has_its_words(site: Site) -> None:
    page = site.window()
    page.goto(f"/consultations/{OPEN}/paper/")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
