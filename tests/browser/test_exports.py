"""Taking answers out, asking for the raw ones and letting a colleague have them: axe on each screen."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from collaborative.consultations.models import Export, RawRequest
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.cast import person
from tests.consultations import making
from tests.consultations.exports.taking import commas, released

Clean = Callable[..., None]


def test_p3_two_people_let_the_raw_answers_out_and_one_takes_them(
    site: Site, analyst: User, moderator: User, width: int, javascript: bool, assert_axe_clean: Clean
) -> None:
    place = making.consultation()
    released(place, "=1+1, said somebody.", moderator, name="Nan Named")
    second = person("Second", Role.ADMINISTRATORS)
    mine = site.window(user=analyst, width=width, javascript=javascript, statuses=(422,))
    theirs = site.window(user=second, width=width, javascript=javascript, statuses=(422,))

    def look(page: Page) -> None:
        if javascript:
            assert_axe_clean(page)
            assert_no_sideways_scrolling(page)

    mine.goto("/admin/downloads/")
    mine.get_by_role("link", name=place.title).click()
    look(mine)
    mine.get_by_label("A row for each answer").check()
    mine.get_by_label("CSV", exact=True).check()
    with mine.expect_download() as download:
        mine.get_by_role("button", name="Download").click()
    assert commas(download.value.path().read_bytes())[1][-5] == "'=1+1, said somebody."
    mine.get_by_role("link", name="Ask for the raw answers").click()
    mine.get_by_role("button", name="Ask").click()
    expect(mine.get_by_role("alert")).to_contain_text("Say what you need them for.")
    look(mine)
    mine.get_by_label("What do you need them for?").fill("To write to those who want to hear.")
    mine.get_by_role("button", name="Ask").click()
    expect(mine.get_by_text("Nobody approves their own.")).to_be_visible()
    mine.reload()  # without the message, which fades in: colours in between are nobody's choice
    look(mine)

    theirs.goto("/admin/")
    theirs.locator("main").get_by_role("link", name="Downloads for the team").click()
    expect(theirs.get_by_role("link", name=place.title)).to_be_visible()
    look(theirs)
    theirs.get_by_role("link", name=place.title).click()
    expect(theirs.get_by_text("To write to those who want to hear.")).to_be_visible()
    theirs.get_by_role("button", name="Do not approve").click()
    expect(theirs.get_by_role("alert")).to_contain_text("Say why not")
    look(theirs)
    theirs.get_by_role("button", name="Approve for two days").click()
    expect(theirs.get_by_text("It stands until")).to_be_visible()
    assert RawRequest.objects.get().state == "approved"

    mine.reload()
    mine.get_by_label("CSV", exact=True).check()
    with mine.expect_download() as download:
        mine.get_by_role("button", name="Download the raw answers").click()
    assert "Nan Named" in download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename.startswith("starting-responses-raw-")
    mine.reload()
    look(mine)
    mine.goto("/admin/downloads/")
    expect(mine.get_by_text("Yes; approved by Second")).to_be_visible()
    look(mine)
    assert Export.objects.count() == 2
