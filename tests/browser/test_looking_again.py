"""An answer is looked at again: the list, the form with a gap, the verdict, and the page that people read, by
keyboard and by axe on a phone and a desktop."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import Contribution
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.models import DecisionPage, Review
from collaborative.people.models import User
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]
SHOTS = os.environ.get("REVIEW_SHOTS")


def looked_at(page: Page, name: str, assert_axe_clean: Clean | None = None) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    assert_no_sideways_scrolling(page)
    if assert_axe_clean is not None:
        assert_axe_clean(page)


@pytest.fixture
def decision() -> DecisionPage:
    place, topic = deciding.engagement(), deciding.theme("T1", "Ask me first")
    said = [deciding.said(f"Ask in private {n}", place, topic) for n in range(3)]
    answers = [deciding.answer(topic, "adopted-in-part", "We ask everyone, in class and alone.")]
    page = deciding.publish(deciding.draft(1, answers=answers, engagements=[place]))
    withdraw(Contribution.objects.get(pk=said[0].wording.contribution_id).receipt)
    reviews.look_for_moves()
    return page


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_answer_is_looked_at_again(
    site: Site, board_member: User, decision: DecisionPage, assert_axe_clean: Clean, width: int
) -> None:
    page = site.window(width=width, user=board_member, statuses=(422,))
    page.goto("/admin/answers-again/")
    expect(page.get_by_text("Words were taken back (1)")).to_be_visible()
    looked_at(page, "list", assert_axe_clean)
    page.get_by_role("link", name="Ask me first").click()
    looked_at(page, "form", assert_axe_clean)
    keys = Keys(page)
    page.get_by_label("The answer still holds").focus()
    keys.press("Space")
    keys.push("Say so in public")
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("The answer still holds")).to_be_checked()
    looked_at(page, "gap", assert_axe_clean)
    keys.to(page.get_by_label("Why"))
    page.keyboard.type("Two of three still ask for it.")
    keys.push("Say so in public")
    expect(page.locator(".messages")).to_contain_text("It stands under the answer")
    expect(page.get_by_text("Every answer rests on what was seen")).to_be_visible()
    assert Review.objects.get().by == board_member

    reader = site.window(width=width)
    reader.goto(decision.url)
    expect(reader.get_by_text("Two of three still ask for it.")).to_be_visible()
    looked_at(reader, "public", assert_axe_clean)
    page.goto(f"/admin/answers-again/{Review.objects.get().disposition_id}/")
    expect(page.get_by_role("heading", name="Looked at before")).to_be_visible()
    looked_at(page, "after", assert_axe_clean)
