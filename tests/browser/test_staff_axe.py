"""axe on the staff screens after something happened on them, and on our own panels in Wagtail's editor.

The screens as they first open are looked at in test_staff_screens. In the editor only the form is looked at;
its frame is Wagtail's.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from collaborative.analysis import campaigns
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions
from collaborative.people.models import User
from tests.analysis.sorting import released, sorted_under, theme
from tests.analysis.test_likeness import LETTER
from tests.browser.conftest import Site
from tests.browser.editing import Editor
from tests.browser.scene import release_and_sort, set_scene
from tests.browser.staffing import Queue, Workbench
from tests.moderation.giving import rule, said
from tests.outcomes import deciding

Clean = Callable[..., None]


def assert_clean_once_told(page: Page, message: str, check: Clean) -> None:
    """A message of Wagtail fades in, and colours in between are nobody's choice: look once it stands."""
    expect(page.locator(".messages")).to_contain_text(message)
    expect(page.locator(".ready .messages > ul")).to_have_css("opacity", "1")
    check(page)


def without_browser_checks(page: Page) -> None:
    """Let the form go to the server with a gap in it, as a browser does that checks nothing itself."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")


@pytest.fixture
def waiting(moderator: User) -> list[Contribution]:
    rule()
    return [said(f"Ring 01632 960123, number {n}.", age_band="13-15") for n in range(3)]


def test_the_item_after_a_refusal_without_a_rule_and_a_removal_without_a_reason(
    site: Site, moderator: User, waiting: list[Contribution], width: int, assert_axe_clean: Clean
) -> None:
    page = site.window(user=moderator, width=width)
    Queue(page).look_at(waiting[0])
    page.locator("summary", has_text="Refuse by a house rule").click()
    without_browser_checks(page)
    page.get_by_role("button", name="Refuse", exact=True).click()
    expect(page.locator("#rule-error")).to_contain_text("Choose the house rule that it breaks.")
    assert_axe_clean(page)
    page.locator("summary", has_text="Release with words removed").click()
    without_browser_checks(page)
    page.get_by_role("button", name="Release without these words").click()
    expect(page.locator(".error-message").first).to_be_visible()
    assert_axe_clean(page)


def test_the_queue_after_each_thing_that_can_be_done_and_when_it_is_empty(
    site: Site, moderator: User, waiting: list[Contribution], assert_axe_clean: Clean
) -> None:
    page = site.window(user=moderator)
    queue = Queue(page)
    queue.look_at(waiting[0])
    page.get_by_role("link", name="Read the whole response").click()
    page.locator("summary", has_text="Keep them off the page").click()
    expect(page.get_by_label("Tick C-")).to_be_checked()
    assert_axe_clean(page)
    queue.look_at(waiting[0])
    queue.release()
    assert_clean_once_told(page, "is released.", assert_axe_clean)
    queue.refuse(rule())
    assert_clean_once_told(page, "is refused.", assert_axe_clean)
    queue.escalate()
    expect(page.get_by_text("Nothing waits to be checked.")).to_be_visible()
    assert_clean_once_told(page, "went to safeguarding.", assert_axe_clean)


def test_a_case_with_a_gap_with_a_note_and_closed(
    site: Site, moderator: User, safeguarding_lead: User, width: int, assert_axe_clean: Clean
) -> None:
    case = actions.escalate(said("I am scared to go home."), by=moderator)
    page = site.window(user=safeguarding_lead, width=width)
    page.goto(reverse("safeguarding_case", args=[case.pk]))
    without_browser_checks(page)
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("main")).to_contain_text("Say what was done.")
    assert_axe_clean(page)
    page.get_by_role("textbox", name="What was done").fill("Rang the school.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("section[aria-labelledby=done-title]")).to_contain_text("Rang the school.")
    page.get_by_role("textbox", name="How it ended").fill("She is safe.")
    page.get_by_role("button", name="Close the case").click()
    expect(page.locator("section[aria-labelledby=end-title]")).to_contain_text("She is safe.")
    assert_clean_once_told(page, "The case is closed.", assert_axe_clean)


def test_the_workbench_with_a_gap_with_words_chosen_and_after_a_topic_was_applied_and_taken_back(
    site: Site, analyst: User, width: int, assert_axe_clean: Clean
) -> None:
    for number in range(1, 4):
        theme(analyst, f"T{number}")
    row = released("Ask me before you decide. I mean it.")
    page = site.window(user=analyst, width=width)
    bench = Workbench(page)
    bench.open(row)
    page.get_by_role("button", name="Sort these words").click()
    expect(page.locator("#wb-topic-error")).to_have_text("Choose a topic.")
    assert_axe_clean(page)
    bench.text.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(bench.chosen).to_contain_text("Ask me")
    page.locator("[data-topic] summary").first.click()
    page.get_by_label("Show the numbers of the words").check()
    assert_axe_clean(page)
    page.get_by_label("T1 Topic T1").check()
    page.get_by_role("button", name="Sort these words").click()
    assert_clean_once_told(page, "Sorted under Topic T1.", assert_axe_clean)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    assert_clean_once_told(page, "is taken back.", assert_axe_clean)


def test_the_list_of_topics_with_a_gap_with_versions_and_campaigns(
    site: Site, analyst: User, width: int, assert_axe_clean: Clean
) -> None:
    topic = theme(analyst)
    sorted_under(released(), topic, 0, 6, analyst)
    page = site.window(user=analyst, width=width, statuses=(422,))
    page.goto(reverse("analysis_new_topic"))
    page.get_by_role("button", name="Make this topic").click()
    expect(page.locator(".error-message").first).to_be_visible()
    assert_axe_clean(page)
    page.goto(reverse("analysis_word_topic", args=[topic.code]))
    page.get_by_label("What it is about").fill("Something a little wider.")
    page.get_by_role("button", name="Keep as a new version").click()
    page.locator("summary", has_text="Version 1").click()
    assert_clean_once_told(page, "Kept as version 2.", assert_axe_clean)
    for words in (LETTER, LETTER, LETTER, f"{LETTER} And one thing more."):
        released(words)
    campaigns.work.func(campaigns.look(released().engagement, by=analyst).pk)
    page.goto(reverse("analysis_campaigns"))
    assert_axe_clean(page)
    page.get_by_role("link", name="Look at suggestion").click()
    page.get_by_role("button", name="It is a campaign").click()
    expect(page.locator("#name-error")).to_have_text("Give the campaign a name.")
    assert_axe_clean(page)
    page.get_by_label("Name of the campaign").fill("Small Hosts")
    page.get_by_role("button", name="It is a campaign").click()
    expect(page.locator("ins")).to_contain_text("And one thing more.")
    assert_clean_once_told(page, "count once", assert_axe_clean)


# Our own panels in the editor ---------------------------------------------------------------------


def assert_form_clean(page: Page) -> None:
    found = Axe().run(page, context="#page-edit-form").response["violations"]
    lines = [
        f"{rule['id']}: {rule['help']}\n"
        + "\n".join(f"    {node['target']} {node['html'][:200]}" for node in rule["nodes"])
        for rule in found
    ]
    assert not found, "\n".join(lines)


def test_the_panels_of_a_decision_as_they_open_and_after_a_refusal(
    site: Site, analyst: User, moderator: User, editor: User
) -> None:
    scene = set_scene(analyst)
    release_and_sort([scene.answer("Ask me first.")], scene.topics[0], ["for"], moderator, analyst)
    scene.close()
    answers = [deciding.answer(scene.topics[0]), deciding.answer(scene.topics[1], "", "")]
    decision = deciding.draft(1, answers=answers, engagements=[scene.engagement], dissent=[])
    desk = Editor(site.window(user=editor))
    desk.open(decision.pk)
    assert_form_clean(desk.page)
    desk.is_refused("Publish")
    expect(desk.error("answers-1-value-reason")).to_contain_text("has no reason.")
    assert_form_clean(desk.page)


def test_the_panels_of_the_plan_after_a_refusal(site: Site, editor: User, db: None) -> None:
    scene = set_scene()
    desk = Editor(site.window(user=editor))
    desk.open(scene.plan.pk)
    assert_form_clean(desk.page)
    desk.write("body-3-value-statement", "You asked me first, and gladly.")
    desk.is_refused("Submit to Board approval")
    assert_form_clean(desk.page)
