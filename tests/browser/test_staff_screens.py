"""Moderators, safeguarding leads and analysts at work: by keyboard alone, by mouse, and without script."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from collaborative.analysis.models import Coding
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions
from collaborative.moderation.models import Check
from collaborative.people.models import User
from tests.analysis.sorting import released, sorted_under, theme
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.moderation.giving import engagement, rule, said

FAMILY = "👩\u200d👧"
TEXT = f"Cafe\u0301 {FAMILY} said:\n\nask me \U0001d4d0 first, then decide."
Clean = Callable[..., None]


def check_address(row: Contribution) -> str:
    return reverse("moderation_check", args=[row.reference])


def sort_address(row: Contribution) -> str:
    return reverse("analysis_passage", args=[row.reference])


def test_axe_finds_nothing_on_the_screens_of_moderation(
    site: Site, moderator: User, safeguarding_lead: User, width: int, assert_axe_clean: Clean
) -> None:
    row = said("Ring 01632 960123, please.", age_band="13-15")
    rule()
    case = actions.escalate(said(), by=moderator)
    told = actions.report("Words", key="one")
    screens = [
        (moderator, reverse("moderation_queue")),
        (moderator, check_address(row)),
        (moderator, reverse("moderation_reports")),
        (moderator, reverse("moderation_report", args=[told.pk])),
        (safeguarding_lead, reverse("safeguarding")),
        (safeguarding_lead, reverse("safeguarding_case", args=[case.pk])),
    ]
    for user, address in screens:
        page = site.window(width=width, user=user)
        page.goto(address)
        for fold in page.locator("main details summary").all():
            fold.click()
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)


def test_axe_finds_nothing_on_the_screens_of_sorting(
    site: Site, analyst: User, width: int, assert_axe_clean: Clean
) -> None:
    row, topic = released(TEXT), theme(analyst)
    sorted_under(row, topic, 0, 9, analyst)
    sorted_under(row, topic, 4, 12, analyst, stance="for")
    page = site.window(width=width, user=analyst)
    for address in (
        reverse("analysis_sort") + f"?engagement={engagement().slug}",
        sort_address(row),
        reverse("analysis_topics"),
        reverse("analysis_topic", args=[topic.code]),
        reverse("analysis_word_topic", args=[topic.code]),
    ):
        page.goto(address)
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)


def test_axe_finds_nothing_on_help_and_the_house_rules(
    site: Site, db: None, width: int, assert_axe_clean: Clean
) -> None:
    rule()
    page = site.window(width=width)
    for address in ("/help/", "/help/wrong/", "/help/wrong/sent/", "/house-rules/"):
        page.goto(address)
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)
    page.goto("/help/wrong/")
    page.get_by_role("button", name="Send").click()
    assert_axe_clean(page)


def walk_to(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Press Tab until the thing of that name has the focus, as somebody without a mouse does."""
    wanted = page.locator("main").get_by_role(role, name=name)  # type: ignore[arg-type]
    for _step in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"The keyboard never came to {name}")


