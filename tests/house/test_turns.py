"""Requests of one process take turns, and nothing that stands still stops the rest."""

import asyncio
from typing import Any

from django.http import HttpRequest, HttpResponse

from collaborative import asgi
from collaborative.turns import Turns


class Work:
    """Requests that are at work until told to end, and the most there ever were at once."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.now, self.most = turns, {"GET": 0, "POST": 0}, {"GET": 0, "POST": 0}
        self.end = asyncio.Event()
        self.done: list[int] = []

    async def __call__(self, method: str, number: int = 0, *, ends: bool = False) -> None:
        async with self.turns.turn(method):
            self.now[method] += 1
            self.most[method] = max(self.most[method], self.now[method])
            if not ends:
                await self.end.wait()
            self.now[method] -= 1
            self.done.append(number)


def test_so_many_at_once_and_the_others_in_order() -> None:
    async def scene() -> None:
        work = Work(Turns(reads=3, writes=2))
        posts = [asyncio.create_task(work("POST", n)) for n in range(10)]
        gets = [asyncio.create_task(work("GET")) for _ in range(10)]
        await asyncio.sleep(0.05)
        assert work.now == {"GET": 3, "POST": 2}
        work.done.clear()
        work.end.set()
        await asyncio.gather(*gets, *posts)
        assert work.most == {"GET": 3, "POST": 2}

    asyncio.run(scene())


def test_who_waits_to_write_keeps_nobody_from_reading() -> None:
    async def scene() -> None:
        work = Work(Turns(reads=1, writes=1))
        stuck = [asyncio.create_task(work("POST")) for _ in range(5)]
        await asyncio.sleep(0.01)
        await asyncio.wait_for(work("GET", ends=True), 1)
        work.end.set()
        await asyncio.gather(*stuck)

    asyncio.run(scene())


def test_who_has_waited_long_goes_on_without_a_turn() -> None:
    async def scene() -> None:
        work = Work(Turns(reads=1, writes=1, patience=0.05))
        stuck = asyncio.create_task(work("POST", 1))
        await asyncio.sleep(0.01)
        await asyncio.wait_for(work("POST", 2, ends=True), 2)
        assert work.done == [2]
        work.end.set()
        await stuck
        assert work.most["POST"] == 2
        await asyncio.wait_for(asyncio.gather(*(work("POST", n) for n in range(3, 6))), 2)
        assert work.turns._writes._value == 1, "and gives back no turn that it did not have"

    asyncio.run(scene())


def test_a_request_that_fails_or_is_given_up_gives_its_turn_back() -> None:
    async def scene() -> None:
        turns = Turns(reads=1, writes=1)
        work = Work(turns)
        given_up = [asyncio.create_task(work("POST")) for _ in range(2)]
        await asyncio.sleep(0.01)
        for one in given_up:
            one.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)

        async def failing() -> None:
            async with turns.turn("POST"):
                raise OSError

        await asyncio.gather(failing(), return_exceptions=True)
        await asyncio.wait_for(work("POST", ends=True), 1)

    asyncio.run(scene())


def test_the_application_takes_a_turn_for_each_request(monkeypatch: Any) -> None:
    """Ten requests at once in the handler of the site itself: no more of them run than there are turns."""
    handler = asgi.OneThreadHandler()
    running, most = 0, 0

    def answer(request: HttpRequest) -> HttpResponse:
        import time

        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return HttpResponse()

    monkeypatch.setattr(handler, "get_response", answer)

    async def one(method: str) -> None:
        from asgiref.sync import ThreadSensitiveContext

        request = HttpRequest()
        request.method = method
        async with ThreadSensitiveContext():  # a thread of its own, as each request has
            await handler.get_response_async(request)

    async def scene() -> None:
        await asyncio.gather(*(one("POST") for _ in range(10)))

    asyncio.run(scene())
    assert most == 2
