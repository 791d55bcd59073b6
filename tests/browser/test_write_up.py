"""A write-up in a browser: written by who ran the workshop, put right by who was there, read by everyone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.changemakers.room import giving
from collaborative.changemakers.writeup.models import Correction, WriteUp
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.writeup.writing import address, grouped, note, over, running

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESKTOP, False)])
def test_from_the_draft_to_what_everyone_reads(
    site: Site, assert_axe_clean: Clean, width: int, javascript: bool
) -> None:
    place = running()
    ann = person(place)
    a, b = note(place, "The ferry is late, and nobody tells us", ann), note(place, "The bus leaves at two")
    note(place, "Somebody answered the phone at once")
    grouped("Getting there", a, b)
    place = over(place)

    def looked_at(page: Page) -> None:
        page.wait_for_timeout(500)  # Wagtail fades its messages in
        assert_no_sideways_scrolling(page)
        if javascript or page is desk:  # axe is a script: without, it would wait for ever
            assert_axe_clean(page)

    desk = site.window(user=boarding.facilitator(), width=width)
    desk.goto(f"/admin/write-ups/{place.pk}/")
    expect(desk.get_by_text("Before anyone is shown it:")).to_be_visible()
    desk.get_by_label("What came of it").fill("People want one door.")
    desk.get_by_label("How people worked").fill("Notes in silence, then groups.")
    desk.get_by_label("How people heard of it").fill("By letter and at the ferry office.")
    looked_at(desk)
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Show it to those who took part").click()
    expect(desk.get_by_text("Those who took part read it").first).to_be_visible()
    looked_at(desk)

    reader = site.window(width=width, javascript=javascript, statuses=(422,))
    reader.goto(address(place))
    looked_at(reader)
    ann.refresh_from_db()
    reader.get_by_label("Your code").fill(giving.receipt_code(ann))
    reader.get_by_role("button", name="Go").click()
    expect(reader.get_by_role("heading", name="Getting there")).to_be_visible()
    looked_at(reader)
    reader.get_by_role("button", name="Send it").click()
    expect(reader.get_by_text("Write what we should put right.").first).to_be_visible()
    looked_at(reader)
    reader.get_by_label("Is it about something").select_option(index=1)
    reader.get_by_label("What did we get wrong").fill("It is late on Fridays only.")
    reader.get_by_role("button", name="Send it").click()
    expect(reader.get_by_text("Nobody has answered this yet.")).to_be_visible()
    looked_at(reader)

    desk.goto(f"/admin/write-ups/{place.pk}/")
    desk.get_by_role("link", name="Answer it").click()
    desk.get_by_label("We did not change the write-up").check()
    desk.get_by_label("Why").fill("The note stands as you wrote it.")
    looked_at(desk)
    desk.get_by_role("button", name="Answer", exact=True).click()
    assert Correction.objects.get().answer == "not"
    past = timezone.now() - timedelta(days=1)
    WriteUp.objects.update(shared_at=past - timedelta(days=7), ends_at=past)
    desk.goto(f"/admin/write-ups/{place.pk}/")
    desk.get_by_role("button", name="Publish it").click()
    expect(desk.get_by_role("link", name="What is published")).to_be_visible()
    looked_at(desk)

    everyone = site.window(width=width, javascript=javascript)
    everyone.goto(f"/changemakers/{place.slug}/")
    everyone.get_by_role("link", name="Read the whole write-up").click()
    expect(everyone.get_by_text("The bus leaves at two")).to_be_visible()
    expect(everyone.get_by_text("Fridays")).to_have_count(0)
    looked_at(everyone)
    reader.reload()
    expect(reader.get_by_text("The note stands as you wrote it.")).to_be_visible()
    looked_at(reader)
