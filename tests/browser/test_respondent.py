"""Somebody does the whole of the first demonstration consultation on a phone: in two editions, with the
connection gone in the middle, with and without JavaScript; and is told when it closes on them."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative import demonstration
from collaborative.consultations import demo
from collaborative.consultations.closing import move_closing
from collaborative.contributions.models import Draft, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from home.tree import lay_out
from tests.browser.answering import Answering, receipt_of
from tests.browser.conftest import PHONE, Site, assert_no_sideways_scrolling
from tests.browser.test_staff_axe import Clean
from tests.consultations.making import consultation, group

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "An exam. Or a form that somebody fills in about me."
BARRIER = "A bus that leaves before it ends. Pay for the later one."


@pytest.fixture
def standing(transactional_db: None) -> None:
    lay_out()
    for slug, name in (("parents", "Parents and carers"), ("young-people", "Young people")):
        group(slug, name)
    rows = demonstration.read("consultations", "consultations")["consultation"]
    asked = next(row["question"] for row in rows if row["slug"] == demo.FIRST)
    consultation(questions=demo._questions(asked), editions=["young", "easy-read"])


def in_easy_read(page: Page) -> None:
    page.get_by_text("Ask me in other words").click()
    page.get_by_role("button", name="Easy Read").click()


def kept_by_the_browser(page: Page) -> None:
    """Soon after the last letter. Asked again and again: the policy of the page lets no string be evaluated
    later."""
    deadline = time.monotonic() + 10
    while WORDS not in page.evaluate("JSON.stringify({...localStorage})"):
        assert time.monotonic() < deadline, "nothing is kept in the browser"
        page.wait_for_timeout(50)


def lose_the_connection(page: Page, javascript: bool) -> None:
    """In the middle of a sentence, with Continue pressed. Then it is back."""
    page.context.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    if javascript:
        expect(page.get_by_text("You have no connection.")).to_be_visible()
        expect(page.get_by_label("What would make the talk bad?")).to_have_value(WORDS)
        page.context.set_offline(False)
        return
    # The browser's own page, on which "try again" sends the same once more.
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.reload()


def test_the_whole_of_it_on_a_phone_offline_in_the_middle_in_two_editions(
    site: Site, standing: None, javascript: bool, assert_axe_clean: Clean
) -> None:
    page = site.window(width=PHONE, javascript=javascript)
    someone = Answering(page)
    someone.find_it()
    someone.say_who()
    someone.heading("When should a first talk about strengths and hopes happen?")
    someone.tick("In P7, before the summer")
    someone.go_on()
    someone.heading("Who would you want to have that talk with?")
    someone.tick("Youth worker", "Someone at home")
    in_easy_read(page)
    someone.heading("Who would you like to talk to?")
    expect(page.get_by_label("Youth worker")).to_be_checked()
    expect(page.get_by_label("Someone at home")).to_be_checked()
    someone.go_on()
    page.get_by_label("What would make the talk bad?").fill(WORDS)
    if javascript:
        # The browser goes down before anything was sent, and comes up again.
        kept_by_the_browser(page)
        address, context = page.url, page.context
        page.close()
        page = context.new_page()
        page.goto(address)
        someone = Answering(page)
        expect(page.get_by_text("We have put back what you typed")).to_be_visible()
        expect(page.get_by_label("What would make the talk bad?")).to_have_value(WORDS)
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)
    lose_the_connection(page, javascript)
    if javascript:
        someone.go_on()
    someone.heading("Should everyone have this talk?")
    someone.tick("Agree")
    someone.go_on()
    page.get_by_label("What could make it hard to join in? What would help?").fill(BARRIER)
    someone.go_on()
    page.get_by_role("link", name="Skip this question").click()
    someone.tick("Publish without a name")
    someone.go_on()
    someone.tick("No")
    someone.go_on()
    someone.heading("Check your answers")
    for words in (WORDS, BARRIER, "In P7, before the summer", "Someone at home"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    someone.heading("Thank you. We have it.")
    page.get_by_text("What you sent", exact=True).click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert_no_sideways_scrolling(page)
    if javascript:
        assert_axe_clean(page)
        assert page.evaluate("Object.keys(localStorage).length") == 0
    receipt = Receipt.objects.get()
    assert (receipt.edition, receipt.language, receipt.channel) == ("easy-read", "en-gb", "web")
    assert receipt.contributions.count() == 2 and receipt.choices.count() == 3
    assert not Draft.objects.exists()
    assert "You told us 2 things." in receipt_of(page, someone.code())


def test_it_closes_in_the_middle_of_an_answer_and_more_time_lets_it_be_sent(
    site: Site, standing: None, javascript: bool, editor: User, assert_axe_clean: Clean
) -> None:
    page = site.window(width=PHONE, javascript=javascript, statuses=(410,))
    someone = Answering(page)
    someone.find_it()
    someone.say_who()
    someone.go_on()
    someone.go_on()
    page.get_by_label("What should it never feel like?").fill(WORDS)
    engagement, then = Engagement.objects.get(), timezone.now()
    last = engagement.closes_at
    move_closing(engagement, then, "We have no more room to read.", by=editor)
    someone.go_on()
    someone.heading("This has closed")
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert_no_sideways_scrolling(page)
    if javascript:
        assert_axe_clean(page)
    move_closing(engagement, last, "We found more room.", by=editor)
    page.goto("/consultations/starting/?now")  # a page out of the cache may be a second old
    expect(page.get_by_text("We found more room.")).to_be_visible()
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("link", name="Carry on").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("What should it never feel like?")).to_have_value(WORDS)
