"""The hub: one reader for all sockets of a process, which no socket can hold up."""

import asyncio
from json import loads
from typing import Any

import pytest
from channels.layers import get_channel_layer

from collaborative.live import consumer, hints
from collaborative.live import hub as hubs
from collaborative.live.entry import Entry
from collaborative.live.presence import SMALL, TTL, Presence
from collaborative.live.repairs import Repairs
from tests.live.room import Board
from tests.live.sockets import PATIENCE, Socket, listening, say

database = pytest.mark.django_db(transaction=True)


def hint(number: int, key: str = "slate.3") -> dict[str, Any]:
    return {"type": "live.hint", "stream": key, "first": number, "upto": number, "changes": []}


async def until(true: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 a test looks on from outside
            await asyncio.sleep(0.02)


@database
async def test_a_phone_that_takes_nothing_does_not_keep_the_others_waiting(board: Board) -> None:
    taken: list[dict[str, Any]] = []
    stuck = asyncio.Event()
    gone: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await gone.put({"type": "websocket.connect"})

    async def send(message: dict[str, Any]) -> None:
        taken.append(message)
        if message["type"] == "websocket.send":
            await stuck.wait()  # as a server does when nobody reads at the other end

    phone = Socket("s=slate.3:0")
    slow = asyncio.create_task(consumer.LiveSocket()(phone.asked, gone.get, send))
    async with listening() as quick:
        await until(lambda: len(taken) == 2)  # accepted, and stuck in the first frame
        for number in range(1, 201):
            await say(board, number, "words")
            assert (await quick.frame("stream"))["upto"] == number
        assert len(taken) == 2
        stuck.set()
        await until(lambda: any("gap" in message.get("text", "") for message in taken))
        # The two hundred became one word: fetch.
        assert [frame for frame in map(frames, taken) if frame.get("gap")] == [{"gap": "slate.3"}]
    await gone.put({"type": "websocket.disconnect"})
    await slow


def frames(message: dict[str, Any]) -> dict[str, Any]:
    return dict(loads(message.get("text", "{}")))


@database
async def test_hints_that_overtook_each_other_are_told_in_order(board: Board) -> None:
    async with listening() as socket:
        for number in (2, 4, 3, 1, 2, 6, 5):
            hubs.hub().hear(hint(number))
        assert [(await socket.frame("stream"))["first"] for _ in range(6)] == [1, 2, 3, 4, 5, 6]


@database
async def test_a_hint_does_not_wait_for_ever_for_one_that_was_lost(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "HOLD", 0.2)
    async with listening() as socket:
        for number in (2, 4, 1):
            hubs.hub().hear(hint(number))
        assert [(await socket.frame("stream"))["first"] for _ in range(3)] == [1, 2, 4]
        for number in (3, 5):  # too late: whoever lacked it has fetched it
            hubs.hub().hear(hint(number))
        assert (await socket.frame("stream"))["first"] == 5


@database
async def test_who_was_let_in_while_something_was_told_is_sent_to_fetch_it(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_before(entry: Any, keys: Any, scope: Any) -> Any:
        return "late", {"slate.3": 0}  # the database was asked before the commit that the hint is about

    async with listening() as early:
        hubs.hub().hear(hint(1))
        await early.frame("stream")
        monkeypatch.setattr(Entry, "enter", read_before)
        late = Socket("s=slate.3:0")
        assert await late.opened()
        assert await late.frame("gap") == {"gap": "slate.3"}
        await late.bye()


@database
async def test_who_comes_back_to_a_busy_room_is_told_everything_in_order_and_fetches_nothing(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, others = Repairs.read, iter((3, 4))

    async def read_while_others_write(repairs: Any, key: str, after: int) -> Any:
        answer = await read(repairs, key, after)
        for number in others:
            await say(board, number, "words")
            await until(lambda said=number: hubs.hub().told[key] == said)
            break
        return answer

    await say(board, 1, "words")
    await say(board, 2, "words")
    async with listening("s=slate.3:2"):
        monkeypatch.setattr(Repairs, "read", read_while_others_write)
        back = Socket("s=slate.3:0")
        assert await back.opened()
        told = []
        while (frame := await back.next()).get("upto") != 5:
            assert "gap" not in frame
            told += [change["seq"] for change in frame.get("changes", ())]
            if frame.get("upto") == 4:
                await say(board, 5, "words")  # in step again: from here on it hears what everybody hears
        assert told == [1, 2, 3, 4]
        await back.bye()


@database
async def test_who_never_catches_up_in_a_busy_room_is_sent_to_fetch(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Repairs.read

    async def read_too_late(repairs: Any, key: str, after: int) -> Any:
        answer = await read(repairs, key, after)
        await say(board, after + 3, "words")
        await until(lambda: hubs.hub().told[key] > answer["upto"])
        return answer

    await say(board, 1, "words")
    async with listening("s=slate.3:1"):
        monkeypatch.setattr(Repairs, "read", read_too_late)
        back = Socket("s=slate.3:0")
        assert await back.opened()
        assert await back.frame("gap") == {"gap": "slate.3"}
        await back.bye()


@database
async def test_a_crowd_is_told_to_spread_its_fetching(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "FETCHES", 0.5)
    async with listening():
        socket = Socket()
        assert await socket.opened()
        assert (await socket.frame("hello"))["spread"] == 4.0
        await socket.bye()


@database
async def test_a_heartbeat_tells_what_no_hint_told(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "BEAT", 0.3)
    monkeypatch.setattr(hubs, "GRACE", 0.1)
    monkeypatch.setattr(hints, "publish", lambda messages: None)
    async with listening("s=slate.3,slate.4") as socket:
        assert await socket.frame("beat") == {
            "beat": {"slate.3": 0, "slate.4": 0},
            "here": {"slate.3": 1, "slate.4": 1},
            "spread": 0.0,
        }
        await say(board, 1, "words")
        async with asyncio.timeout(PATIENCE):
            while (await socket.frame("beat"))["beat"] != {"slate.3": 1, "slate.4": 0}:
                pass


@database
async def test_a_heartbeat_without_a_database_assures_of_nothing(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(keys: Any) -> None:
        raise OSError

    monkeypatch.setattr(hubs, "BEAT", 0.1)
    monkeypatch.setattr(hubs, "GRACE", 0.0)
    monkeypatch.setattr(hubs, "last_of", broken)
    async with listening() as socket:
        assert await socket.frame("beat") == {"beat": {}}


@database
async def test_a_layer_that_fails_is_read_again(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "AGAIN", 0.05)
    hub = hubs.hub()
    heard: list[str] = []
    hear = hub.hear

    def stumble(message: dict[str, Any]) -> None:
        heard.append(message["type"])
        if heard.count("live.hint") == 1 and message["type"] == "live.hint":
            raise ConnectionError
        hear(message)

    monkeypatch.setattr(hub, "hear", stumble)
    async with listening() as socket:
        await get_channel_layer().group_send(hints.GROUP, hint(1))
        await until(lambda: heard.count("live.hint") == 1)
        await asyncio.sleep(0.5)
        await get_channel_layer().group_send(hints.GROUP, hint(2))
        assert (await socket.frame("stream"))["upto"] == 2


@database
async def test_a_member_that_the_layer_forgot_joins_again(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "BEAT", 0.2)
    monkeypatch.setattr(hubs, "GRACE", 0.0)
    async with listening() as socket:
        hub = hubs.hub()
        await get_channel_layer().group_discard(hints.GROUP, hub._channel)
        await socket.frame("beat")
        await socket.frame("beat")
        await get_channel_layer().group_send(hints.GROUP, hint(1))
        assert (await socket.frame("stream"))["upto"] == 1


@database
async def test_a_writer_does_not_wait_for_a_layer_that_is_away(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    async def away(messages: Any) -> None:
        tried.append(len(messages))
        raise ConnectionError

    async with listening("s=slate.3:0") as socket:
        with monkeypatch.context() as broken:
            broken.setattr(hints, "_publish", away)
            for number in (1, 2, 3):
                await say(board, number, "words")
        assert tried == [1]  # the first failed; for a while nobody tries
        monkeypatch.setattr(hints, "_quiet_until", 0.0)
        await say(board, 4, "words")
        # What was lost is read once for everybody; nobody has to fetch it.
        frame = await socket.frame("stream")
        assert (frame["first"], frame["upto"]) == (1, 4)


@database
async def test_people_are_counted_in_every_process(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collaborative.live.presence.THROTTLE", 0.05)
    async with listening() as one:
        async with listening():
            await heard_here(one, 2)
            await get_channel_layer().group_send(
                hints.GROUP, {"type": "live.here", "hub": "another", "counts": {"slate.3": 5}}
            )
            await heard_here(one, 7)
        await heard_here(one, 6)
        await get_channel_layer().group_send(
            hints.GROUP, {"type": "live.here", "hub": "another", "counts": {}}
        )
        await heard_here(one, 1)


async def heard_here(socket: Socket, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await socket.frame("here"))["here"] != {"slate.3": number}:
            pass


def test_a_process_that_says_nothing_more_is_forgotten() -> None:
    presence = Presence("this")
    presence.hear("dead", {"slate.3": 4}, now=1000.0)
    assert presence.total("slate.3", now=1000.0 + TTL - 1) == 4
    assert presence.total("slate.3", now=1000.0 + TTL + 1) == 0
    presence.hear("alive", {"slate.3": 1}, now=1000.0 + TTL + 1)
    assert set(presence._hubs) == {"alive"}


def test_somebody_with_two_windows_is_one_person() -> None:
    presence = Presence("this")
    for who in ("account 1", "account 1", "someone"):
        presence.enter("slate.3", who)
    assert presence.counts() == {"slate.3": 2}
    presence.leave("slate.3", "account 1")
    assert presence.counts() == {"slate.3": 2}
    presence.leave("slate.3", "account 1")
    presence.leave("slate.3", "someone")
    assert presence.counts() == {}


def test_a_crowd_is_not_told_of_everybody_who_comes() -> None:
    presence = Presence("this")
    assert presence.hear("that", {"slate.3": SMALL}, now=1.0) == ["slate.3"]
    assert presence.hear("that", {"slate.3": SMALL}, now=1.0) == []
    assert presence.hear("that", {"slate.3": SMALL + 1}, now=1.0) == []


async def test_changes_that_come_together_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collaborative.live.presence.THROTTLE", 0.1)
    presence = Presence("this")
    presence.enter("slate.3", "one")
    telling = asyncio.create_task(presence.to_tell())
    await asyncio.sleep(0.01)
    presence.enter("slate.3", "two")
    assert await telling == {"slate.3": 2}
    monkeypatch.setattr("collaborative.live.presence.REFRESH", 0.1)
    assert await asyncio.wait_for(presence.to_tell(), PATIENCE) == {"slate.3": 2}
