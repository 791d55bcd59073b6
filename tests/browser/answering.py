"""The answering screens as somebody goes through them, by mouse and with or without script."""

import re

from playwright.sync_api import Page, expect

from tests.browser.scene import TITLE

TOO_MANY = "Choose up to 2."


class Answering:
    """One window in which somebody answers. Every screen has one heading and one Continue."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def go_on(self) -> None:
        self.page.get_by_role("button", name="Continue").click()

    def find_it(self) -> None:
        """From the front page, as a stranger comes upon it."""
        self.page.goto("/consultations/")
        self.page.get_by_role("link", name=TITLE).click()
        self.page.get_by_role("link", name="Start", exact=True).click()
        self.heading("How old are you?")

    def say_who(self, age: str = "26 or over", group: str = "Parents and carers") -> None:
        self.tick(age)
        self.go_on()
        self.heading("Who do you answer for?")
        self.tick("Myself", group)
        self.go_on()

    def tick(self, *labels: str) -> None:
        """Press these labels: they lie over the boxes that they belong to."""
        for label in labels:
            self.page.locator("label", has_text=re.compile(f"^{label}$")).click()

    def error(self, field: str, message: str) -> None:
        """The message stands in the summary, as a link to the field, and beside the field."""
        summary = self.page.locator(".ds_error-summary")
        expect(summary.get_by_role("link", name=message)).to_have_attribute("href", f"#{field}")
        expect(self.page.locator(f"#{field}-error")).to_contain_text(message)

    def code(self) -> str:
        return self.page.locator(".cs_code").inner_text().strip()

    def type_code(self, code: str) -> None:
        """At “I have a code”, which stands at the top of every page."""
        self.page.get_by_role("link", name="I have a code").first.click()
        self.page.get_by_label("Your code").fill(code.lower().replace("-", " "))
        self.page.get_by_role("button", name="Go").click()


def receipt_of(page: Page, code: str) -> str:
    """The words of the page that a code opens."""
    page.goto("/receipt/")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of what you said")
    return page.locator("main").inner_text()
