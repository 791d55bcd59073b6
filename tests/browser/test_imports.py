"""Keying in by keyboard alone, and the way of a file: axe after each step, with and without script."""

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.consultations.models import Import
from collaborative.contributions.models import Receipt
from collaborative.people.models import User
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.consultations import making
from tests.consultations.imports.bringing import HEADINGS, row

Clean = Callable[..., None]


def type_into_each(page: Page, *keys: str) -> None:
    """Into one field after the other, as Tab leads on."""
    for text in keys:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_con_2_a_letter_is_keyed_in_by_keyboard_alone_and_the_next_begins_in_the_first_field(
    site: Site, secretary: User
) -> None:
    engagement = making.consultation()
    page = site.window(user=secretary)
    page.goto(f"/admin/answers/{engagement.pk}/key-in/")
    focused = page.locator(":focus")
    expect(focused).to_have_id("channel")
    today = timezone.localdate()
    type_into_each(page, "Paper", f"{today:%d/%m/%Y}", "26", "Myself", "Parents", "Publish without")
    type_into_each(page, "", "", "No", "")
    page.keyboard.press("ArrowDown")  # the first question: from "No answer" to its first choice
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("In P7").first).to_be_checked()
    page.locator("#feel-text").focus()
    page.keyboard.type("Like an exam.")
    page.get_by_role("button", name="Save and next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved, with 1 text")).to_be_visible()
    expect(page.locator(":focus")).to_have_id("channel")
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.permission, receipt.recontact) == ("paper", "anonymous", False)


def test_axe_finds_nothing_where_answers_are_keyed_in(
    site: Site, secretary: User, width: int, assert_axe_clean: Clean
) -> None:
    engagement = making.consultation()
    page = site.window(user=secretary, width=width, statuses=(422,))
    for address in ("/admin/answers/", f"/admin/answers/{engagement.pk}/key-in/"):
        page.goto(address)
        assert_axe_clean(page)
        assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("alert")).to_contain_text("Say how it came.")
    assert_axe_clean(page)
    page.get_by_role("alert").get_by_role("link", name="Say how it came.").click()
    expect(page.locator("#channel")).to_be_focused()
    assert_no_sideways_scrolling(page)


def test_a_file_goes_its_way_with_and_without_script(
    site: Site, editor: User, width: int, javascript: bool, assert_axe_clean: Clean, tmp_path: Path
) -> None:
    engagement = making.consultation()
    path = tmp_path / "answers.csv"
    cells = [HEADINGS, row("R1"), row("R2", Age="old")]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in cells))
    page = site.window(user=editor, width=width, javascript=javascript, statuses=(422,))

    def look() -> None:
        if javascript:
            assert_axe_clean(page)
            assert_no_sideways_scrolling(page)

    page.goto(f"/admin/answers/{engagement.pk}/file/")
    look()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    look()
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Words").select_option("q-feel")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("alert")).to_contain_text("people or organisations")
    look()
    page.get_by_label("Who answered").select_option("individual")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_text("“old” is not known")).to_be_visible()
    look()
    page.get_by_role("button", name="Let the 1 good row in").click()
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()
    look()
    assert Import.objects.get().done == Receipt.objects.count() == 1
