"""A class from the asking to the summary: teacher, staff and pupils, with axe, by keyboard, on one device."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.consultations.classes import actions, counts, keys
from collaborative.consultations.models import ClassSession
from collaborative.contributions.models import Contribution, Draft, Receipt
from collaborative.people.models import User
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.consultations.classes import making

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def looked_at(page: Page, assert_axe_clean: Clean, *, within: str | None = None) -> None:
    assert_axe_clean(page, within=within)
    assert_no_sideways_scrolling(page)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def join(page: Page, session: ClassSession) -> None:
    page.goto("/join/")
    page.get_by_label("Your code").fill(keys.class_code(session))
    page.get_by_role("button", name="Carry on").click()
    heading(page, "How old are you?")


def answer(page: Page, words: str) -> None:
    """From the age to the receipt, as a pupil of 12 does it."""
    page.get_by_text("12", exact=True).click()
    go_on(page)
    page.get_by_text("P7", exact=True).click()
    go_on(page)
    page.get_by_role("link", name="Skip this question").click()
    page.get_by_label("What would make it rubbish?").fill(words)
    go_on(page)
    for _question in range(2):
        page.get_by_role("link", name="Skip this question").click()
    page.get_by_text("No, do not show it").click()
    go_on(page)
    page.get_by_role("button", name="Send my answers").click()
    heading(page, "Thank you. We have it.")


def test_kid_1_three_pupils_on_one_device_leave_nothing_to_the_next_back_included(
    site: Site, width: int, javascript: bool
) -> None:
    session = making.approved()
    page = site.window(width=width, javascript=javascript, statuses=(410,))
    join(page, session)
    for n in range(3):
        words = f"Said by number {n}."
        answer(page, words)
        code = page.locator(".cs_code").inner_text()
        page.get_by_role("button", name="Finish and clear this screen").click()
        heading(page, "This screen is clear")
        for _step in range(8):
            page.go_back()
            expect(page.locator("body")).not_to_contain_text(words)
            expect(page.locator("body")).not_to_contain_text(code)
            assert words not in str(page.locator("textarea").evaluate_all("all => all.map(a => a.value)"))
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") if javascript else ""
        assert words not in kept
        page.goto(f"/join/?cleared=1&c={keys.class_code(session)}")
        page.get_by_role("button", name="Carry on").click()  # the next pupil types nothing
        heading(page, "How old are you?")
    assert Receipt.objects.count() == 3
    session.refresh_from_db()
    assert session.began == 4


@pytest.mark.long
def test_kid_2_thirty_windows_join_at_once_and_each_sends_its_own_words(site: Site) -> None:
    """Nobody waits for anybody: every press is made in all windows before the first answer is looked at."""
    session = making.approved()
    pupils = [site.window(width=360, javascript=number % 2 == 0) for number in range(30)]
    for page in pupils:
        page.goto("/join/")
        page.get_by_label("Your code").fill(keys.class_code(session))

    def all_press(button: str, title: str) -> None:
        for page in pupils:
            page.get_by_role("button", name=button).click(no_wait_after=True)
        for page in pupils:
            expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=60_000)

    all_press("Carry on", "How old are you?")
    for page in pupils:
        page.get_by_text("12", exact=True).click()
    all_press("Continue", "When do you want it?")
    for number, page in enumerate(pupils):
        for _question in range(2):
            page.get_by_role("link", name="Skip this question").click()
        page.get_by_label("What would make it rubbish?").fill(f"Said by number {number}.")
        go_on(page)
        for _question in range(2):
            page.get_by_role("link", name="Skip this question").click()
        page.get_by_text("No, do not show it").click()
        go_on(page)
    all_press("Send my answers", "Thank you. We have it.")
    said = set(Contribution.objects.values_list("wordings__text", flat=True))
    assert said == {f"Said by number {number}." for number in range(30)}
    session.refresh_from_db()
    assert counts.now(session) == {"began": 30, "sent": 30}


def test_kid_1_a_pupil_stops_unseen_and_the_screen_is_clear(site: Site, width: int) -> None:
    session = making.approved()
    page = site.window(width=width)
    join(page, session)
    page.get_by_text("12", exact=True).click()
    go_on(page)
    page.get_by_role("button", name="Stop").click()
    heading(page, "Do you want to stop?")
    page.get_by_role("button", name="Stop and clear this screen").click()
    heading(page, "This screen is clear")
    assert not Draft.objects.exists()
    page.go_back()
    expect(page.get_by_role("heading", name="When do you want it?")).to_have_count(0)


def test_axe_finds_nothing_on_the_screens_of_a_pupil(site: Site, width: int, assert_axe_clean: Clean) -> None:
    session = making.approved()
    for key in ("who", "agree", "promises"):
        actions.set_question(session, key, open_=False)
    page = site.window(width=width, statuses=(410,))
    join(page, session)
    looked_at(page, assert_axe_clean)
    page.get_by_text("12", exact=True).click()
    go_on(page)
    looked_at(page, assert_axe_clean)
    page.get_by_text("P7", exact=True).click()
    go_on(page)
    page.get_by_role("link", name="Skip this question").click()
    heading(page, "That is all for now")
    looked_at(page, assert_axe_clean)
    page.get_by_role("button", name="Look for the next question").click()
    expect(page.get_by_text("Nothing new yet.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    page.get_by_role("button", name="Finish my answers").click()
    actions.end(session)
    page.get_by_text("No, do not show it").click()
    go_on(page)
    expect(page.get_by_text("You can still send what you wrote")).to_be_visible()
    looked_at(page, assert_axe_clean)
    page.get_by_role("button", name="Stop").click()
    looked_at(page, assert_axe_clean)
    _ended_long_ago(session)
    page.get_by_role("link", name="Carry on").click()
    heading(page, "The lesson is over")
    looked_at(page, assert_axe_clean)
    page.get_by_role("button", name="Clear this screen").click()
    heading(page, "This screen is clear")
    looked_at(page, assert_axe_clean)


def _ended_long_ago(session: ClassSession) -> None:
    """The server has a clock of its own: move the window instead."""
    past = timezone.now() - timedelta(minutes=30)
    ClassSession.objects.filter(pk=session.pk).update(closes_at=past, ended_at=None)
    assert session.join_code is not None
    type(session.join_code).objects.filter(pk=session.join_code.pk).update(valid_until=past)


def test_a_teacher_asks_and_leads_and_axe_finds_nothing(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    making.place()
    page = site.window(width=width, statuses=(422,))
    page.goto("/consultations/starting/")
    page.get_by_role("link", name="With a class: for teachers").click()
    heading(page, "Take part with a class")
    looked_at(page, assert_axe_clean)
    page.get_by_label("Your name").fill("Ms Baird")
    page.get_by_role("button", name="Ask for this lesson").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, assert_axe_clean)
    assert page.get_by_label("Your name").input_value() == "Ms Baird"
    _fill(page)
    page.get_by_role("button", name="Ask for this lesson").click()
    heading(page, "We have your request")
    looked_at(page, assert_axe_clean)
    session = ClassSession.objects.get()
    actions.approve(session, by=editor)
    page.goto(f"/class/{keys.token_of(session)}/")
    looked_at(page, assert_axe_clean)
    page.get_by_role("button", name="Close question 3").click()
    expect(page.get_by_role("button", name="Open question 3")).to_be_visible()
    looked_at(page, assert_axe_clean)
    page.get_by_role("link", name="A sheet to print").click()
    expect(page.get_by_role("img", name="The same as a picture")).to_be_visible()
    looked_at(page, assert_axe_clean)
    page.get_by_role("link", name="Back to your class").click()
    page.get_by_role("button", name="End the lesson now").click()
    expect(page.get_by_text("The numbers stand here after that.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    _summarised(page, session, assert_axe_clean)


def _fill(page: Page) -> None:
    day = timezone.localdate() + timedelta(days=2)
    for label, text in (
        ("Your e-mail address at work", "baird@school.example"),
        ("Your school or club", "Inverallan High"),
        ("Which year or years", "S1"),
        ("About how many pupils", "24"),
        ("Day", day.isoformat()),
        ("Starts at", "10:15"),
        ("Ends at", "11:05"),
        ("Their name", "Jo"),
        ("Their telephone number", "0131 496 0999"),
        ("When can they be reached?", "Monday to Friday"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_text("12", exact=True).click()
    page.get_by_text("Families know about this lesson").click()


def _summarised(page: Page, session: ClassSession, assert_axe_clean: Clean) -> None:
    ClassSession.objects.filter(pk=session.pk).update(ended_at=timezone.now() - timedelta(hours=1))
    page.reload()
    expect(page.get_by_text("Numbers below 10 are hidden")).to_be_visible()
    looked_at(page, assert_axe_clean)


def test_the_two_numbers_come_by_themselves_where_there_is_script(site: Site) -> None:
    session = making.approved()
    page = site.window()
    page.goto(f"/class/{keys.token_of(session)}/")
    counts = page.locator("[data-counts]")
    expect(counts.locator("dd").first).to_have_text("0")
    making.pupil(session)
    expect(counts.locator("dd").first).to_have_text("1", timeout=15_000)


def test_the_two_numbers_come_by_a_link_without_script(site: Site) -> None:
    session = making.approved()
    page = site.window(javascript=False)
    page.goto(f"/class/{keys.token_of(session)}/")
    making.sends(session)
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("[data-counts] dd")).to_have_text(["1", "1"])


def test_staff_decide_by_keyboard_and_axe_finds_nothing(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    session = making.asked()
    page = site.window(width=width, user=editor, statuses=(422,))
    page.goto("/admin/classes/")
    looked_at(page, assert_axe_clean, within="main")
    page.goto(f"/admin/classes/{session.pk}/")
    looked_at(page, assert_axe_clean, within="main")
    keys_only = Keys(page)
    keys_only.push("Do not approve")
    expect(page.get_by_text("Say why. The teacher reads it.")).to_be_visible()
    looked_at(page, assert_axe_clean, within="main")
    keys_only.push("Approve")
    expect(page.locator(".messages")).to_contain_text("Approved.")
    page.goto(f"/admin/classes/{session.pk}/")
    looked_at(page, assert_axe_clean, within="main")


def test_a_teacher_and_a_pupil_without_a_mouse(site: Site, width: int) -> None:
    session = making.approved()
    teacher = Keys(site.window(width=width))
    teacher.page.goto(f"/class/{keys.token_of(session)}/")
    teacher.push("Close question 2")
    expect(teacher.page.get_by_role("button", name="Open question 2")).to_be_visible()
    pupil = Keys(site.window(width=width))
    pupil.page.goto(f"/join/?c={keys.class_code(session)}")
    pupil.push("Carry on")
    pupil.to(pupil.page.get_by_role("radio").first)
    pupil.press("Space")
    pupil.push("Continue")
    pupil.push("Stop")
    pupil.push("Stop and clear this screen")
    heading(pupil.page, "This screen is clear")
    teacher.push("End the lesson now")
    expect(teacher.page.get_by_text("It ended on")).to_be_visible()
