"""How many requests of one process are worked on at once; the others wait in the order in which they came.

Threads of one process share one interpreter. With fifty at work, whoever holds SQLite's one write lock, or
the row of a thread, stands in line for the interpreter after every statement, and all others wait for that
lock. Two at a time are done with fifty comments in half the time (decision 49).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

READS, WRITES = 4, 2
PATIENCE = 5.0  # seconds; who waited so long goes on without a turn, so that what stands still stops nobody
ONLY_READ = {"GET", "HEAD", "OPTIONS"}


class Turns:
    """Those who write wait for each other alone: a locked database leaves pages readable."""

    def __init__(self, reads: int = READS, writes: int = WRITES, patience: float = PATIENCE) -> None:
        self._reads, self._writes = asyncio.Semaphore(reads), asyncio.Semaphore(writes)
        self._patience = patience

    @asynccontextmanager
    async def turn(self, method: str | None) -> AsyncIterator[None]:
        """A turn for a request with this method."""
        line = self._reads if method in ONLY_READ else self._writes
        has_turn = await self._wait(line)
        try:
            yield
        finally:
            if has_turn:
                line.release()

    async def _wait(self, line: asyncio.Semaphore) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                return await line.acquire()
        except TimeoutError:
            return False
