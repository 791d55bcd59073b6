"""The Wagtail editor as editors and board members use it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

# Whether the editor has taken note of all that stands in the form. It begins to, two seconds after it opened,
# and keeps each change as a draft soon after. Who presses “Publish” before that, and is refused, is told that
# a newer version was saved in another window.
QUIET = """
() => {
  const form = document.querySelector("#page-edit-form");
  const watch = form && window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved");
  return Boolean(watch?.initialFormData) && watch.initialFormData === watch.formData;
}
"""


class Editor:
    """One page of the site in the editor. Fields go by the name that Wagtail gives them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keeps_itself = True

    def open(self, pk: int) -> None:
        self.page.goto(reverse("wagtailadmin_pages:edit", args=[pk]))
        self.is_quiet()
        self.keeps_itself = True

    def is_quiet(self) -> None:
        """Everything that was typed is kept as a draft, and nothing is on its way."""
        self.page.wait_for_function(QUIET)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def error(self, name: str) -> Locator:
        """What stands at this field of this block."""
        return self.page.locator(f"#{name}-errors")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Do something to the form, and wait until the editor has kept it as a draft.

        After a refusal Wagtail keeps the form once and then no more until the page is opened again.
        """
        yield
        if self.keeps_itself:
            self.is_quiet()

    def write(self, name: str, text: str) -> None:
        with self.kept():
            self.field(name).fill(text)

    def pick(self, name: str, option: str) -> None:
        with self.kept():
            self.field(name).select_option(option)

    def add(self, stream: str) -> None:
        """Another block at the end of a list that has one kind of block."""
        with self.kept():
            self.page.locator(f"#{stream}-root").get_by_role("button", name="Insert a block").last.click()

    def choose(self, name: str, what: str) -> list[str]:
        """Open the chooser of this field and take the line that says this. Returns all that it offered."""
        self.page.locator(f"#{name}-chooser").get_by_role("button", name=re.compile("^Choose")).click()
        modal = self.page.locator(".modal-body")
        line = modal.get_by_role("link", name=re.compile(re.escape(what))).first
        expect(line).to_be_visible()
        offered = modal.locator("tbody td.title").all_inner_texts()
        with self.kept():
            line.click()
            expect(self.page.locator(f"#{name}-title")).to_contain_text(what)
        return offered

    @property
    def _foot(self) -> Locator:
        return self.page.locator("footer nav.actions")

    def actions(self) -> list[str]:
        """The words on the buttons at the foot, those behind “More actions” too."""
        words = self._foot.locator("button:not([aria-expanded])").all_text_contents()
        return [" ".join(text.split()) for text in words]

    def act(self, name: str) -> None:
        """Press a button at the foot, behind “More actions” where it is there."""
        button = self._foot.get_by_role("button", name=name, exact=True)
        expect(self._foot.locator("button").first).to_be_visible()
        if not button.is_visible():
            self._foot.get_by_role("button", name="More actions").click()
        button.click()

    def is_refused(self, name: str) -> None:
        """Press, and be told that something is missing. What was typed is kept as a draft."""
        self.act(name)
        self.told("could not be saved due to validation errors")
        self.is_quiet()
        self.keeps_itself = False

    def told(self, message: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(message)
