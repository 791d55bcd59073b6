"""A file is sent from a phone without a script, and from a desk by the keys; a moderator downloads it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collaborative.contributions.models import Contribution
from collaborative.people.models import User
from home.tree import lay_out
from tests.browser.answering import Answering
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.browser.test_staff_axe import Clean
from tests.consultations.files.making import PDF, consultation, docx
from tests.consultations.making import group

QUESTION = "Send us your paper"
SEEN = os.environ.get("SEEN", "")


@pytest.fixture
def standing(transactional_db: None) -> None:
    lay_out()
    group("parents", "Parents and carers")
    consultation()


def choose(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label(QUESTION).set_input_files(file)  # type: ignore[arg-type]


def begin(page: Page) -> Answering:
    someone = Answering(page)
    page.goto("/consultations/starting/respond/age/")
    someone.say_who()
    page.get_by_label("What about say?").fill("See our paper.")
    someone.go_on()
    someone.heading(QUESTION)
    return someone


def see(page: Page, name: str) -> None:
    if SEEN:
        page.screenshot(path=f"{SEEN}/{name}.png", full_page=True)


def test_a_file_is_sent_from_a_phone_without_a_script(site: Site, standing: None) -> None:
    page = site.window(width=360, javascript=False, statuses=(422,))
    someone = begin(page)
    see(page, "phone-empty")
    choose(page, "our view.pdf", b"MZ\x00 a program")
    someone.go_on()
    someone.error(
        "file",
        "We cannot take this kind of file here. Send one of these: PDF, Word (.docx), OpenDocument (.odt), "
        "Plain text (.txt), Picture (JPEG), Picture (PNG).",
    )
    see(page, "phone-error")
    choose(page, "our view.pdf", PDF)
    someone.go_on()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator("#file-kept")).to_contain_text("our view.pdf (1 KB)")
    assert_no_sideways_scrolling(page)
    see(page, "phone-kept")
    choose(page, "better.docx", docx())
    someone.go_on()
    page.get_by_label("Publish without a name").check(force=True)
    someone.go_on()
    page.get_by_label("No", exact=True).check(force=True)
    someone.go_on()
    expect(page.locator("#row-q-paper")).to_contain_text("better.docx")
    page.get_by_role("button", name="Send my answers").click()
    page.locator("summary", has_text="What you sent").click()
    expect(page.get_by_text("better.docx")).to_be_visible()


def test_the_field_is_reached_and_the_file_removed_by_the_keys(
    site: Site, standing: None, moderator: User, assert_axe_clean: Clean
) -> None:
    page = site.window(width=1280)
    someone = begin(page)
    choose(page, "our view.pdf", PDF)
    someone.go_on()
    page.get_by_role("link", name="Back", exact=True).click()
    assert_axe_clean(page)
    see(page, "desk-kept")
    keys = Keys(page)
    keys.to(page.get_by_label("Remove this file"))
    keys.press("Space")
    keys.to(page.get_by_label(QUESTION))
    keys.push("Continue")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator("#file-kept")).to_have_count(0)
    choose(page, "our view.pdf", PDF)
    someone.go_on()
    page.get_by_label("Publish without a name").check(force=True)
    someone.go_on()
    page.get_by_label("No", exact=True).check(force=True)
    someone.go_on()
    page.get_by_role("button", name="Send my answers").click()
    someone.heading("Thank you. We have it.")
    said = Contribution.objects.get(prompt_key="paper")
    desk = site.window(width=1280, user=moderator)
    desk.goto(f"/admin/waiting/{said.reference}/")
    see(desk, "desk-moderator")
    assert_axe_clean(desk)
    with desk.expect_download() as got:
        desk.get_by_role("link", name="Download the file").click()
    assert got.value.suggested_filename == "our view.pdf"
    assert Path(got.value.path()).read_bytes() == PDF
