"""The second workshop of the demonstration set, from the first registration on, as seven windows see it:
whoever runs it, the wall, and five people, one at a phone, one with the keyboard alone, one without script,
one who loses the line twice, one under 16."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.polls.models import Ballot, Vote
from collaborative.changemakers.room import codes
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.changemakers.seats.models import AccessNeed, Registration
from collaborative.changemakers.writeup.models import WriteUp
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.moderation.actions import release
from collaborative.people import demo as people
from collaborative.people.roles import Role
from tests.browser import workshop_day as day
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.hearing import waits_to_hear_of
from tests.browser.test_consultation_desk import looked_at
from tests.browser.workshop_day import HERE, SOON, Guest, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Clean = Callable[..., None]
NEED = "A seat near the door, please: zebra crossing."
RIGHT = "It was the day before, not the start time."
HELD = "Nobody said hello when I came."
CHOICES = {
    "phone": "Send a map, a name and a start time the week before",
    "keys": "Pay the bus fare before the day, not after",
    "plain": "Give the pupil one real job and time to finish it",
    "poor": "Pay the bus fare before the day, not after",
    "young": "Pay the bus fare before the day, not after",
}


class Workshop:
    """All windows of the day, and what is looked at after each part."""

    def __init__(self, site: Site, clean: Clean) -> None:
        self.page = day.announced()
        self.clean = clean
        self.guests = day.guests(site)
        femi = people.user("Femi Sande")
        self.console = site.window(user=femi, width=DESKTOP, statuses=(409,))
        self.wall = site.window(user=femi, width=DESKTOP)
        self.asked: list[str] = []  # the streams that the phone has a line for, newest last
        self["phone"].page.on("websocket", lambda line: self.asked.append(line.url.partition("?s=")[2]))

    def __getitem__(self, name: str) -> Guest:
        return self.guests[name]

    def open(self, title: str) -> None:
        """The next part, for everybody; who hears it is told, and all three pages are whole."""
        press(self.console, f"Next: {title}")
        for guest in self.guests.values():
            guest.told(title)
        expect(self.wall.get_by_role("heading", level=1)).to_have_text(title)
        waits_to_hear_of(self["phone"].page, title)
        waits_to_hear_of(self.wall, title)
        self.looked_at()

    def looked_at(self) -> None:
        for page in (self.console, self.wall, self["phone"].page, self["keys"].page):
            self.clean(page)
            assert_no_sideways_scrolling(page)

    def everybody_sees(self, words: str) -> None:
        for page in self._screens():
            if (new := page.locator("[data-new] button")).is_visible():
                new.click()
            expect(page.get_by_text(words).first).to_be_visible(timeout=SOON)
        self["plain"].page.get_by_role("link", name="Look again").click()
        expect(self["plain"].page.get_by_text(words).first).to_be_visible()

    def nobody_else_sees(self, words: str, author: str) -> None:
        for name, guest in self.guests.items():
            if name != author:
                expect(guest.page.locator("body")).not_to_contain_text(words)
        expect(self.wall.locator("body")).not_to_contain_text(words)

    def _screens(self) -> list[Page]:
        return [self.wall, *(self[name].page for name in ("phone", "keys", "poor", "young"))]


def test_from_the_first_registration_to_the_published_write_up(site: Site, assert_axe_clean: Clean) -> None:
    room = Workshop(site, assert_axe_clean)
    everybody_registers(room)
    the_day_comes_and_they_come_in(room)
    room.open("Check-in")
    room.open("Two stories")
    they_talk_and_one_loses_the_line(room)
    room.open("Stretch")
    they_fill_the_board(room)
    they_put_it_together(room)
    they_vote(room)
    it_ends(room)
    it_is_written_up(room)
    they_read_it_first_and_put_it_right(room)
    it_is_published(room, site.window(width=PHONE, statuses=(404,)))


def everybody_registers(room: Workshop) -> None:
    for name, guest in room.guests.items():
        guest.register(by_adult=name == "young", needs=NEED if name == "phone" else "")
    assert Registration.objects.seated().count() == 5
    assert AccessNeed.objects.get().text == NEED
    room["phone"].page.goto(room["phone"].place)
    room.clean(room["phone"].page)
    assert_no_sideways_scrolling(room["phone"].page)


def the_day_comes_and_they_come_in(room: Workshop) -> None:
    room.page = day.moved(room.page, timezone.now() - timedelta(minutes=2))
    assert day.link_in(day.letters_to(room["poor"].email)[-1]).startswith(room["poor"].place[:-1])
    code = codes.make(room.page.engagement, by=None)
    room.console.goto(f"{HERE}facilitate/")
    room.wall.goto(f"{HERE}projector/")
    expect(room.wall.get_by_text(code)).to_be_visible()
    room["phone"].come_in("With my name", code=code)
    for name in ("keys", "plain", "poor"):
        room[name].come_in()
    a_pupil_is_not_shown_by_name(room["young"])
    expect(room.console.locator("[data-part=who]")).to_contain_text("5 people are here", timeout=SOON)
    room.looked_at()


def a_pupil_is_not_shown_by_name(pupil: Guest) -> None:
    """KC-7, and what was chosen stays."""
    pupil.page.goto(pupil.place)
    pupil.follow("Come in")
    for label in (pupil.age, pupil.group, "With my name"):
        pupil.tick(label)
    pupil.push("Come in")
    expect(pupil.page.locator("#permission-error")).to_contain_text("We show no names of people who are")
    expect(pupil.page.get_by_label(pupil.age, exact=True)).to_be_checked()
    pupil.tick("Without my name")
    pupil.push("Come in")
    pupil.told("We begin soon")


def they_talk_and_one_loses_the_line(room: Workshop) -> None:
    room.open("A good day, hour by hour")
    phone, poor = room["phone"], room["poor"]
    poor.write("What do you want to say?", "Half a thought")
    day.drop_line(poor)
    phone.write("What do you want to say?", "Start with a person, not a film about safety.")
    phone.page.locator("[data-stage] button").first.click()
    expect(phone.page.get_by_text("1 thing that you sent is waiting")).to_be_visible()
    room.nobody_else_sees("not a film about safety", "phone")
    release(Contribution.objects.get(state=State.HELD), by=people.somebody(Role.MODERATORS))
    day.get_line_back(poor)
    for page in (poor.page, room.wall):
        page.evaluate("dispatchEvent(new Event('online'))")  # released in this process: theirs had no hint
        expect(page.get_by_text("not a film about safety")).to_be_visible(timeout=SOON)
    expect(poor.page.get_by_label("What do you want to say?")).to_have_value("Half a thought")
    room.looked_at()


def they_fill_the_board(room: Workshop) -> None:
    room.open("What makes a good day hard to host?")
    expect(room["poor"].page.get_by_label("What you typed")).to_have_value("Half a thought")
    room["phone"].note("Amber", "Nobody tells us when they start.")
    room["keys"].note("Red", "The bus gets there at ten.")
    room["plain"].note("Green", "We like having them.")
    room["young"].note("Red", HELD)
    day.drop_line(room["poor"])
    room["poor"].tick("Red")
    room["poor"].write("Your note, one thing at a time", "The last bus leaves at two.")
    room["poor"].push("Add note")
    expect(room["poor"].page.get_by_text("This has not reached us.")).to_be_visible()
    day.get_line_back(room["poor"])
    room["poor"].push("Add note")
    expect(room["poor"].page.locator("#mine")).to_contain_text("The last bus leaves at two.")
    from_the_flip_chart(room.console)
    assert Note.objects.count() == 6
    assert "board." in room.asked[-1] and "thread." not in room.asked[-1], "the discussion is over"
    room.looked_at()
    put_up(
        room.console, "Nobody tells us when they start.", "The bus gets there at ten.", "We like having them."
    )
    put_up(room.console, "The last bus leaves at two.", "Boots come in one size.")
    for words in ("when they start", "gets there at ten", "like having them", "leaves at two", "in one size"):
        room.everybody_sees(words)
    room.nobody_else_sees(HELD, "young")
    expect(room["young"].page.locator("#mine")).to_contain_text("waiting to be checked")
    put_up(room.console, HELD)
    room.everybody_sees(HELD)
    room.looked_at()


def from_the_flip_chart(console: Page) -> None:
    console.locator("summary", has_text="Type in notes from paper").click()
    console.get_by_label("One note on each line").fill("Boots come in one size.")
    console.get_by_label("Which table are they from?").fill("Table 2")
    press(console, "Add these notes")
    console.goto(f"{HERE}facilitate/")
    expect(console.locator("#waiting")).to_contain_text("Boots come in one size.")


def put_up(console: Page, *notes: str) -> None:
    for words in notes:
        line = console.locator("#waiting li", has_text=words)
        line.get_by_role("button", name="Put it on the board").click(timeout=SOON)
        expect(console.locator("#waiting li", has_text=words)).to_have_count(0)


def they_put_it_together(room: Workshop) -> None:
    """By keyboard, and seen on the wall; the facilitator gives it a name."""
    keys = room["keys"]
    assert isinstance(keys, day.KeyGuest)
    card = keys.page.locator(".cs_note", has_text="gets there at ten").get_by_role("link", name="Move")
    keys.keys.to(card, key="Shift+Tab")  # the newest has the focus
    keys.keys.press("Enter")
    keys.told("Move a note")
    room.clean(keys.page)
    keys.keys.to(keys.page.get_by_label("Put it together with"))
    keys.page.keyboard.type("The last bus leaves")
    keys.push("Group them")
    expect(room.wall.locator(".cs_group .cs_note")).to_have_count(2, timeout=SOON)
    room.console.goto(f"{HERE}facilitate/")
    room.console.locator(".cs_group__head").get_by_role("link").click()
    room.console.get_by_label("What this group is called").fill("Getting there and back")
    press(room.console, "Save its name")
    room.console.goto(f"{HERE}facilitate/")
    for page in (room.wall, room["phone"].page):
        expect(page.locator(".cs_group h4")).to_have_text("Getting there and back", timeout=SOON)
    keys.page.goto(f"{HERE}live/")
    room.looked_at()


def they_vote(room: Workshop) -> None:
    room.open("One thing to try")
    standing = room.wall.locator("[data-standing]")
    room["phone"].vote("Ask afterwards what was worth it, and answer")
    for name, choice in CHOICES.items():  # the first of them thinks again
        room[name].vote(choice)
    expect(standing).to_contain_text("5 people have voted", timeout=SOON)
    expect(standing).to_contain_text("hidden until the facilitator shows it")
    expect(standing.locator("li")).to_have_count(0)
    room.looked_at()
    press(room.console, "Show the result to the room")
    expect(standing.locator("li", has_text="Pay the bus fare")).to_contain_text("3", timeout=SOON)
    expect(standing.locator("li", has_text="what was worth it")).to_contain_text("0")
    assert Ballot.objects.count() == Vote.objects.count() == 5
    room.looked_at()


def it_ends(room: Workshop) -> None:
    room.console.goto(f"{HERE}facilitate/")
    room.open("Close")
    room.console.locator("summary", has_text="End the workshop").click()
    press(room.console, "End the workshop now")
    for guest in room.guests.values():
        guest.told("This workshop is over")
    room.looked_at()
    assert codes.standing(room.page.engagement) == ""
    assert not Stage.objects.of(room.page.engagement).filter(state=Stage.State.OPEN).exists()
    assert Participant.objects.here().count() == 5
    assert Note.objects.count() == 6
    for page in (room.wall, *(guest.page for guest in room.guests.values())):
        expect(page.locator("body")).not_to_contain_text("zebra")
    expect(room.wall.locator("body")).not_to_contain_text("Oona")


def it_is_written_up(room: Workshop) -> None:
    """It arranges itself; the facilitator adds what it cannot know."""
    console = room.console
    console.get_by_role("link", name="Write it up").click()
    for words in ("Getting there and back", "The last bus leaves at two.", "Boots come in one size.", HELD):
        expect(console.get_by_text(words).first).to_be_visible()
    console.locator("[name=introduction]").fill("Employers and pupils want the bus settled before the day.")
    console.locator("[name=done]").fill("Notes on a board, put together, then a vote.")
    console.locator("[name=reached]").fill("Through two schools and the employers who host.")
    press(console, "Save")
    expect(console.locator(".messages")).to_contain_text("Saved.")
    looked_at(console, room.clean)
    press(console, "Show it to those who took part")
    expect(console.get_by_text("can put it right until").first).to_be_visible()
    expect(console.get_by_role("button", name="Publish it")).to_have_count(0)


def they_read_it_first_and_put_it_right(room: Workshop) -> None:
    for name in ("phone", "plain", "young"):
        room[name].page.goto(f"{HERE}write-up/yours/")
        room[name].told("Did we get you right?")
    poor = room["poor"].page
    poor.context.clear_cookies()  # another day, another browser: the letter leads there
    found = re.search(
        r"https?://[^/\s]+(/\S+/write-up/from/\S+)", "\n".join(day.letters_to(room["poor"].email))
    )
    assert found
    poor.goto(found[1])
    room["poor"].told("Did we get you right?")
    phone = room["phone"]
    room.clean(phone.page)
    assert_no_sideways_scrolling(phone.page)
    phone.page.get_by_label("Is it about something that you said?").select_option(index=1)
    phone.page.get_by_label("What did we get wrong, and how should it be?").fill(RIGHT)
    phone.push("Send it")
    expect(phone.page.get_by_text("Nobody has answered this yet.")).to_be_visible()
    room.clean(phone.page)
    console = room.console
    console.reload()
    console.get_by_role("link", name="Answer it").click()
    console.locator("input[name=answer]").first.check()
    console.locator("[name=reason]").fill("It now says the day before.")
    press(console, "Answer")
    phone.page.reload()
    expect(phone.page.get_by_text("It now says the day before.")).to_be_visible()


def it_is_published(room: Workshop, stranger: Page) -> None:
    """When their time is over, and then for everyone, as the wall never showed it: nobody is named."""
    stranger.goto(f"{HERE}write-up/yours/")
    expect(stranger.locator("body")).not_to_contain_text("Boots come in one size.")
    stranger.goto(HERE)
    expect(stranger.locator("body")).not_to_contain_text("Boots come in one size.")
    a_week_passes(room)
    room.console.goto(f"/admin/write-ups/{room.page.engagement.pk}/")
    press(room.console, "Publish it")
    expect(room.console.get_by_text("Version 1 was published")).to_be_visible()
    stranger.goto(HERE)
    stranger.get_by_role("link", name="Read the whole write-up").click()
    page = stranger.locator("main")
    for words in (
        "the bus settled before the day",
        "Getting there and back",
        "Boots come in one size.",
        HELD,
    ):
        expect(page).to_contain_text(words)
    expect(page).to_contain_text("Pay the bus fare before the day, not after")
    for private in (RIGHT, "zebra", "Oona", "Morven", "people.example"):
        expect(page).not_to_contain_text(private)
    room.clean(stranger)
    assert_no_sideways_scrolling(stranger)


def a_week_passes(room: Workshop) -> None:
    now = timezone.now()
    times = {"opens_at": now - timedelta(days=8), "closes_at": now - timedelta(days=7, hours=22)}
    SessionPage.objects.filter(pk=room.page.pk).update(**times)
    Engagement.objects.filter(pk=room.page.engagement.pk).update(**times)
    WriteUp.objects.update(ends_at=now - timedelta(seconds=1))
