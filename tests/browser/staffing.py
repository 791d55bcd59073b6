"""The staff screens as those who work there use them: the door, the menu, the queue and the workbench."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from collaborative.contributions.models import Contribution
from tests.cast import PASSWORD

# Lines of the menu that belong to one role, by what they lead to.
OURS = {
    "Waiting to be checked": "waiting/",
    "Safeguarding": "safeguarding/",
    "Something is wrong": "wrong/",
    "Sort what people said": "sort/",
    "List of topics": "topics/",
    "Campaigns": "campaigns/",
    "What came of it": "feedback/",
    "Classes": "classes/",
    "Downloads for the team": "downloads/",
}


def sign_in(page: Page, email: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def assert_menu_is(page: Page, *own: str) -> None:
    """Of our lines the menu and the first page show these, and every other screen turns this person away."""
    page.goto("/admin/")
    menu = page.locator("#wagtail-sidebar")
    expect(menu.get_by_role("link", name="Home").or_(menu.get_by_role("link").first).first).to_be_visible()
    links = page.locator("a[href^='/admin/']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    for label, address in OURS.items():
        assert (f"/admin/{address}" in links) == (label in own), label
    for label, address in OURS.items():
        if label not in own:
            answer = page.request.get(f"/admin/{address}", max_redirects=0)
            assert answer.status in {302, 403}, label


class Queue:
    """What waits to be checked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> None:
        self.page.goto("/admin/waiting/")

    def waiting(self) -> list[str]:
        """The references that wait, oldest first."""
        self.open()
        return [
            text.removeprefix("Check ") for text in self.page.locator(".cs-thing__title").all_inner_texts()
        ]

    def look_at(self, row: Contribution) -> None:
        self.open()
        self.page.get_by_role("link", name=f"Check {row.reference}").click()

    def release(self) -> None:
        self.page.get_by_role("button", name="Release", exact=True).click()

    def refuse(self, rule: Any) -> None:
        self.page.get_by_text("Refuse by a house rule").click()
        self.page.get_by_label(str(rule)).check()
        self.page.get_by_role("button", name="Refuse", exact=True).click()

    def escalate(self) -> None:
        self.page.get_by_role("button", name="I am worried").click()

    def told(self, message: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(message)


class Workbench:
    """Words of one person, and the topics that they can be sorted into."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, row: Contribution) -> None:
        self.page.goto("/admin/sort/")
        self.page.get_by_role("link", name=f"Sort {row.reference}").click()
        expect(self.text).to_be_visible()

    @property
    def text(self) -> Locator:
        return self.page.locator("#wb-text")

    @property
    def chosen(self) -> Locator:
        return self.page.locator("[data-chosen]")

    def word(self, word: str) -> Locator:
        return self.text.locator("[data-n]", has_text=word).first

    def drag_over(self, first: str, last: str) -> None:
        """With the mouse, from before the first of these words to behind the last."""
        self.text.scroll_into_view_if_needed()
        begin, end = self.word(first).bounding_box(), self.word(last).bounding_box()
        assert begin is not None
        assert end is not None
        self.page.mouse.move(begin["x"] + 1, begin["y"] + begin["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=8)
        self.page.mouse.up()

    def sorted_so_far(self) -> list[str]:
        return self.page.locator("section[aria-labelledby=wb-live] li > p:first-child").all_inner_texts()
