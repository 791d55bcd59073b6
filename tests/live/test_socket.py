"""The socket of a page, over the real application: who may open it, and what it tells."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db.backends.utils import CursorWrapper
from django.test import Client

from collaborative.live import consumer, entry, hints, listener, repairs
from collaborative.live import hub as hubs
from collaborative.live.actions import look_again
from collaborative.people.models import User
from tests.live.room import Board
from tests.live.sockets import Socket, listening, say

pytestmark = pytest.mark.django_db(transaction=True)


async def test_it_works(board: Board) -> None:
    async with listening() as socket:
        await say(board, 7, "<p>hello</p>")
        assert await socket.frame("stream") == {
            "stream": "slate.3",
            "first": 1,
            "upto": 1,
            "changes": [
                {"seq": 1, "kind": "said", "id": 7, "html": "<p>hello</p>", "data": {"language": "en-gb"}}
            ],
        }


async def test_hints_come_in_order_and_only_of_what_is_followed(board: Board) -> None:
    async with listening("s=slate.3,slate.4") as socket:
        for number in range(1, 11):
            await say(board, number, f"<p>{number}</p>", key=("slate.3", "slate.4", "slate.5")[number % 3])
        got: dict[str, list[int]] = {"slate.3": [], "slate.4": []}
        for _ in range(7):
            frame = await socket.frame("stream")
            got[frame["stream"]] += [change["id"] for change in frame["changes"]]
            assert frame["first"] == frame["upto"] == len(got[frame["stream"]])
    assert got == {"slate.3": [3, 6, 9], "slate.4": [1, 4, 7, 10]}


async def test_what_is_gone_is_told_without_words(board: Board) -> None:
    async with listening() as socket:
        await say(board, 7, "<p>hello</p>")
        await say(board, 7)
        assert [(await socket.frame("stream"))["changes"][0]["html"] for _ in range(2)] == [
            "<p>hello</p>",
            None,
        ]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1.elsewhere.example", ""])
async def test_a_page_of_another_site_is_refused(board: Board, origin: str) -> None:
    """Refused before it opens: a browser sends the cookies of this site along."""
    assert not await Socket(origin=origin).opened()


async def test_another_address_is_refused(board: Board) -> None:
    assert not await Socket(path="/ws/else/").opened()


@pytest.mark.parametrize(
    "query",
    ["", "s=", "s=board", "s=nothing.3", "s=slate.3:x", "s=" + ",".join(f"slate.{n}" for n in range(1, 10))],
)
async def test_what_makes_no_sense_is_closed(board: Board, query: str) -> None:
    socket = Socket(query)
    assert await socket.opened()
    assert await socket.next() == {"close": consumer.MALFORMED}


async def test_who_may_not_follow_one_of_the_streams_is_closed_with_4403(
    board: Board, signed_in_person: User, client_for: Callable[[User], Client]
) -> None:
    board.private.add(4)
    socket = Socket("s=slate.3,slate.4")
    assert await socket.opened()
    assert await socket.next() == {"close": 4403}
    assert hubs.hub().presence.counts() == {}

    browser = await database_sync_to_async(client_for)(signed_in_person)
    name = settings.SESSION_COOKIE_NAME
    async with listening("s=slate.3,slate.4", cookie=f"{name}={browser.cookies[name].value}"):
        pass


async def test_a_demonstration_turns_other_machines_away(board: Board, settings: Any) -> None:
    settings.DEMO, settings.DEMO_ANYWHERE = True, False
    socket = Socket()
    socket.asked["client"] = ("192.0.2.1", 1)
    assert not await socket.opened()
    async with listening():
        pass


async def test_who_has_seen_less_is_told_what_came_since(board: Board) -> None:
    for number in (1, 2, 3):
        await say(board, number, "<p>here</p>")
    async with listening("s=slate.3:1,slate.4:0") as socket:
        frame = await socket.frame("stream")
        assert (frame["first"], frame["upto"], len(frame["changes"])) == (2, 3, 2)
    async with listening("s=slate.3:3") as socket:
        await say(board, 4, "<p>here</p>")
        assert (await socket.next())["first"] == 4


async def test_a_crowd_that_comes_back_is_one_question_to_the_database(board: Board) -> None:
    for number in (1, 2, 3):
        await say(board, number, "<p>here</p>")
    crowd = [Socket("s=slate.3:1") for _ in range(20)]
    board.rendered = 0
    await asyncio.gather(*(socket.opened() for socket in crowd))
    frames = [await socket.frame("stream") for socket in crowd]
    assert {(frame["first"], frame["upto"]) for frame in frames} == {(2, 3)} and board.rendered == 1
    for socket in crowd:
        await socket.bye()


async def test_who_comes_back_while_the_database_is_silent_fetches_for_itself(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(board, 1, "<p>here</p>")
    monkeypatch.setattr(repairs, "PATIENCE", 0.0)
    async with listening("s=slate.3:0") as socket:
        assert await socket.frame("gap") == {"gap": "slate.3"}


async def test_a_page_in_another_language_is_told_to_fetch_its_own_words(board: Board) -> None:
    async with listening("s=slate.3&l=gd") as socket:
        await say(board, 1, "<p>in English</p>")
        assert await socket.next() == {"gap": "slate.3"}


async def test_what_is_too_large_is_left_to_fetch(board: Board) -> None:
    async with listening() as socket:
        await say(board, 1, "x" * (hints.LARGEST + 1))
        assert await socket.next() == {"gap": "slate.3"}
        await say(board, 2, "small")
        assert (await socket.next())["first"] == 2


async def test_what_cannot_be_rendered_is_left_to_fetch(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise LookupError

    async with listening() as socket:
        monkeypatch.setattr(board, "render", broken)
        await say(board, 1, "words")
        assert await socket.next() == {"gap": "slate.3"}


async def test_are_you_there_is_answered_with_how_far_the_stream_is(board: Board) -> None:
    await say(board, 1, "words")
    async with listening() as socket:
        await socket.say("?")
        assert await socket.frame("beat") == {"beat": {"slate.3": 1}, "here": {"slate.3": 1}, "spread": 0.0}


@pytest.mark.parametrize("said", ["x" * (consumer.LONGEST_QUESTION + 1), b"x" * 17])
async def test_who_says_too_much_at_once_is_closed(board: Board, said: str | bytes) -> None:
    async with listening() as socket:
        await socket.say(said)
        assert await socket.next() == {"close": 4429}


async def test_who_asks_too_often_is_closed(board: Board) -> None:
    async with listening() as socket:
        for _ in range(consumer.QUESTIONS + 2):
            await socket.say("?")
        with pytest.raises(AssertionError, match="4429"):
            await socket.frame("nothing like it")


async def test_too_many_sockets_of_one_visitor_are_closed(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "JOINS", 2)
    monkeypatch.setattr(entry, "JOINS_PER_MINUTE", 0.001)
    async with listening(), listening():
        third = Socket()
        assert await third.opened()
        assert await third.next() == {"close": 4429}


async def test_it_ends_politely_when_its_time_is_over(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "LIFETIME", (0.2, 0.3))
    socket = Socket()
    assert await socket.opened()
    await socket.frame("hello")
    assert await socket.next() == {"close": 1012}


async def test_who_may_follow_is_asked_anew_when_that_changed(board: Board) -> None:
    async with listening("s=slate.4") as other, listening() as socket:
        board.private.add(3)
        await database_sync_to_async(look_again)("slate.3")
        assert await socket.next() == {"close": 1012}
        back = Socket()
        assert await back.opened()
        assert await back.next() == {"close": 4403}
        await say(board, 1, "words", key="slate.4")
        assert (await other.frame("stream"))["stream"] == "slate.4"


async def test_a_database_that_does_not_answer_means_later(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> bool:
        raise OSError

    monkeypatch.setattr(board, "may_follow", broken)
    socket = Socket()
    assert await socket.opened()
    assert await socket.next() == {"close": 1013}


async def test_nothing_is_asked_of_the_database_on_the_way_to_the_sockets(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = CursorWrapper.execute

    def noted(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        asked.append(sql)
        return execute(self, sql, params)

    async with listening() as one, listening() as two:
        monkeypatch.setattr(CursorWrapper, "execute", noted)
        for number in range(1, 6):
            await get_channel_layer().group_send(
                hints.GROUP,
                {"type": "live.hint", "stream": "slate.3", "first": number, "upto": number, "changes": []},
            )
        for socket in (one, two):
            assert [(await socket.frame("stream"))["upto"] for _ in range(5)] == [1, 2, 3, 4, 5]
        assert asked == []


async def test_a_socket_that_does_not_keep_up_is_told_to_fetch(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "DEPTH", 3)
    slow = Socket()
    assert await slow.opened()
    await slow.frame("hello")
    hub = hubs.hub()
    for number in range(1, 9):  # in one go, before the socket's own task has a turn
        hub.hear({"type": "live.hint", "stream": "slate.3", "first": number, "upto": number, "changes": []})
    assert await slow.next() == {"gap": "slate.3"}
    hub.hear({"type": "live.hint", "stream": "slate.3", "first": 9, "upto": 9, "changes": []})
    assert (await slow.next())["first"] == 9
    await slow.bye()


async def test_the_hub_rests_when_nobody_listens(board: Board) -> None:
    async with listening():
        assert len(hubs.hub()._tasks) == 3
    assert hubs.hub()._tasks == []
    assert hubs.hub().told == hubs.hub().settled == {}
