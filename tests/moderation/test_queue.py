"""The queue as moderators use it: what comes first, who has what, many at once, covered words, notes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import Appeal, Batch, Check, Claim, Desk, Flag, HandOver
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import receipt, rule, said

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
QUEUE = "/admin/waiting/"


@pytest.fixture
def other(db: None) -> User:
    return person("Max", Role.MODERATORS)


def at(row: Contribution) -> str:
    return reverse("moderation_check", args=[row.reference])


CAST = ["editor", "analyst", "safeguarding_lead", "facilitator", "administrator", "signed_in_person"]
POSTS = {
    "together": {"outcome": "release"},
    "undo": {},
    "desk": {"veiled": "on"},
    "notes": {"text": "Canary"},
}


@pytest.mark.parametrize("cast", CAST)
@pytest.mark.parametrize("verb", POSTS)
def test_mod_2_no_verb_of_the_desk_is_anyone_elses(
    cast: str, verb: str, moderator: User, client_for: Open, request: pytest.FixtureRequest
) -> None:
    row = said()
    done = actions.decide_together([said("Another").reference], rule=None, by=moderator)
    assert done.batch
    sent = {**POSTS[verb], "ref": row.reference, "batch": done.batch.pk}
    answer = client_for(request.getfixturevalue(cast)).post(f"{QUEUE}{verb}/", sent)
    assert answer.status_code in {302, 403} and answer.headers.get("Location", "/admin/") == "/admin/"
    assert Contribution.objects.get(pk=row.pk).state == State.HELD
    assert Batch.objects.get().undone_at is None
    assert not (Desk.objects.exists() or HandOver.objects.exists())


def test_saf_4_mod_3_what_presses_comes_first_then_the_oldest_and_each_says_by_when(
    moderator: User, client_for: Open
) -> None:
    first, second, third = said("First"), said("Second"), said("Third")
    actions.received(third, [Flag.SAFETY, Flag.CONTACT])
    actions.received(second, [Flag.BURST])
    Contribution.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=9))
    answer = client_for(moderator).get(QUEUE)
    things = answer.context["things"]
    assert [thing["row"] for thing in things] == [third, first, second]
    assert [thing["late"] for thing in things] == [False, True, False]
    html = answer.content.decode()
    assert "1 is late." in html and "Late: was due on" in html and "Due by" in html
    assert str(Flag.SAFETY.label) in html and str(Flag.BURST.label) in html


def test_the_next_one_follows_the_order_of_the_queue_and_skips_what_others_have(
    moderator: User, other: User, client_for: Open
) -> None:
    plain, taken, pressing, last = said("1"), said("2"), said("3"), said("4")
    actions.received(pressing, [Flag.SAFETY])
    actions.claim(taken, by=other)
    browser = client_for(moderator)
    sent = {"outcome": "leave"}
    assert browser.post(at(pressing), sent)["Location"] == at(plain)
    assert browser.post(at(plain), sent)["Location"] == at(last)
    assert browser.post(at(last), sent)["Location"] == at(pressing)


def test_the_queue_can_be_narrowed_to_what_was_noticed(moderator: User, client_for: Open) -> None:
    spam, fine = said("Spam"), said("Fine")
    actions.received(spam, [Flag.REPEATED])
    html = client_for(moderator).get(QUEUE, {"noticed": "repeated"}).content.decode()
    assert spam.reference in html and fine.reference not in html
    assert f"{at(spam)}?noticed=repeated" in html


def test_mod_2_both_see_who_has_it_and_only_one_can_decide(
    moderator: User, other: User, client_for: Open
) -> None:
    row = said("Ask Dan")
    mona, max_ = client_for(moderator), client_for(other)
    assert "Yours until" in mona.get(at(row)).content.decode()
    listed = max_.get(QUEUE).content.decode()
    opened = max_.get(at(row)).content.decode()
    assert "Mona has this open" in listed and "Mona has this open" in opened
    assert 'value="release"' not in opened and "Refuse by a house rule" not in opened
    assert 'value="escalate"' in opened
    said_no = max_.post(at(row), {"outcome": "release", "seen": "held"}, follow=True).content.decode()
    assert "Somebody else has this open just now." in said_no
    assert Contribution.objects.get(pk=row.pk).state == State.HELD
    mona.post(at(row), {"outcome": "put-back"})
    assert not Claim.objects.exists()
    assert 'value="release"' in max_.get(at(row)).content.decode()


def test_looking_at_the_head_of_a_page_claims_nothing_before_the_door(
    analyst: User, stranger: Client, client_for: Open
) -> None:
    row = said()
    client_for(analyst).get(at(row))
    stranger.get(at(row))
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("outcome", "state"), [("release", "released"), ("refuse", "refused")])
def test_many_at_once_and_undo(moderator: User, client_for: Open, outcome: str, state: str) -> None:
    rows = [said(f"Number {n}") for n in range(3)]
    browser = client_for(moderator)
    sent = {"outcome": outcome, "rule": rule().pk, "ref": [row.reference for row in rows[:2]], "next": QUEUE}
    html = browser.post(f"{QUEUE}together/", sent, follow=True).content.decode()
    assert f"2 things are {state}." in html and "Undo" in html
    assert Contribution.objects.filter(state=state).count() == 2
    html = browser.post(f"{QUEUE}undo/", {"batch": Batch.objects.get().pk}, follow=True).content.decode()
    assert "2 things wait again." in html and "can be put back until" not in html
    assert Contribution.objects.held().count() == 3


def test_one_decision_can_be_undone_like_many(moderator: User, client_for: Open) -> None:
    row = said()
    browser = client_for(moderator)
    browser.post(at(row), {"outcome": "release", "seen": "held"})
    assert "can be put back until" in browser.get(QUEUE).content.decode()
    browser.post(f"{QUEUE}undo/", {"batch": Batch.objects.get().pk})
    assert Contribution.objects.get(pk=row.pk).state == State.HELD


def test_what_is_missing_is_said_in_words(moderator: User, client_for: Open) -> None:
    row, browser = said(), client_for(moderator)
    for sent, text in (
        ({"outcome": "release"}, "Tick something first."),
        ({"outcome": "refuse", "ref": row.reference}, "Choose the house rule that they break."),
        ({"outcome": "escalate", "ref": row.reference}, "Choose what to do with those you ticked."),
    ):
        assert text in browser.post(f"{QUEUE}together/", sent, follow=True).content.decode()
    assert Contribution.objects.get(pk=row.pk).state == State.HELD


@pytest.mark.parametrize(
    "onward", ["https://evil.example/admin/", "//evil.example", "/help/", "/admin/waiting/?young=on"]
)
def test_a_press_leads_back_to_our_own_pages_alone(onward: str, moderator: User, client_for: Open) -> None:
    answer = client_for(moderator).post(f"{QUEUE}desk/", {"veiled": "on", "next": onward})
    assert answer["Location"] == (onward if "young" in onward else QUEUE)


@pytest.mark.parametrize("junk", ["", "x", "99999999999999999999999", "-1"])
def test_undo_of_something_that_never_was_says_so(junk: str, moderator: User, client_for: Open) -> None:
    answer = client_for(moderator).post(f"{QUEUE}undo/", {"batch": junk}, follow=True)
    assert "There is nothing to put back." in answer.content.decode()


def test_words_are_covered_for_whoever_wants_it_and_for_nobody_else(
    moderator: User, other: User, client_for: Open
) -> None:
    row = said("Canary")
    mona = client_for(moderator)
    mona.post(f"{QUEUE}desk/", {"veiled": "on"})
    for address in (QUEUE, at(row)):
        html = mona.get(address).content.decode()
        assert '<details class="cs-veil"' in html and "Stop covering the words" in html
    assert "cs-veil" not in client_for(other).get(QUEUE).content.decode()
    mona.post(f"{QUEUE}desk/", {"veiled": "off"})
    assert "cs-veil" not in mona.get(QUEUE).content.decode()


def test_wcag_2_1_4_the_letters_can_be_turned_off(moderator: User, client_for: Open) -> None:
    said()
    browser = client_for(moderator)
    assert 'data-keys="queue"' in browser.get(QUEUE).content.decode()
    browser.post(f"{QUEUE}desk/", {"keys": "off"})
    assert "data-keys" not in browser.get(QUEUE).content.decode()


def test_a_note_stands_on_the_queue_for_the_next_with_who_and_when(
    moderator: User, other: User, client_for: Open
) -> None:
    browser = client_for(moderator)
    browser.post(f"{QUEUE}notes/", {"text": "P7 is done."})
    browser.post(f"{QUEUE}notes/", {"text": "Now the <b>teachers</b>."})
    html = client_for(other).get(QUEUE).content.decode()
    assert "Now the &lt;b&gt;teachers&lt;/b&gt;." in html and "P7 is done." not in html and "Mona" in html
    assert "P7 is done." in client_for(other).get(f"{QUEUE}notes/").content.decode()
    assert "Write something first." in browser.post(f"{QUEUE}notes/", {"text": ""}).content.decode()


@pytest.fixture
def appealed(moderator: User) -> Contribution:
    row = said("Canary of a second look")
    actions.refuse(row, rule(), by=moderator)
    actions.ask_again(row)
    return row


def test_kc_6_the_list_of_second_looks_holds_no_words_and_says_who_may(
    appealed: Contribution, moderator: User, other: User, client_for: Open
) -> None:
    first = client_for(moderator).get(f"{QUEUE}second-looks/").content.decode()
    second = client_for(other).get(f"{QUEUE}second-looks/").content.decode()
    assert "Canary" not in first + second
    assert "somebody else has to look" in first and "you can look" in second
    assert "1 author asks" in client_for(other).get(QUEUE).content.decode()


def test_kc_6_only_the_second_person_has_the_buttons(
    appealed: Contribution, moderator: User, other: User, client_for: Open
) -> None:
    first = client_for(moderator).get(at(appealed)).content.decode()
    assert 'value="uphold"' not in first and 'value="release"' not in first and 'value="escalate"' in first
    client_for(moderator).post(at(appealed), {"outcome": "put-back"})
    browser = client_for(other)
    second = browser.get(at(appealed)).content.decode()
    assert 'value="uphold"' in second and 'value="release"' in second
    assert "Mona" not in second.split("<main", 1)[1]
    browser.post(at(appealed), {"outcome": "uphold"})
    assert Appeal.objects.get().outcome == Appeal.Outcome.STANDS
    assert Check.objects.count() == 2


def test_the_queue_costs_the_same_for_one_thing_as_for_twenty(
    moderator: User, other: User, client_for: Open
) -> None:
    browser = client_for(moderator)
    counts = []
    for more in (1, 19):
        for row in receipt(*(f"Words {n}" for n in range(more))).contributions.all():
            actions.received(row, [Flag.LINK, Flag.REPEATED])
            actions.claim(row, by=other)
        browser.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(QUEUE)
        counts.append(len(queries))
    assert len(answer.context["things"]) == 20
    assert counts[0] == counts[1] <= 21


def test_opening_and_deciding_cost_the_same_however_long_the_queue(moderator: User, client_for: Open) -> None:
    browser = client_for(moderator)
    counts = []
    for _turn in range(2):
        rows = list(receipt(*(f"Words {n}" for n in range(8))).contributions.order_by("pk"))
        browser.get(at(rows[0]))
        with CaptureQueriesContext(connection) as opening:
            browser.get(at(rows[1]))
        with CaptureQueriesContext(connection) as deciding:
            browser.post(at(rows[1]), {"outcome": "release", "seen": "held"})
        counts.append((len(opening), len(deciding)))
    assert counts[0] == counts[1]
    opened, decided = counts[0]
    assert opened <= 21 and decided <= 25