def test_mod_2_the_keyboard_alone_does_all_four_things(site: Site, moderator: User) -> None:
    rows = [said(f"Ask Dan in P7, please. {number}") for number in range(4)]
    rule()
    page = site.window(user=moderator)
    page.goto(check_address(rows[0]))

    walk_to(page, "Release")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rows[1].reference))

    page.locator("summary", has_text="Release with words removed").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Home")
    for _letter in "Ask ":
        page.keyboard.press("ArrowRight")
    for _letter in "Dan ":
        page.keyboard.press("Shift+ArrowRight")
    walk_to(page, "Remove the selected words")
    page.keyboard.press("Enter")
    expect(page.get_by_label("The new words")).to_have_value("Ask [removed] in P7, please. 1")
    walk_to(page, re.compile("Why words were removed"), "textbox")
    page.keyboard.type("A name.")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rows[2].reference))

    page.locator("summary", has_text="Refuse by a house rule").focus()
    page.keyboard.press("Enter")
    walk_to(page, re.compile("Be kind"), "radio")
    page.keyboard.press("Space")
    walk_to(page, "Refuse")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rows[3].reference))

    walk_to(page, re.compile("I am worried"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits to be checked.")).to_be_visible()

    assert [check.outcome for check in Check.objects.order_by("pk")] == [
        "released",
        "redacted",
        "refused",
        "escalated",
    ]


def test_mod_2_the_four_things_without_script(site: Site, moderator: User, width: int) -> None:
    rows = [said(f"Ask Dan in P7, please. {number}") for number in range(4)]
    rule()
    page = site.window(user=moderator, javascript=False, width=width)
    page.goto(reverse("wagtailadmin_home"))
    page.get_by_role("link", name="Waiting to be checked").click()
    page.get_by_role("link", name=f"Check {rows[0].reference}").click()
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_text("Release with words removed").click()
    page.get_by_label("The new words").fill("Ask [removed] in P7, please. 1")
    page.get_by_label("Why words were removed").fill("A name.")
    page.get_by_role("button", name="Release without these words").click()
    page.get_by_text("Refuse by a house rule").click()
    page.get_by_role("radio").check()
    page.get_by_role("button", name="Refuse", exact=True).click()
    page.get_by_role("button", name="I am worried").click()
    expect(page.get_by_text("Nothing waits to be checked.")).to_be_visible()
    assert Check.objects.count() == 4


def live() -> list[tuple[str, str, str]]:
    rows = Coding.objects.live().select_related("wording", "theme").order_by("pk")
    return [(one.wording.text[one.start : one.end], one.theme.code, one.stance) for one in rows]


def test_p3_words_are_sorted_by_keyboard_alone(site: Site, analyst: User) -> None:
    for number in range(1, 13):
        theme(analyst, f"T{number}")
    row = released(TEXT)
    page = site.window(user=analyst)
    page.goto(sort_address(row))
    text = page.locator("[data-text]")
    text.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):  # the second word and the third
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_contain_text(f"{FAMILY} said:")
    for key in "12f":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sorted under Topic T12.")).to_be_visible()
    expect(text).to_be_focused()
    for key in ("3", "a", "Enter"):  # the same words stay chosen for another topic
        page.keyboard.press(key)
    expect(page.get_by_text("Sorted under Topic T3.")).to_be_visible()
    assert live() == [(f"{FAMILY} said:", "T12", "for"), (f"{FAMILY} said:", "T3", "against")]


def drag(page: Page, first: str, last: str) -> None:
    """Select with the mouse from the first letter of one piece to the end of another."""
    pieces = page.locator("[data-text] [data-s]")
    start = pieces.filter(has_text=first).first.bounding_box()
    end = pieces.filter(has_text=last).first.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()


def test_words_chosen_with_the_mouse_are_exact_to_the_code_point(site: Site, analyst: User) -> None:
    theme(analyst)
    row = released(TEXT)
    page = site.window(user=analyst)
    page.goto(sort_address(row))
    drag(page, "\U0001d4d0", "first,")
    page.get_by_label("T1 Topic T1").check()
    page.get_by_label("Both ways").check()
    page.get_by_role("button", name="Sort these words").click()
    expect(page.get_by_text("Sorted under Topic T1.")).to_be_visible()
    assert live() == [("\U0001d4d0 first,", "T1", "mixed")]
    marked = page.locator("[data-text] .wb-piece--sorted").all_text_contents()
    assert "".join(marked) == "\U0001d4d0 first,"
    assert page.locator("[data-text]").text_content() == TEXT


def test_a_selection_by_mouse_takes_whole_words_and_shows_their_numbers(site: Site, analyst: User) -> None:
    theme(analyst)
    page = site.window(user=analyst)
    page.goto(sort_address(released(TEXT)))
    page.evaluate(
        """() => {
            const pieces = [...document.querySelectorAll("[data-text] [data-s]")];
            const first = pieces[0].firstChild; // Cafe and a combining accent
            const family = pieces[2].firstChild;
            // From between e and its accent to the middle of the joined emoji.
            document.getSelection().setBaseAndExtent(first, 4, family, 2);
            const text = document.querySelector("[data-text]");
            text.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
        }"""
    )
    expect(page.locator("[data-chosen]")).to_have_text(f"Chosen: “Cafe\u0301 {FAMILY}”")
    values = [page.locator(f"[name={name}]").input_value() for name in ("start", "end", "first", "last")]
    assert values == ["0", "9", "1", "2"]
    assert page.evaluate("getSelection().toString()") == f"Cafe\u0301 {FAMILY}"


def test_a_topic_is_found_by_typing_and_enter_takes_it(site: Site, analyst: User) -> None:
    theme(analyst, "T1", "Travel and cost")
    theme(analyst, "T2", "Labels")
    page = site.window(user=analyst)
    page.goto(sort_address(released(TEXT)))
    page.get_by_label("Find a topic").fill("cost")
    expect(page.get_by_label("T2 Labels")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_label("T1 Travel and cost")).to_be_checked()
    assert live() == []


def test_p3_words_are_sorted_and_taken_back_without_script(site: Site, analyst: User, width: int) -> None:
    theme(analyst)
    row = released(TEXT)
    page = site.window(user=analyst, javascript=False, width=width)
    page.goto(reverse("wagtailadmin_home"))
    page.get_by_role("link", name="Sort what people said").click()
    page.get_by_role("link", name=f"Sort {row.reference}").click()
    page.get_by_label("From word").fill("1")
    page.get_by_label("to word").fill("3")
    page.get_by_label("T1 Topic T1").check()
    page.get_by_role("button", name="Sort these words").click()
    assert live() == [(f"Cafe\u0301 {FAMILY} said:", "T1", "none")]
    page.get_by_role("button", name="Take back").click()
    assert live() == []
    expect(page.locator("s")).to_contain_text("Topic T1")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_unc_3_a_stranger_tells_us_and_loses_nothing_typed(site: Site, db: None, javascript: bool) -> None:
    page = site.window(javascript=javascript)
    page.goto("/help/#wrong")
    page.get_by_role("main").get_by_role("link", name="Tell us something is wrong").click()
    page.get_by_label("What is wrong?").fill("My name is shown.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("What is wrong?")).to_have_value("My name is shown.")
    page.get_by_text("Something on this site is wrong").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
