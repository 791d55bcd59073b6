"""How many people are here. Kept in memory alone: each hub tells its own counts, which age out.

Counted are people as far as they can be told apart: an account once for each process, everyone else by
socket. A process that dies is forgotten after a while, so nobody has to say goodbye.
"""

import asyncio
import time
from collections import Counter, defaultdict

THROTTLE = 3.0  # seconds between two tellings at least
REFRESH = 10.0  # seconds between two tellings at most
TTL = 30.0  # seconds after which a hub that says nothing counts no more
SMALL = 50  # past it, a number that changes by one is told with the next heartbeat


class Presence:
    def __init__(self, hub: str) -> None:
        self.hub = hub
        self._here: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._hubs: dict[str, tuple[float, dict[str, int]]] = {}
        self._changed = asyncio.Event()

    def enter(self, key: str, who: str) -> None:
        self._here[key][who] += 1
        self._changed.set()

    def leave(self, key: str, who: str) -> None:
        self._here[key][who] -= 1
        if self._here[key][who] <= 0:
            del self._here[key][who]
        if not self._here[key]:
            del self._here[key]
        self._changed.set()

    def counts(self) -> dict[str, int]:
        """Of this process."""
        return {key: len(people) for key, people in self._here.items()}

    def total(self, key: str, now: float | None = None) -> int:
        """Of all processes, this one as it is now, the others as they last said."""
        fresh = (now or time.monotonic()) - TTL
        others = (
            counts.get(key, 0)
            for hub, (told, counts) in self._hubs.items()
            if hub != self.hub and told > fresh
        )
        return len(self._here.get(key, ())) + sum(others)

    def hear(self, hub: str, counts: dict[str, int], now: float) -> list[str]:
        """A hub tells its counts. Returns the keys of which it is worth telling the sockets at once."""
        _told, before = self._hubs.pop(hub, (0.0, {}))
        self._hubs = {name: said for name, said in self._hubs.items() if said[0] > now - TTL}
        if counts:
            self._hubs[hub] = (now, counts)
        changed = [key for key in {*before, *counts} if before.get(key, 0) != counts.get(key, 0)]
        return [key for key in changed if self.total(key, now) <= SMALL]

    async def to_tell(self) -> dict[str, int]:
        """This process's counts, once they changed or are due to be told again."""
        try:
            await asyncio.wait_for(self._changed.wait(), REFRESH)
        except TimeoutError:
            return self.counts()
        # The first of several changes waits for the others: people come and go in crowds.
        await asyncio.sleep(THROTTLE)
        self._changed.clear()
        return self.counts()
