"""/live/catch-up/: what happened since, for whoever may know, at the same cost however much there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from collaborative.live import catchup
from collaborative.live.actions import announce
from collaborative.live.models import Event
from collaborative.people.models import User
from tests.live.room import Board

URL = "/live/catch-up/"


def say(board: Board, *numbers: int, key: str = "slate.3") -> None:
    for number in numbers:
        board.words[number] = f"<p>{number}</p>"
        announce((key, "said", number))


def ask(client: Client, **query: Any) -> dict[str, Any]:
    response = client.get(URL, {"s": "slate.3", **query})
    assert response.status_code == 200, response.content
    return dict(response.json())


@pytest.mark.django_db
def test_it_works(board: Board, stranger: Client) -> None:
    say(board, 7, 8)
    response = stranger.get(URL, {"s": "slate.3", "after": 1})
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "stream": "slate.3",
        "after": 1,
        "upto": 2,
        "last": 2,
        "changes": [{"seq": 2, "kind": "said", "id": 8, "html": "<p>8</p>", "data": {"language": "en-gb"}}],
        "reset": False,
    }


@pytest.mark.django_db
def test_a_stream_in_which_nothing_happened_is_empty(board: Board, stranger: Client) -> None:
    assert ask(stranger) == {
        "stream": "slate.3",
        "after": 0,
        "upto": 0,
        "last": 0,
        "changes": [],
        "reset": False,
    }


@pytest.mark.django_db
def test_a_long_absence_is_made_up_for_in_steps(board: Board, stranger: Client) -> None:
    say(board, *range(1, 26))
    got, after = [], 0
    while True:
        answer = ask(stranger, after=after, limit=10)
        got += [change["seq"] for change in answer["changes"]]
        after = answer["upto"]
        if after == answer["last"]:
            break
    assert got == list(range(1, 26))


@pytest.mark.django_db
def test_it_shows_things_as_they_are_now(board: Board, stranger: Client) -> None:
    say(board, 1, 2)
    assert [change["html"] for change in ask(stranger)["changes"]] == ["<p>1</p>", "<p>2</p>"]
    del board.words[1]
    announce(("slate.3", "gone", 1))
    changes = ask(stranger)["changes"]
    assert [(change["id"], change["html"]) for change in changes] == [(1, None), (2, "<p>2</p>"), (1, None)]


@pytest.mark.django_db
def test_events_of_other_streams_stay_out(board: Board, stranger: Client) -> None:
    say(board, 1)
    say(board, 2, key="slate.4")
    assert [change["id"] for change in ask(stranger)["changes"]] == [1]


@pytest.mark.django_db
def test_who_may_not_follow_is_refused(
    board: Board, stranger: Client, signed_in_person: User, client_for: Callable[[User], Client]
) -> None:
    board.private.add(3)
    say(board, 1)
    refused = stranger.get(URL, {"s": "slate.3"})
    assert refused.status_code == 403
    assert refused["Cache-Control"] == "no-store"
    assert b"<p>" not in refused.content
    assert ask(client_for(signed_in_person))["last"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"s": "nothing.3"}, 404),
        ({"s": "slate"}, 404),
        ({"s": "slate.3,slate.4"}, 404),
        ({}, 404),
        ({"s": "slate.3", "after": "-1"}, 400),
        ({"s": "slate.3", "after": "٣"}, 400),
        ({"s": "slate.3", "after": "9" * 19}, 400),
        ({"s": "slate.3", "limit": "0"}, 400),
        ({"s": "slate.3", "limit": "201"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(
    board: Board, stranger: Client, query: dict[str, str], status: int
) -> None:
    assert stranger.get(URL, query).status_code == status
    assert stranger.post(URL, query).status_code == 405


@pytest.mark.django_db
def test_who_asks_for_what_is_forgotten_is_told_to_load_afresh(board: Board, stranger: Client) -> None:
    say(board, 1, 2, 3)
    Event.objects.filter(seq__lte=2).delete()
    answer = ask(stranger, after=1)
    assert (answer["reset"], answer["upto"], answer["changes"]) == (True, 3, [])
    answer = ask(stranger, after=2)
    assert (answer["reset"], [change["seq"] for change in answer["changes"]]) == (False, [3])
    Event.objects.all().delete()
    assert ask(stranger, after=0)["reset"]
    assert not ask(stranger, after=3)["reset"]


@pytest.mark.django_db
def test_a_number_that_never_was_means_loading_afresh(board: Board, stranger: Client) -> None:
    """After a backup was restored, a page may have seen more than there is."""
    say(board, 1)
    answer = ask(stranger, after=5)
    assert (answer["reset"], answer["upto"]) == (True, 1)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(
    board: Board,
    stranger: Client,
    signed_in_person: User,
    client_for: Callable[[User], Client],
    django_assert_num_queries: Any,
) -> None:
    say(board, *range(1, 101))
    with django_assert_num_queries(2):  # how far the stream is, and its events; Board asks nothing
        assert len(ask(stranger)["changes"]) == 100
    board.private.add(3)
    browser = client_for(signed_in_person)
    with django_assert_num_queries(4):  # and the session and the account
        assert len(ask(browser, after=90)["changes"]) == 10
    with django_assert_num_queries(3):
        assert ask(browser, after=100)["changes"] == []


@pytest.mark.django_db
def test_the_same_question_is_rendered_once_and_never_after_a_change(board: Board, stranger: Client) -> None:
    say(board, 1, 2)
    before = board.rendered
    first = ask(stranger)
    assert ask(stranger) == first
    assert board.rendered == before + 1
    board.words[1] = "<p>taken back</p>"
    announce(("slate.3", "edited", 1))
    assert "<p>1</p>" not in [change["html"] for change in ask(stranger)["changes"]]


@pytest.mark.django_db
def test_each_language_gets_its_own_words(board: Board, stranger: Client) -> None:
    say(board, 1)
    english = ask(stranger)["changes"][0]["data"]
    gaelic = stranger.get(URL, {"s": "slate.3"}, headers={"accept-language": "gd"}).json()
    assert (english, gaelic["changes"][0]["data"]) == ({"language": "en-gb"}, {"language": "gd"})


@pytest.mark.django_db
def test_answers_on_the_shelf_are_few_and_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = catchup.Shelf()
    for number in range(catchup.KEPT_ANSWERS + 1):
        shelf.put(("slate.3", number, 1, 1, "en-gb"), {"number": number})
    assert shelf.get(("slate.3", 0, 1, 1, "en-gb")) is None
    assert shelf.get(("slate.3", 1, 1, 1, "en-gb")) == {"number": 1}
    monkeypatch.setattr(catchup.time, "monotonic", lambda: float("inf"))
    assert shelf.get(("slate.3", 1, 1, 1, "en-gb")) is None
