"""Every other kind of question in a real browser: answered with and without JavaScript, on a phone and a
desk, after a mistake too; and what editors see of it."""

import pytest
from playwright.sync_api import Page, expect

from collaborative.consultations.models import ChoiceAnswer, ConsultationPage
from collaborative.contributions.models import Contribution
from collaborative.people.models import User
from home.tree import lay_out
from tests.browser.answering import Answering, receipt_of
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.editing import Editor
from tests.browser.test_staff_axe import Clean
from tests.consultations.making import block, consultation, draft, group, new_kinds, only_if, option

FACTS = "Half of all pupils travel for more than an hour.\n\nMost of them go by bus."


def questions() -> list[object]:
    """The other kinds, then one that hangs on a choice. The number must be given, or not said on purpose."""
    whole = new_kinds()
    whole[2][1].update(required=True, facts=FACTS)
    host = block(
        "host", "one", "Would you host?", young="H?", options=[option("yes", "Yes"), option("no", "No")]
    )
    when = block("when", "text", "What would help you?", young="W?", ask_if=[only_if("host", "yes")])
    return [*whole, host, when]


@pytest.fixture
def standing(transactional_db: None) -> None:
    lay_out()
    group("parents", "Parents and carers")
    consultation(questions=questions())


def begin(page: Page) -> Answering:
    someone = Answering(page)
    someone.find_it()
    someone.say_who()
    return someone


def line(page: Page, of: str, choice: str) -> None:
    page.get_by_role("group", name=of, exact=True).locator("label", has_text=choice).first.click()


def test_each_kind_is_answered_put_right_checked_and_read_back(
    site: Site, standing: None, width: int, javascript: bool, assert_axe_clean: Clean
) -> None:
    page = site.window(width=width, javascript=javascript, statuses=(422,))

    def looked_at() -> None:
        assert_no_sideways_scrolling(page)
        if javascript:
            assert_axe_clean(page)

    someone = begin(page)
    page.get_by_label("In a few words").fill("Somebody listens")
    looked_at()
    someone.go_on()
    line(page, "Travel is paid", "Agree strongly")
    line(page, "Lunch is there", "No view")
    looked_at()
    someone.go_on()
    someone.heading("How far do you travel?")
    someone.go_on()
    someone.error("number", "Write a number.")
    looked_at()
    page.get_by_label("How far do you travel?").fill("about 12")
    someone.go_on()
    someone.error("number", "Write a whole number in figures, such as 12.")
    expect(page.get_by_label("How far do you travel?")).to_have_value("about 12")
    page.get_by_text("More to read").click()
    expect(page.get_by_text("Half of all pupils travel")).to_be_visible()
    looked_at()
    page.get_by_label("How far do you travel?").fill("12")
    someone.go_on()
    for name, value in (("Day", "31"), ("Month", "2"), ("Year", "2026")):
        page.get_by_label(name, exact=True).fill(value)
    someone.go_on()
    someone.error("day", "There is no such day. Check the day and the month.")
    looked_at()
    page.get_by_label("Day", exact=True).fill("28")
    someone.go_on()
    someone.heading("Would you host?")
    someone.tick("No")
    someone.go_on()
    someone.heading("May we publish your answers?")
    someone.tick("Publish without a name")
    someone.go_on()
    someone.tick("No")
    someone.go_on()
    someone.heading("Check your answers")
    looked_at()
    main = page.locator("main")
    for words in ("Travel is paid: Agree strongly", "Lunch is there: No view", "12 km", "28 February 2026"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text("What would help you?")
    page.get_by_role("link", name="Would you host?").click()
    someone.tick("Yes")
    someone.go_on()
    someone.heading("What would help you?")
    page.get_by_label("What would help you?").fill("Somebody to ring.")
    someone.go_on()
    someone.heading("Check your answers")
    expect(main).to_contain_text("Somebody to ring.")
    page.get_by_role("button", name="Send my answers").click()
    receipt_of(page, someone.code())
    page.get_by_text("What you chose").click()
    looked_at()
    for words in ("Travel is paid: Agree strongly", "12 km", "28 February 2026"):
        expect(page.locator("main")).to_contain_text(words)
    said = {"hope": "Somebody listens", "when": "Somebody to ring."}
    assert {row.prompt_key: row.wordings.get().text for row in Contribution.objects.all()} == said
    assert {row.wording.question.key: row.value for row in ChoiceAnswer.objects.all()} == {
        "lines": ["travel:5", "food:no-view"],
        "far": ["12"],
        "since": ["2026-02-28"],
        "host": ["yes"],
    }


def test_what_must_be_answered_may_be_left_unsaid(site: Site, standing: None, javascript: bool) -> None:
    page = site.window(javascript=javascript)
    someone = begin(page)
    page.get_by_label("In a few words").fill("Somebody listens")
    someone.go_on()
    someone.go_on()
    page.get_by_role("button", name="I would rather not say").click()
    someone.heading("When did it begin?")


def test_lines_are_answered_by_keyboard(site: Site, standing: None) -> None:
    page = site.window()
    someone = begin(page)
    someone.go_on()
    page.locator("#chosen-travel").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#chosen-travel-2")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("#chosen-food")).to_be_focused()
    page.keyboard.press("Space")
    someone.go_on()
    someone.heading("How far do you travel?")


def test_the_paper_of_every_kind(site: Site, standing: None, width: int, assert_axe_clean: Clean) -> None:
    page = site.window(width=width)
    page.goto("/consultations/starting/paper/")
    expect(page.locator("main")).to_contain_text("Only if you ticked “Yes” at question 5.")
    assert_axe_clean(page)
    assert_no_sideways_scrolling(page)


def test_the_editor_sees_what_is_missing_and_each_condition_at_its_block(
    site: Site, editor: User, standing: None, assert_axe_clean: Clean
) -> None:
    several = questions()
    page = draft([several[-1], several[-2]], slug="second", can_change="")
    desk = Editor(site.window(user=editor))
    desk.open(page.pk)
    prompt = "getComputedStyle(document.querySelector('.Draftail-block--empty'), '::before').content"
    assert "Write something" in desk.page.evaluate(prompt)  # its styles are let through
    panel = desk.page.locator(".cs-checklist")
    expect(panel).to_contain_text("2 things still stop this from opening.")
    expect(panel).to_contain_text("Say what can change.")
    expect(panel).to_contain_text("No question before this one has the key “host”.")
    assert_axe_clean(desk.page, within=".cs-checklist")  # the rest is Wagtail's
    # LNG-3: the editions of a question stand side by side, and below each other where there is no room.
    standard, young = desk.field("questions-0-value-text"), desk.field("questions-0-value-young")
    tops = [box["y"] for one in (standard, young) if (box := one.bounding_box())]
    assert len(tops) == 2 and abs(tops[0] - tops[1]) < 4
    assert desk.field("questions-0-value-gaelic-text").get_attribute("lang") == "gd"
    desk.is_refused("Publish")
    at = desk.page.locator("[data-contentpath='ask_if']").first
    expect(at.get_by_text("No question before this one has the key “host”.")).to_be_visible()
    assert_axe_clean(desk.page, within=".cs-checklist")
    assert not ConsultationPage.objects.get(pk=page.pk).live
