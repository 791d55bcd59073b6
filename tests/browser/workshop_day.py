"""The second workshop of the demonstration set, and five people in it, each in their own way."""

import re
import uuid
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from collaborative.changemakers.demo import EMPLOYERS, load_page
from collaborative.changemakers.models import SessionPage
from collaborative.demonstration import Days
from collaborative.people import demo as people
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.keys import Keys
from tests.cast import PASSWORD
from tests.changemakers.workshops import index

HERE = f"/changemakers/{EMPLOYERS}/"
SOON = 30_000  # what another process did comes with the next heartbeat where there is no Redis


def announced() -> SessionPage:
    """Its page as the demonstration set has it, the day still to come."""
    people.load(PASSWORD)
    page = load_page(EMPLOYERS, index(), Days(timezone.localdate()), people.user("Moira Kell"))
    return moved(page, timezone.now() + timedelta(days=2))


def moved(page: SessionPage, begins: datetime) -> SessionPage:
    """Published anew for another time."""
    page = SessionPage.objects.get(pk=page.pk)
    assert page.opens_at is not None and page.closes_at is not None
    lasts = page.closes_at - page.opens_at
    page.opens_at, page.closes_at = begins, begins + lasts
    page.save_revision().publish()
    return SessionPage.objects.get(pk=page.pk)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def tick(page: Page, label: str) -> None:
    """Press this label: it lies over the box that it belongs to."""
    page.locator("label", has_text=re.compile(f"^{re.escape(label)}$")).first.click()


class Guest:
    """Somebody who takes part, with a mouse or a finger. See `site.window`."""

    def __init__(self, site: Site, name: str, age: str, group: str, **window: object) -> None:
        self.name, self.age, self.group = name, age, group
        self.page = site.window(**{"width": PHONE, "statuses": (409, 422), **window})  # type: ignore[arg-type]
        self.email = (
            f"{name.lower()}-{uuid.uuid4().hex[:8]}@people.example"  # the post of other tests lies there too
        )
        self.place = ""  # the path of their private link

    def tick(self, label: str) -> None:
        tick(self.page, label)

    def write(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def push(self, name: str) -> None:
        press(self.page, name)

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def told(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading, timeout=SOON)

    def register(self, *, by_adult: bool = False, needs: str = "") -> None:
        """From the page of the workshop to the letter with the private link."""
        self.page.goto(HERE)
        self.follow("Register")
        self.tick(self.age)
        if by_adult:
            self.tick("The name and the address below are those of an adult who comes along")
        self.write("What should we call you?", self.name)
        self.write("E-mail address", self.email)
        self.tick(self.group)
        if needs:
            self.page.locator("#needs").fill(needs)
        self.push("Register")
        self.told("Look into your e-mail")
        self.place = link_in(letters_to(self.email)[-1])

    def come_in(self, permission: str = "Without my name", code: str = "") -> None:
        """By the code that stands on the wall, or by the private link."""
        if code:
            self.page.goto("/join/")
            self.write("Your code", code.lower())
            self.push("Carry on")
        else:
            self.page.goto(self.place)
            self.told("You have a place")
            self.follow("Come in")
        self.told("Before you come in")
        self.tick(self.age)
        self.tick(self.group)
        self.tick(permission)
        if permission == "With my name":
            self.page.locator("#name").fill(self.name)
        self.push("Come in")
        self.told("We begin soon")

    def note(self, column: str, words: str) -> None:
        self.tick(column)
        self.write("Your note, one thing at a time", words)
        self.push("Add note")
        expect(self.page.locator("#mine")).to_contain_text(words)

    def vote(self, choice: str) -> None:
        self.tick(choice)
        self.page.locator("[data-ballot] button[type=submit]").click()
        expect(self.page.get_by_text("Your vote is saved").first).to_be_visible()


class KeyGuest(Guest):
    """The same without a mouse. At every stop the focus must be seen."""

    @property
    def keys(self) -> Keys:
        return Keys(self.page)

    def tick(self, label: str) -> None:
        """Tab to the group of the choice, then the arrows; a box that stands alone is pressed."""
        wanted = self.page.get_by_label(label, exact=True).first
        first = self._first_of(wanted)
        self.keys.to(first)
        self.keys.press("Space")
        for _step in range(20):
            if wanted.is_checked():
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"The arrows never came to {label}")

    def _first_of(self, wanted: Locator) -> Locator:
        name = wanted.get_attribute("name")
        checked = self.page.locator(f"input[name='{name}']:checked")
        return checked if checked.count() else self.page.locator(f"input[name='{name}']").first

    def write(self, label: str, words: str) -> None:
        self.keys.to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(words)

    def push(self, name: str) -> None:
        self.keys.push(name)

    def follow(self, name: str) -> None:
        self.keys.follow(name)

    def vote(self, choice: str) -> None:
        self.tick(choice)
        self.keys.to(self.page.locator("[data-ballot] button[type=submit]"))
        self.keys.press("Enter")
        expect(self.page.get_by_text("Your vote is saved").first).to_be_visible()


class PlainGuest(Guest):
    """The same without script: forms, and looking again."""

    def __init__(self, *args: object, **window: object) -> None:
        super().__init__(*args, javascript=False, **window)  # type: ignore[arg-type]

    def told(self, heading: str) -> None:
        title = self.page.get_by_role("heading", level=1)
        again = self.page.get_by_role("link", name="Look again")
        if again.count() and title.inner_text() != heading:
            again.click()
        super().told(heading)


def drop_line(guest: Guest) -> None:
    guest.page.context.set_offline(True)
    guest.page.evaluate("dispatchEvent(new Event('offline'))")
    expect(guest.page.locator("[data-line]")).to_contain_text("Not connected", timeout=SOON)


def get_line_back(guest: Guest) -> None:
    guest.page.context.set_offline(False)
    expect(guest.page.locator("[data-line]")).to_contain_text("Connected", timeout=SOON)


def letters_to(address: str) -> list[str]:
    """What the post brought to this address: first what the server sent, then what this process did."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime)
    sent = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    bodies = [letter.get_body().get_content() for letter in sent if address in str(letter["To"])]  # type: ignore[union-attr]
    return bodies + [str(letter.body) for letter in mail.outbox if address in letter.to]


def link_in(letter: str) -> str:
    """The path of the private link in a letter."""
    found = re.search(r"https?://[^/\s]+(/changemakers/\S+/place/\S+)", letter)
    assert found, letter
    return found[1]


def guests(site: Site) -> dict[str, Guest]:
    """One at a phone, one with the keyboard alone, one without script, one on a poor line, one under 16."""
    return {
        "phone": Guest(site, "Shona", "26 or over", "Employers and training providers"),
        "keys": KeyGuest(site, "Morven", "26 or over", "Practitioners", width=DESKTOP),
        "plain": PlainGuest(site, "Rab", "26 or over", "Employers and training providers"),
        "poor": Guest(site, "Kit", "16 or 17", "Children and young people", width=DESKTOP, drops=True),
        "young": Guest(site, "Oona", "13 to 15", "Children and young people"),
    }
