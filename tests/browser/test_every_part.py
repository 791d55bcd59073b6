"""Every kind of part of a workshop on the three live pages: used by keyboard alone, looked at by axe after
each thing that happens, and heard as a screen reader hears it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.polls.models import Ballot
from collaborative.changemakers.room import access
from collaborative.changemakers.room.models import BreakoutSeat
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.hearing import waits_to_hear_of
from tests.browser.keys import Keys
from tests.cast import person
from tests.changemakers import boarding
from tests.changemakers.workshops import workshop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Clean = Callable[..., None]
SOON = 30_000  # what another process did comes with the next heartbeat where there is no Redis
CHOICES = ["Ferry", "Bus", "Bike"]
GROUPS = {
    "how": "assigned",
    "number": 2,
    "groups": [{"name": name, "where": "Here"} for name in ("Red", "Blue")],
}


def vote(kind: str) -> dict[str, Any]:
    return {"kind": "poll", "poll": {"kind": kind, "options": CHOICES, "budget": 3}}


class Taking:
    """Somebody who takes part with the keyboard alone."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keys(page)

    def listens(self) -> None:
        """There is nothing to do."""

    def says(self) -> None:
        self.keys.to(self.page.get_by_label("What do you want to say?"))
        self.page.keyboard.type("The ferry is late.")
        self.keys.to(self.page.locator("[data-stage] .cs_composer button"))
        self.keys.press("Enter")
        expect(self.page.get_by_text("1 thing that you sent is waiting")).to_be_visible()
        assert Contribution.objects.filter(kind="comment").count() == 1

    def adds_a_note(self) -> None:
        self.keys.to(self.page.get_by_label("Your note, one thing at a time"))
        self.page.keyboard.type("Boots come in one size")
        self.keys.push("Add note")
        expect(self.page.locator("#mine")).to_contain_text("waiting to be checked")
        waits_to_hear_of(self.page, "A person checks it")
        self.keys.is_seen()
        assert Note.objects.count() == 1

    def votes(self, field: str, *keys: str) -> None:
        self.keys.to(self.page.locator(f"[data-stage] [data-ballot] {field}").first)
        self.keys.press(*keys)
        self.keys.push("Vote")
        waits_to_hear_of(self.page, "Your vote is saved")
        self.keys.is_seen()
        expect(self.page.get_by_role("button", name="Change my vote")).to_be_visible()

    def chooses_one(self) -> None:
        self.votes("input[type=radio]", "Space")

    def chooses_many(self) -> None:
        self.votes("input[type=checkbox]", "Space", "Tab", "Space")

    def agrees(self) -> None:
        self.votes("input[type=radio]", "Space", "ArrowDown")

    def ranks(self) -> None:
        self.votes("select", "2", "Tab", "1")

    def shares_dots(self) -> None:
        self.votes("select", "2", "Tab", "1")
        waits_to_hear_of(self.page, "Dots left: 0")

    def stays_in_the_room(self) -> None:
        self.keys.push("I would rather stay in the main room")
        waits_to_hear_of(self.page, "You stay in the main room")
        self.keys.is_seen()
        assert BreakoutSeat.objects.get().breakout is None


PARTS: list[tuple[str, dict[str, Any], Callable[[Taking], None]]] = [
    ("We talk", {"kind": "talk"}, Taking.listens),
    ("We discuss", {"kind": "discussion"}, Taking.says),
    ("We write notes", {"kind": "board", "columns": ["Red", "Amber"]}, Taking.adds_a_note),
    ("We choose one", vote("one"), Taking.chooses_one),
    ("We choose some", vote("many"), Taking.chooses_many),
    ("We agree or not", vote("agree"), Taking.agrees),
    ("We put in order", vote("rank"), Taking.ranks),
    ("We share dots", vote("dots"), Taking.shares_dots),
    ("We rest", {"kind": "break"}, Taking.listens),
    ("We split up", {"kind": "breakouts", "breakouts": GROUPS}, Taking.stays_in_the_room),
]


def a_workshop() -> Engagement:
    blocks = [
        {"type": "stage", "value": {"minutes": 5, "title": title, "text": "Of our day.", **part}}
        for title, part, _doing in PARTS
    ]
    stages = SessionPage._meta.get_field("stages").stream_block.to_python(blocks)
    return workshop("every-part", starts=timezone.now() - timedelta(minutes=5), stages=stages).engagement


def come_in(site: Site, engagement: Engagement) -> Page:
    page, path = site.window(width=PHONE), access.path_of(engagement)
    boarding.person(engagement, token="by-keyboard")
    cookie = {"name": access.cookie_of(engagement), "value": "by-keyboard"}
    page.context.add_cookies([{**cookie, "url": site.address + path}])  # type: ignore[typeddict-item]
    page.goto(f"{path}live/")
    return page


def test_every_kind_of_part_by_keyboard_by_axe_and_by_ear_on_all_three_pages(
    site: Site, facilitator: User, assert_axe_clean: Clean
) -> None:
    engagement = a_workshop()
    path = access.path_of(engagement)
    phone = come_in(site, engagement)
    runs = site.window(width=DESKTOP, user=facilitator)
    console = site.window(width=DESKTOP, user=person("Fiona", Role.FACILITATORS))  # ready to take over
    wall = site.window(width=DESKTOP, user=facilitator)
    for page, name in ((runs, "facilitate"), (console, "facilitate"), (wall, "projector")):
        page.goto(f"{path}{name}/")
    pages = (phone, console, wall)

    def all_clean() -> None:
        for page in (*pages, runs):
            assert_axe_clean(page)
            assert_no_sideways_scrolling(page)

    taking = Taking(phone)
    for title, part, doing in PARTS:
        Keys(runs).push(f"Next: {title}")
        for page in pages:
            expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=SOON)
            waits_to_hear_of(page, title)
        all_clean()
        doing(taking)
        if part["kind"] == "poll":
            runs.reload()
            Keys(runs).push("Show the result to the room")
            for page in (phone, wall):
                waits_to_hear_of(page, "The result is shown now.")
                expect(page.locator(".cs_result").first).to_be_visible()
        all_clean()
    assert Ballot.objects.filter(stage__kind="poll").count() == 5
