"""The decider's desk by keyboard and by axe: the list, a topic put off after a mistake, two answered by one
decision, and what stands in the way of closing it off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.outcomes.models import DecisionPage, PutOff
from collaborative.people.models import User
from collaborative.people.roles import Role
from home.tree import lay_out
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.cast import person
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]


@pytest.fixture
def secretary() -> User:
    """Something was sorted under three topics."""
    lay_out()
    place = deciding.engagement("pledge")
    for code, name in (("T1", "Ask me first"), ("T2", "Too late"), ("T3", "Travel")):
        topic = deciding.theme(code, name)
        deciding.said(f"About {name}", place, topic)
        deciding.said(f"Not so {name}", place, topic, stance="against")
    return person("Sorcha", Role.SECRETARY)


def looked_at(page: Page, check: Clean) -> None:
    if page.locator(".messages > ul").count():
        expect(page.locator(".ready .messages > ul")).to_have_css("opacity", "1")
    check(page)
    assert_no_sideways_scrolling(page)


def test_dec_1_what_waits_is_put_off_or_answered(
    site: Site, secretary: User, width: int, assert_axe_clean: Clean
) -> None:
    page = site.window(width=width, user=secretary, statuses=(422,))
    keys = Keys(page)
    page.goto("/admin/to-decide/")
    looked_at(page, assert_axe_clean)
    keys.follow("Pledge")
    expect(page.get_by_text("3 topics wait for an answer.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    keys.push("Close it off: nothing waits any more")
    expect(page.get_by_role("alert")).to_contain_text("“Ask me first”, “Too late”, “Travel”")
    looked_at(page, assert_axe_clean)

    def put_it_off() -> None:
        # Watching takes the focus away and gives it back: in the field of a day that is its first part again.
        keys.to(page.get_by_role("button", name="Put it off", exact=True), watched=False)
        keys.press("Enter")

    keys.follow("Put it off : Travel")
    keys.to(page.get_by_label("Why it is put off"))
    page.keyboard.type("We wait for the costs.")
    put_it_off()
    expect(page.get_by_text("Say by when the board looks at it again")).to_be_visible()
    expect(page.get_by_label("Why it is put off")).to_have_value("We wait for the costs.")
    looked_at(page, assert_axe_clean)
    day = page.get_by_label("The board looks at it again by")
    keys.to(day, watched=False)
    # The order of its parts is the browser's.
    day.fill((timezone.localdate() + timedelta(days=30)).isoformat())
    put_it_off()
    expect(page.get_by_text("We wait for the costs.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    assert PutOff.objects.get().by == secretary

    for name in ("Ask me first", "Too late"):
        page.get_by_role("checkbox", name=f"Answer it : {name}").focus()
        keys.press("Space")
    keys.push("Begin a decision for those ticked")
    expect(page.get_by_text("A draft is begun.")).to_be_visible()
    draft = DecisionPage.objects.get()
    assert page.url.endswith(f"/admin/pages/{draft.pk}/edit/")
    assert {block.value["theme"].name for block in draft.answers} == {"Ask me first", "Too late"}
