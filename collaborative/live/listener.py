"""One socket as the hub sees it: a short queue, and the streams whose frames did not fit into it."""

import asyncio
from collections import deque
from collections.abc import Collection
from json import dumps

DEPTH = 64  # frames that may wait for a slow phone


class Listener:
    """Frames go in without waiting and come out in order. What overflows becomes "fetch it yourself"."""

    def __init__(self, keys: Collection[str], fragments: bool = True) -> None:
        self.keys = frozenset(keys)
        self.fragments = fragments  # or only be told that there is something to fetch
        self.who = ""
        self.code: int | None = None
        self._frames: deque[str] = deque()
        self._missed: set[str] = set()
        self._begun: set[str] = set()
        self._wake = asyncio.Event()
        self._clock: asyncio.Timeout | None = None

    def offer(self, key: str, frame: str) -> None:
        """Something happened in a stream. Without room for it, what waits is dropped and named."""
        if key in self._begun:
            self._put(key, frame)

    def bring(self, key: str, frame: str) -> None:
        """What it lacked, or some of it."""
        self._put(key, frame)

    def begins(self, key: str) -> None:
        """Whatever is offered from here on comes next; what was offered before, it was not in step for."""
        self._begun.add(key)

    def _put(self, key: str, frame: str) -> None:
        if key in self._missed:
            return
        if not self.fragments:
            self._missed.add(key)
        elif len(self._frames) < DEPTH:
            self._frames.append(frame)
        else:
            self._frames.clear()
            self._missed |= self.keys
        self._wake.set()

    def missed(self, key: str) -> None:
        """Something happened that has to be fetched."""
        self._missed.add(key)
        self._wake.set()

    def mention(self, frame: str) -> None:
        """What is said again before long, such as how many are here: it never displaces anything."""
        if len(self._frames) < DEPTH:
            self._frames.append(frame)
            self._wake.set()

    async def next(self) -> str:
        """The next frame. Only one coroutine may ask."""
        while not self._frames and not self._missed:
            self._wake.clear()
            await self._wake.wait()
        if self._frames:
            return self._frames.popleft()
        return dumps({"gap": self._missed.pop()})

    def runs_under(self, clock: asyncio.Timeout) -> None:
        """The clock that ends this socket when its time is over, or when `close` says so."""
        self._clock = clock
        if self.code is not None:
            self.close(self.code)

    def close(self, code: int) -> None:
        self.code = code
        if self._clock is not None and not self._clock.expired():
            self._clock.reschedule(asyncio.get_running_loop().time())
