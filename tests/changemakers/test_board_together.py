"""Many at once on one board and in one vote, each on a connection of their own."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db.models import Sum

from collaborative.changemakers.boards import actions, reading
from collaborative.changemakers.boards.actions import Place
from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.polls import reading as results
from collaborative.changemakers.polls.models import Ballot
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Receipt
from collaborative.live.models import Event, Stream
from tests.changemakers import boarding
from tests.changemakers.boarding import card_of, note, person, shown
from tests.threads.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_attempt_sent_five_times_at_once_is_one_note_and_one_response() -> None:
    board = boarding.board()
    ann = person(board)
    assert at_once(*[lambda: note(board, ann, "Once", key="a")] * 5) == []
    assert (Note.objects.count(), Card.objects.count(), Receipt.objects.count()) == (1, 1, 1)


def test_notes_moves_merges_and_releases_at_once_lose_nothing_and_leave_no_gap() -> None:
    board = boarding.board()
    people = [person(board) for _ in range(4)]
    femi = boarding.facilitator()
    notes = [shown(board, who, f"Thing {n}") for n, who in enumerate(people * 2)]
    held = [note(board, who, f"Held {n}") for n, who in enumerate(people)]
    cards = [card_of(one) for one in notes]

    def quietly(work: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            with suppress(NotPossible):  # somebody else took it apart a moment ago
                work()

        return run

    works: list[Callable[[], Any]] = [
        lambda: actions.merge(cards[0], cards[1], who=people[0]),
        lambda: actions.merge(cards[1], cards[0], who=people[1]),
        lambda: actions.group(cards[2], cards[3], who=people[2]),
        lambda: actions.group(cards[3], cards[2], who=people[3]),
        lambda: actions.move(cards[4], Place(column=2, after="top"), who=people[0]),
        lambda: actions.move(cards[4], Place(column=1), who=people[1]),
        lambda: actions.take_back(notes[5], participant=people[1]),
        lambda: actions.merge(cards[5], cards[6], who=people[2]),
        *[lambda one=one: boarding.release(one, by=femi) for one in held],
        *[lambda who=who: note(board, who, f"New of {who.pk}") for who in people],
    ]
    assert at_once(*[quietly(work) for work in works]) == []
    seen = [
        said.words
        for column in reading.board(board)
        for thing in column.things
        for card in (thing.cards if isinstance(thing, reading.Group) else [thing])
        for said in card.said
    ]
    there = [f"Thing {n}" for n in range(8) if n != 5] + [f"Held {n}" for n in range(4)]
    assert sorted(seen) == sorted(there)
    assert not Card.objects.filter(notes=None).exists()
    stream = Stream.objects.get(key=f"board.{board.pk}")
    seqs = Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, stream.last_seq + 1))


def test_votes_cast_and_changed_at_once_count_once_and_keep_to_the_budget() -> None:
    stage = boarding.poll("dots", budget=3)
    people = [person(stage) for _ in range(4)]
    choices = [{"o1": 3}, {"o1": 1, "o2": 2}, {"o3": 1}]
    works = [
        lambda who=who, votes=votes: polls.vote(stage, votes, participant=who)
        for who in people
        for votes in choices
    ]
    assert at_once(*works) == []
    assert Ballot.objects.count() == results.result(stage).base == 4
    for ballot in Ballot.objects.annotate(used=Sum("votes__value")):
        assert ballot.used <= 3
        assert dict(ballot.votes.values_list("option", "value")) in choices
