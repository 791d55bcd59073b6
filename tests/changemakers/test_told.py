"""What people tell the facilitator alone: whoever runs the workshop reads it, on no other screen (P8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.changemakers.models import Participant
from collaborative.changemakers.room import actions
from collaborative.changemakers.room.told import LATELY, MOST, told
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.live.models import Event
from collaborative.moderation.models import Check, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.changemakers.rooms import enter, invites_young, live, room

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
WORDS = "I cannot see the captions."


@pytest.fixture
def place(facilitator: User) -> Engagement:
    return room(facilitator=facilitator)


def tell(place: Engagement, words: str = WORDS, **answers: str) -> Client:
    browser = enter(place, **answers)
    assert browser.post(f"{live(place)}note/", {"text": words}).status_code == 302
    return browser


def console(place: Engagement) -> str:
    return f"/changemakers/{place.slug}/facilitate/"


def press(browser: Client, place: Engagement, do: str, pk: int | None = None) -> Any:
    pk = pk or Contribution.objects.get(kind="message").pk
    return browser.post(f"{console(place)}told/{pk}/", {"do": do, "seen": "held@1.0"}, follow=True)


def test_p8_it_stands_on_the_console_and_nowhere_else(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    author, runs = tell(place), client_for(facilitator)
    page = runs.get(console(place)).content.decode()
    assert WORDS in page and "1 note to you that nobody has read" in page
    for browser, address in (
        (runs, f"/changemakers/{place.slug}/projector/"),
        (runs, f"{console(place)}sheet/"),
        (author, live(place)),
        (enter(place), live(place)),
        (Client(), f"/changemakers/{place.slug}/"),
    ):
        assert WORDS not in browser.get(address).content.decode(), address


def test_read_it_is_no_longer_waiting_for_anybody(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    tell(place)
    browser = client_for(facilitator)
    assert "You have read it." in press(browser, place, "release").content.decode()
    row = Contribution.objects.get(kind="message")
    assert row.state == "released" and Check.objects.get(contribution=row).by == facilitator
    assert not Contribution.objects.public().exists()
    now = told(place)
    assert not now.waiting and [one.words for one in now.lately] == [WORDS]
    assert press(browser, place, "release").status_code == 200  # twice is no error
    assert Check.objects.filter(contribution=row).count() == 1


def test_saf_2_a_worry_takes_it_out_of_sight_in_one_press(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    tell(place)
    browser = client_for(facilitator)
    assert "people named for safety" in press(browser, place, "worried").content.decode()
    assert SafeguardingCase.objects.count() == 1
    assert WORDS not in browser.get(console(place)).content.decode()
    assert "Somebody else has dealt" in press(browser, place, "release").content.decode()
    assert Contribution.objects.get(kind="message").state == "escalated"


def test_gdp_2_what_was_taken_back_is_gone(place: Engagement) -> None:
    tell(place)
    withdraw(Contribution.objects.get(kind="message").receipt)
    assert not told(place).waiting and not told(place).lately


@pytest.mark.parametrize("role", [Role.EDITORS, Role.ANALYSTS, Role.BOARD, Role.MODERATORS, None])
def test_who_does_not_run_the_workshop_decides_nothing_here(
    place: Engagement, client_for: Open, role: Role | None
) -> None:
    tell(place)
    browser = client_for(person("Nobody", *([role] if role else [])))
    assert press(browser, place, "release").status_code == 403
    assert press(browser, place, "worried").status_code == 403
    assert Contribution.objects.get(kind="message").state == "held"


def test_only_what_was_told_here_can_be_pressed_here(place: Engagement, client_for: Open) -> None:
    femi = person("Femi")
    mine = room(slug="mine", facilitator=femi)
    tell(place)
    browser = client_for(femi)
    there = Contribution.objects.get(kind="message")
    assert press(browser, place, "release", there.pk).status_code == 403
    assert press(browser, mine, "release", there.pk).status_code == 404
    there.kind = "note"
    Contribution.objects.filter(pk=there.pk).update(kind="note", engagement=mine)
    assert press(browser, mine, "release", there.pk).status_code == 404


def test_kc_7_names_stand_beside_it_only_where_people_chose_that(
    facilitator: User, moderator: User, safeguarding_lead: User
) -> None:
    deputy = person("Deputy", Role.SAFEGUARDING)
    place = room(facilitator=facilitator, **invites_young(safeguarding_lead, deputy))
    tell(place, "Named words", permission="named", name="Ann Other")
    tell(place, "Words without a name")
    tell(place, "Words of somebody young", age="13-15")
    shown = {one.words: one.who for one in told(place).waiting}
    assert shown.keys() == {"Named words", "Words without a name", "Words of somebody young"}
    assert "Ann Other" in shown["Named words"]
    typed = set(Participant.objects.exclude(permission="named").values_list("name", flat=True))
    assert not any(name in who for name in typed for words, who in shown.items() if words != "Named words")


def test_only_that_something_came_travels_and_only_to_who_runs_it(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    author = tell(place)
    stream = f"console.{place.pk}"
    assert Event.objects.filter(stream__key=stream).count() == 1
    asked = {"s": stream, "after": 0}
    answer = client_for(facilitator).get("/live/catch-up/", asked)
    assert [one["kind"] for one in answer.json()["changes"]] == ["told"]
    assert "captions" not in answer.content.decode()
    for browser in (Client(), author, client_for(person("Editor", Role.EDITORS))):
        assert browser.get("/live/catch-up/", asked).status_code == 403
    before = Event.objects.filter(stream__key=stream).count()
    press(client_for(facilitator), place, "release")
    assert Event.objects.filter(stream__key=stream).count() == before + 1  # the other facilitator's page


def test_the_same_words_again_are_one_note_and_one_event(place: Engagement) -> None:
    browser = tell(place)
    browser.post(f"{live(place)}note/", {"text": WORDS})
    assert Event.objects.filter(stream__key=f"console.{place.pk}").count() == 1


def test_it_costs_the_same_however_many_there_are_and_the_page_stays_short(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    runs, costs = client_for(facilitator), []
    tell(place)
    who = Participant.objects.get()
    runs.get(console(place))  # what a process reads once
    for many in (1, MOST + 5):
        for number in range(many):
            actions.tell_facilitator(who, f"Words number {many}-{number}")
        with CaptureQueriesContext(connection) as asked:
            page = runs.get(console(place)).content.decode()
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert len(told(place).waiting) == MOST and "There are more." in page
    for row in Contribution.objects.filter(kind="message").order_by("pk")[: LATELY + 2]:
        press(runs, place, "release", row.pk)
    assert len(told(place).lately) == LATELY
