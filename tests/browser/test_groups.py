"""Groups of notes become topics and ideas: on a phone and a desktop, by keyboard, and without script; and how
people then read an idea."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.analysis.models import Coding, Theme
from collaborative.changemakers.models import Cluster
from collaborative.changemakers.room.giving import receipt_code
from collaborative.outcomes.models import Proposal
from collaborative.people.models import User
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.changemakers.boarding import board
from tests.changemakers.clusters.grouping import answering, deciding, group, held_in, idea, over

Clean = Callable[..., None]


@pytest.fixture
def late(analyst: User) -> Cluster:
    deciding.theme("T2", "Too late, too rushed")
    deciding.theme("T7", "Telling my story again")
    return group(board(), "By then it was too late", "After the forms were in.", "I waited two winters.")[0]


def address(cluster: Cluster) -> str:
    return reverse("note_groups_of", args=[cluster.stage.engagement_id])


def settled(page: Page, message: str) -> None:
    """A message of Wagtail fades in: colours in between are nobody's choice."""
    expect(page.locator(".messages")).to_contain_text(message)
    expect(page.locator(".ready .messages > ul")).to_have_css("opacity", "1")


def test_a_suggestion_is_confirmed_undone_and_another_topic_picked(
    site: Site, late: Cluster, analyst: User, width: int, assert_axe_clean: Clean
) -> None:
    held_in(late, "This one waits.")
    page = site.window(width=width, user=analyst, statuses=(422,))
    page.goto(reverse("note_groups"))
    assert_axe_clean(page)
    page.get_by_role("link", name="Room").first.click()
    page.locator("summary", has_text="Read the notes").click()
    assert_axe_clean(page)
    assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="T2 Too late, too rushed").click()
    settled(page, "2 notes more")
    assert Coding.objects.live().count() == 2
    assert_axe_clean(page)
    page.get_by_role("button", name="Undo").click()
    settled(page, "Taken back for 2 notes.")
    assert not Coding.objects.live().exists()
    page.get_by_role("button", name=re.compile(r"^Sort ?: By then")).click()
    expect(page.locator(".error-message")).to_contain_text("Choose a topic.")
    assert_axe_clean(page)
    page.get_by_label("Sort all of it under").select_option("T7")
    page.get_by_role("button", name=re.compile(r"^Sort ?: By then")).click()
    settled(page, "Telling my story again")
    assert {row.theme.code for row in Coding.objects.live().select_related("theme")} == {"T7"}
    assert_no_sideways_scrolling(page)


def test_with_the_keyboard_alone(site: Site, late: Cluster, analyst: User) -> None:
    page = site.window(user=analyst)
    page.goto(address(late))
    keys = Keys(page)
    keys.to(page.get_by_role("button", name="T2 Too late, too rushed"), watched=False)
    keys.is_seen()
    page.keyboard.press("Enter")
    settled(page, "2 notes more")
    keys.to(page.get_by_role("button", name="Undo"), watched=False)
    keys.is_seen()
    page.keyboard.press("Enter")
    settled(page, "Taken back for 2 notes.")
    assert not Coding.objects.live().exists()


def test_an_idea_is_written_and_put_forward(
    site: Site, late: Cluster, facilitator: User, width: int, javascript: bool, assert_axe_clean: Clean
) -> None:
    page = site.window(width=width, user=facilitator, javascript=javascript, statuses=(422,))
    page.goto(address(late))
    page.get_by_role("link", name="Make an idea of it").click()
    page.get_by_label("The idea in one line").fill("What if somebody asked before the rush?")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.locator("main")).to_contain_text("This field is required.")
    expect(page.get_by_label("The idea in one line")).to_have_value("What if somebody asked before the rush?")
    if javascript:
        assert_axe_clean(page)
    page.get_by_label("What it is").fill("A short talk in P7, before any choices are made.")
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_role("button", name="Put it forward").click()
    expect(page.locator("main")).to_contain_text("Put forward by")
    assert not Proposal.objects.get().is_draft
    if javascript:
        settled(page, "It is put forward.")
        assert_axe_clean(page)
    assert_no_sideways_scrolling(page)


def test_what_everybody_reads_and_what_stands_on_the_receipt(
    site: Site,
    late: Cluster,
    facilitator: User,
    width: int,
    javascript: bool,
    assert_axe_clean: Clean,
) -> None:
    place = over(late.stage)
    today = timezone.localdate()
    answered = idea(late, facilitator, title="What if somebody asked before the rush?")
    idea(late, facilitator, key="k2", title="What if a van came?")
    idea(late, facilitator, key="k3", title="What if it was in June?", answer_by=today - timedelta(days=2))
    decision = answering(answered, Theme.objects.get(code="T2"))
    page = site.window(width=width, javascript=javascript)
    page.goto(f"{place.page.url}#ideas")
    expect(page.locator("#idea-1")).to_contain_text("One number is enough.")
    expect(page.locator("#idea-2")).to_contain_text("Waiting for an answer by")
    expect(page.locator("#idea-3")).to_contain_text("This is late.")
    look(page, assert_axe_clean, javascript)
    page.locator("#idea-1").get_by_role("link", name="Read decision 1").click()
    expect(page.locator("main")).to_contain_text("This answers an idea from the workshop")
    assert page.url.endswith(decision.url or "")
    look(page, assert_axe_clean, javascript)
    note = late.cards.order_by("pk")[0].notes.get()
    page.goto("/receipt/")
    page.get_by_role("textbox").first.fill(receipt_code(note.participant))  # type: ignore[arg-type]
    page.get_by_role("button", name="Go", exact=True).first.click()
    expect(page.locator("article").first).to_contain_text("The workshop made this idea from your note")
    look(page, assert_axe_clean, javascript)


def look(page: Page, clean: Clean, javascript: bool) -> None:
    assert_no_sideways_scrolling(page)
    if javascript:
        clean(page)
