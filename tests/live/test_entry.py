"""Who comes in together is looked up together, and never by what was read before they came."""

import asyncio
import threading
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from collaborative.live import entry, registry
from collaborative.live.models import Stream
from tests.live.room import Board, registered
from tests.live.sockets import listening, say

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER: dict[str, Any] = {"headers": [], "client": ("127.0.0.1", 1)}
KEYS = ("slate.3",)


class SlowBoard(Board):
    """Asks `may_follow` only when the test lets it, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.begun, self.go_on = threading.Event(), threading.Event()

    def may_follow(self, user: Any, object_id: int) -> bool:
        self.asked += 1
        self.begun.set()
        assert self.go_on.wait(20)
        return super().may_follow(user, object_id)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowBoard:
    board = SlowBoard()
    with registered():
        monkeypatch.setitem(registry._rooms, "slate", board)
        yield board


async def test_strangers_who_come_together_are_looked_up_once(slow: SlowBoard) -> None:
    door = entry.Entry()
    slow.go_on.set()
    found = await asyncio.gather(*(door._with_other_strangers(KEYS) for _ in range(50)))
    assert (slow.asked, found) == (1, [{"slate.3": 0}] * 50)


async def test_strangers_have_names_of_their_own(board: Board) -> None:
    door = entry.Entry()
    found = await asyncio.gather(*(door.enter(KEYS, STRANGER) for _ in range(20)))
    assert len({answer[0] for answer in found if isinstance(answer, tuple)}) == 20


async def test_who_comes_during_a_look_is_told_what_was_read_after_that(slow: SlowBoard) -> None:
    door = entry.Entry()
    early = asyncio.create_task(door.enter(KEYS, STRANGER))
    await asyncio.to_thread(slow.begun.wait, 20)
    late = asyncio.create_task(door.enter(KEYS, STRANGER))
    await asyncio.sleep(0.1)
    slow.go_on.set()
    await early
    await late
    assert slow.asked == 2


async def test_a_stranger_who_goes_meanwhile_takes_nothing_from_the_others(slow: SlowBoard) -> None:
    door = entry.Entry()
    first, second = (asyncio.create_task(door.enter(KEYS, STRANGER)) for _ in range(2))
    await asyncio.to_thread(slow.begun.wait, 20)
    first.cancel()
    slow.go_on.set()
    answer = await second
    assert isinstance(answer, tuple) and answer[1] == {"slate.3": 0}


async def test_a_look_that_fails_asks_all_to_come_again_and_keeps_nobody_out_later(
    slow: SlowBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = entry.Entry()
    slow.go_on.set()
    with monkeypatch.context() as broken:
        broken.setattr(slow, "may_follow", None)
        assert await door.enter(KEYS, STRANGER) == entry.LATER
    assert isinstance(await door.enter(KEYS, STRANGER), tuple)


async def test_somebody_signed_in_is_looked_up_as_themselves(
    board: Board, signed_in_person: Any, client_for: Any
) -> None:
    board.private.add(3)
    client: Client = await database_sync_to_async(client_for)(signed_in_person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    scope = {**STRANGER, "headers": [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={value}".encode())]}
    door = entry.Entry()
    own, stranger = await asyncio.gather(door.enter(KEYS, scope), door.enter(KEYS, STRANGER))
    assert own == (f"account {signed_in_person.pk}", {"slate.3": 0})
    assert stranger == entry.FORBIDDEN


async def test_a_crowd_that_comes_while_things_are_said_misses_none(board: Board) -> None:
    async def come(number: int) -> int:
        async with listening("s=slate.3:0") as socket:
            await say(board, number, f"<p>{number}</p>")
            last = 0
            while last < 12:
                last = (await socket.frame("stream"))["upto"]
            return last

    assert await asyncio.gather(*(come(number) for number in range(1, 13))) == [12] * 12
    assert await Stream.objects.aget(key="slate.3")
