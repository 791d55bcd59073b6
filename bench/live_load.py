"""Many open pages and a few people who post, in a process of its own: `python -m bench.live_load`.

Reads a JSON object a line and answers with one a line:
  {"do": "open", ...}   open so many sockets; answers when each was greeted
  {"do": "post", ...}   post at a steady pace, let everybody catch up; answers with what was seen
  {"do": "rate", ...}   post as fast as it goes; answers with how many a second
  {"do": "wait", ...}   after a kill: answers when everybody is back and has everything up to `last`
Just enough of HTTP and of WebSockets that it costs less than what it measures. A page does what live.js
does: drops what it has, asks for what it lacks, comes back with jitter.
"""

import asyncio
import json
import os
import random
import re
import statistics
import sys
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

NUMBERS = re.compile(rb'\{"stream": "[^"]+", "first": (\d+), "upto": (\d+)')
BEAT = re.compile(rb'\{"beat": \{"[^"]+": (\d+)\}')
SPREAD = re.compile(rb'"spread": ([\d.]+)')
OPENING = 100  # sockets that are being opened at the same time
SETTLE = 3.0  # seconds for the last hints
CSRF = "c" * 32
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


async def ask(
    address: list[Any], method: str, path: str, headers: dict[str, str], body: str = ""
) -> dict[str, Any]:
    """One request on a connection of its own. Raises RuntimeError for anything but JSON with a 200."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        head = {
            "Host": f"{address[0]}:{address[1]}",
            "Connection": "close",
            "Accept": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode())
        answered = await reader.read()
    finally:
        writer.close()
    start, _, rest = answered.partition(b"\r\n\r\n")
    if b" 200 " not in start[:16]:
        raise RuntimeError(f"{method} {path}: {start[:200]!r} {rest[:200]!r}")
    return dict(json.loads(rest))


class Seen:
    """What the pages of a run have shown, all together."""

    def __init__(self) -> None:
        self.latest: dict[int, float] = {}
        self.times: dict[int, int] = {}
        self.gaps = self.late = self.disordered = self.size = 0

    def shown(self, first: int, upto: int, now: float) -> None:
        for seq in range(first, upto + 1):
            self.latest[seq] = max(now, self.latest.get(seq, 0.0))
            self.times[seq] = self.times.get(seq, 0) + 1


class OpenPage(asyncio.Protocol):
    """One socket and the number up to which its page has shown everything."""

    def __init__(self, crowd: "Crowd", number: int) -> None:
        self.crowd, self.number = crowd, number
        self.address = crowd.addresses[number % len(crowd.addresses)]
        self.headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        self.last = crowd.last
        self.asking = self.is_open = self.leaving = False
        self.attempts = 0
        self.spread = 0.0
        self._begin()

    def _begin(self) -> None:
        self.rest = b""
        self.upgraded = False
        self.greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Raises OSError or TimeoutError when nobody greets."""
        self._begin()
        await asyncio.get_running_loop().create_connection(lambda: self, *self.address)
        await asyncio.wait_for(self.greeted, 60)

    def close(self) -> None:
        self.leaving = True
        self.transport.close()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        host = f"{self.address[0]}:{self.address[1]}"
        path = self.crowd.socket.format(last=self.last)
        transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"X-Forwarded-For: {self.headers['X-Forwarded-For']}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        was_open, self.is_open = self.is_open, False
        if not self.greeted.done():
            self.greeted.set_exception(ConnectionResetError())
        elif was_open and not self.leaving:
            self.crowd.spawn(self._come_back())

    async def _come_back(self) -> None:
        """As live.js does after a server that went without a goodbye."""
        while not self.is_open:
            pause = min(10.0, 0.5 * 2**self.attempts) * (0.5 + random.random() / 2)
            self.attempts += 1
            await asyncio.sleep(pause)
            try:
                await self.open()
            except (OSError, TimeoutError):
                continue
        self.attempts = 0

    def data_received(self, data: bytes) -> None:
        self.rest += data
        if not self.upgraded:
            head, found, rest = self.rest.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head[:16]:
                self.transport.close()
                return
            self.upgraded, self.rest = True, rest
        now = time.monotonic()
        while (frame := self._frame()) is not None:
            kind, words = frame
            if kind == TEXT:
                self._read(words, now)
            elif kind == PING:
                self.transport.write(bytes([0x80 | PONG, 0x80 | len(words), 0, 0, 0, 0]) + words)
            elif kind == CLOSE:
                self.transport.close()

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole frame of a server, which masks nothing and, for us, compresses nothing."""
        rest = self.rest
        if len(rest) < 2:
            return None
        length, start = rest[1] & 127, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            if len(rest) < start:
                return None
            length = int.from_bytes(rest[2:start], "big")
        if len(rest) < start + length:
            return None
        self.rest = rest[start + length :]
        return rest[0] & 15, rest[start : start + length]

    def _read(self, words: bytes, now: float) -> None:
        seen = self.crowd.seen
        numbers = NUMBERS.match(words)
        if numbers:
            first, upto = int(numbers[1]), int(numbers[2])
            seen.size = max(seen.size, len(words))
            if upto <= self.last:
                seen.late += 1
            elif first > self.last + 1:
                seen.gaps += 1
                self.crowd.spawn(self._catch_up_soon())
            else:
                self._show(first, upto, now)
        elif words.startswith(b'{"gap"'):
            seen.gaps += 1
            self.crowd.spawn(self._catch_up_soon())
        elif beat := BEAT.match(words):
            if int(beat[1]) > self.last:
                self.crowd.spawn(self._catch_up_soon())
        elif words.startswith(b'{"hello"'):
            spread = SPREAD.search(words)
            self.spread = float(spread[1]) if spread else 0.0
            self.is_open = True
            self.greeted.done() or self.greeted.set_result(None)

    def _show(self, first: int, upto: int, now: float) -> None:
        """What a page puts on the screen: everything from `first` that it does not have."""
        start = max(first, self.last + 1)
        self.crowd.seen.disordered += start != self.last + 1
        self.crowd.seen.shown(start, upto, now)
        self.last = upto

    async def _catch_up_soon(self) -> None:
        last = self.last
        await asyncio.sleep(random.random() * self.spread)
        if self.last == last:
            await self.catch_up()

    async def catch_up(self) -> None:
        if self.asking:
            return
        self.asking = True
        try:
            while True:
                query = urlencode({"s": self.crowd.stream, "after": self.last, "limit": 200})
                answer = await ask(self.address, "GET", f"/live/catch-up/?{query}", self.headers)
                upto = int(answer["upto"])
                if upto > self.last:
                    self._show(answer["after"] + 1, upto, time.monotonic())
                if self.last >= answer["last"]:
                    return
        finally:
            self.asking = False


class Crowd:
    def __init__(self) -> None:
        self.pages: list[OpenPage] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.seen = Seen()
        self.addresses: list[Any] = []
        self.socket = self.stream = ""
        self.last = 0

    def spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def open(self, spec: dict[str, Any]) -> dict[str, Any]:
        self.addresses, self.socket = spec["addresses"], spec["socket"]
        self.stream, self.last = spec["stream"], spec["last"]
        for page in self.pages:
            page.close()
        gate = asyncio.Semaphore(OPENING)
        self.pages = [OpenPage(self, number) for number in range(spec["sockets"])]
        began = time.monotonic()

        async def enter(page: OpenPage) -> None:
            async with gate:
                await page.open()

        await asyncio.gather(*map(enter, self.pages))
        return {"seconds": time.monotonic() - began}

    async def post(self, spec: dict[str, Any]) -> dict[str, Any]:
        """`posts` a second for `seconds`, by everybody in turn, answered or not."""
        self.seen = Seen()
        sent: dict[int, float] = {}
        answered: list[float] = []
        began = time.monotonic()

        async def one(number: int) -> None:
            who = spec["people"][number % len(spec["people"])]
            at = time.monotonic()
            found = await ask(who["address"], "POST", who["path"], who["headers"], body_of(number))
            answered.append(time.monotonic() - at)
            sent[int(found["id"])] = at

        async def beside(number: int) -> None:
            """What others do in the same moment, and nobody waits for: moves and votes."""
            who = spec["beside"][number % len(spec["beside"])]
            await ask(who["address"], "POST", who["path"], who["headers"], who["body"])

        posting = []
        for number in range(round(spec["posts"] * spec["seconds"])):
            await asyncio.sleep(began + number / spec["posts"] - time.monotonic())
            posting.append(asyncio.create_task(one(number)))
            if spec.get("beside"):
                posting.append(asyncio.create_task(beside(number)))
        await asyncio.gather(*posting)
        await asyncio.sleep(SETTLE)
        seqs = await self._seqs(list(sent)) if self.stream else {pk: pk for pk in sent}
        last = max(seqs.values())
        behind = [page for page in self.pages if page.last < last]
        if self.stream:
            await asyncio.gather(*(page.catch_up() for page in behind))
        seen = self.seen
        return {
            "posts": len(sent),
            "sent": {seqs[pk]: at for pk, at in sent.items()},
            "latest": {seq: seen.latest.get(seq) for seq in seqs.values()},
            "lost": sum(len(self.pages) - seen.times.get(seq, 0) for seq in seqs.values()),
            "twice": sum(max(0, seen.times.get(seq, 0) - len(self.pages)) for seq in seqs.values()),
            "disordered": seen.disordered,
            "gaps": seen.gaps,
            "late": seen.late,
            "behind": len(behind),
            "size": seen.size,
            "answer": statistics.median(answered),
        }

    async def _seqs(self, comments: list[int]) -> dict[int, int]:
        """The number in the stream of each comment."""
        found: dict[int, int] = {}
        after = self.last
        while True:
            query = urlencode({"s": self.stream, "after": after, "limit": 200})
            answer = await ask(self.addresses[0], "GET", f"/live/catch-up/?{query}", {})
            found |= {change["id"]: change["seq"] for change in answer["changes"]}
            after = answer["upto"]
            if after >= answer["last"]:
                return {pk: found[pk] for pk in comments}

    async def rate(self, spec: dict[str, Any]) -> dict[str, Any]:
        """So many people at once, each posting again as soon as the one before was answered."""
        began = time.monotonic()
        numbers = count(spec["start"])
        done = 0

        async def write() -> None:
            nonlocal done
            while time.monotonic() - began < spec["seconds"]:
                number = next(numbers)
                who = spec["people"][number % len(spec["people"])]
                await ask(who["address"], "POST", who["path"], who["headers"], body_of(number))
                done += 1

        await asyncio.gather(*(write() for _ in range(spec["at_once"])))
        return {"rate": done / (time.monotonic() - began), "posts": done}

    async def wait(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Until everybody is back and has everything. `at` is when the last one had."""
        deadline = time.monotonic() + spec["patience"]

        def missing() -> int:
            return sum(page.last < spec["last"] or not page.is_open for page in self.pages)

        while missing() and time.monotonic() < deadline:  # noqa: ASYNC110 a look from outside
            await asyncio.sleep(0.02)
        return {"at": time.monotonic(), "missing": missing()}


def body_of(number: int) -> str:
    text = f"Thing {number} of {os.getpid()}: ask the people who use it, early, and say what became of it."
    return urlencode({"csrfmiddlewaretoken": CSRF, "text": text, "key": f"bench-{os.getpid()}-{number:09}"})


async def main() -> None:
    crowd = Crowd()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        spec = json.loads(line)
        answer = await getattr(crowd, spec["do"])(spec)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
