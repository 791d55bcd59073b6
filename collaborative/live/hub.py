"""One hub in each process: reads the channel layer and feeds the sockets of that process.

A group membership for each socket would make every message wait for the slowest phone, and cost a
subscription each. Here the layer has one reader, which never waits for a socket and never asks the
database. Writers overtake each other on the way, so hints are put in order here. A hint may also be lost:
then the hub reads what is missing, once for all of its sockets (`repairs`). Every few seconds it asks how far
each of its streams is, and tells its sockets: whoever lacks something for another reason fetches it.

The hub runs while somebody listens. Everything in it happens in the event loop's thread.
"""

import asyncio
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from json import dumps
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from collaborative.live.entry import Entry
from collaborative.live.hints import GROUP
from collaborative.live.listener import Listener
from collaborative.live.models import Stream
from collaborative.live.presence import Presence
from collaborative.live.repairs import Repairs

logger = logging.getLogger(__name__)

BEAT = 10.0  # seconds between two heartbeats
GRACE = 2.0  # seconds that hints may take: only what was there before them is told in a heartbeat
HOLD = 0.5  # seconds that a hint waits for the one before it
READY = 2.0  # seconds that a socket waits for the layer; the heartbeat covers what it missed
AGAIN = 1.0  # seconds before the layer is tried again
READINGS = 5  # of what a socket lacks, before its page fetches it
ASKED_AT_ONCE = 500
FETCHES = 200  # a second that a process should have to answer when all of its pages come to fetch
LONGEST_SPREAD = 10.0


class Hub:
    def __init__(self) -> None:
        self.told: dict[str, int] = {}  # how far the sockets were told, by hints
        self.settled: dict[str, int] = {}  # how far the stream was a while ago, by the database
        self._held: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.entry = Entry()
        self.presence = Presence(secrets.token_hex(8))
        self._followers: defaultdict[str, set[Listener]] = defaultdict(set)
        self._listeners: set[Listener] = set()
        self.repairs = Repairs()
        self._mending: dict[str, asyncio.Task[None]] = {}
        self._loose: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = asyncio.Event()
        self._channel: str | None = None

    async def join(self, listener: Listener) -> None:
        """From here on the listener misses nothing that is announced, unless the layer is away."""
        self._listeners.add(listener)
        for key in listener.keys:
            self._followers[key].add(listener)
        if not self._tasks:
            self._ready = asyncio.Event()
            self._tasks = [asyncio.create_task(work()) for work in (self._read, self._beat, self._tell_here)]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), READY)

    def open(self, listener: Listener, last: dict[str, int], seen: Mapping[str, int | None]) -> None:
        """It was let in: it counts as present, hears how far its streams are, then what it has not seen.

        `last`: how far each was while it was let in; `seen`: how far its page is, where the page said so.
        """
        for key, seq in last.items():
            self.told.setdefault(key, seq)
            self.settled.setdefault(key, seq)
            self.presence.enter(key, listener.who)
        hello = {"hello": sorted(listener.keys), "here": self._here(listener.keys), "spread": self.spread}
        listener.mention(dumps(hello))
        for key, seq in last.items():
            page, now = seen.get(key), max(seq, self.told[key])
            if page is not None and page != now:
                self._start(self._bring(listener, key, page))
                continue
            listener.begins(key)
            if now > seq and page is None:  # something came meanwhile, which the page may have or not
                listener.missed(key)

    async def _bring(self, listener: Listener, key: str, after: int) -> None:
        """Tell it what came since, and only then what comes.

        In a busy room more comes while this is read, which is read as well, once for all who lack it. If each
        page fetched that for itself, the crowd of them would be what makes the room slow.
        """
        for _ in range(READINGS):
            repair = await self.repairs.since(key, after)
            if listener not in self._followers.get(key, ()):
                return
            if repair is None:
                break
            listener.bring(key, repair.frame)
            after = repair.upto
            if after >= self.told.get(key, 0):
                listener.begins(key)
                return
        listener.begins(key)
        listener.missed(key)

    def leave(self, listener: Listener, *, opened: bool = True) -> None:
        self._listeners.discard(listener)
        for key in listener.keys:
            if opened:
                self.presence.leave(key, listener.who)
            self._followers[key].discard(listener)
            if not self._followers[key]:
                for known in (self._followers, self.told, self.settled, self._held):
                    known.pop(key, None)
                mending = self._mending.pop(key, None)
                if mending is not None:
                    mending.cancel()
        if not self._listeners:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    def beat(self, keys: Collection[str]) -> str:
        """How far the streams are at least, and how many people are here."""
        known = {key: self.settled[key] for key in sorted(keys) if key in self.settled}
        return dumps({"beat": known, "here": self._here(keys), "spread": self.spread})

    @property
    def spread(self) -> float:
        """Seconds over which pages that lack something spread their fetching, so that it is no storm."""
        return min(LONGEST_SPREAD, round(len(self._listeners) / FETCHES, 1))

    def _here(self, keys: Collection[str]) -> dict[str, int]:
        return {key: self.presence.total(key) for key in sorted(keys)}

    def hear(self, message: dict[str, Any]) -> None:
        """A message of the channel layer. Never waits, never asks the database."""
        if message["type"] == "live.hint":
            self._hint(message)
        elif message["type"] == "live.again":
            for listener in list(self._followers.get(message["stream"], ())):
                listener.close(1012)
        elif message["type"] == "live.here":
            for key in self.presence.hear(message["hub"], message["counts"], time.monotonic()):
                self._mention_here(key)

    def _hint(self, message: dict[str, Any]) -> None:
        """Pass it on if it is the next; what came too early waits a little for what is missing."""
        key = message["stream"]
        if key not in self._followers:
            return
        told = self.told.get(key)
        if told is not None and message["first"] > told + 1:
            self._held[key].append(message)
            self._held[key].sort(key=lambda each: each["first"])
            self._later(HOLD, self._release, key, message["first"])
            return
        self._pass_on(key, message)
        while self._held[key] and self._held[key][0]["first"] <= self.told[key] + 1:
            self._pass_on(key, self._held[key].pop(0))

    def _later(self, seconds: float, work: Callable[..., None], *about: Any) -> None:
        asyncio.get_running_loop().call_later(seconds, work, *about)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._loose.add(task)  # the loop itself would forget it
        task.add_done_callback(self._loose.discard)
        return task

    def _release(self, key: str, first: int) -> None:
        """It waited long enough for what is missing: that is read, once for everybody."""
        if any(message["first"] <= first for message in self._held.get(key, ())):
            self._mend(key)

    def _mend(self, key: str) -> None:
        task = self._mending.get(key)
        if task is None or task.done():
            self._mending[key] = self._start(self._read_missing(key))

    async def _read_missing(self, key: str) -> None:
        """Tell what the hints left out, then what waited for it. Where that fails, the pages see the gap."""
        while self._lacks_something(key):
            after = self.told[key]
            repair = await self.repairs.since(key, after)
            if key not in self._followers:
                return
            if repair is None:
                break
            if self.told[key] == after:  # else the hint came after all
                self._offer(key, repair.upto, repair.frame)
        for message in self._held.pop(key, []):
            self._pass_on(key, message)
        # What could not be read is in the next heartbeat; it is not read again at each of them.
        if key in self.told:
            self.told[key] = max(self.told[key], self.settled.get(key, 0))

    def _lacks_something(self, key: str) -> bool:
        told = self.told.get(key)
        if told is None:
            return False
        return self.settled.get(key, 0) > told or any(
            message["first"] > told + 1 for message in self._held.get(key, ())
        )

    def _pass_on(self, key: str, message: dict[str, Any]) -> None:
        if message["upto"] <= self.told.get(key, -1):
            return  # twice, or so late that whoever lacked it has fetched it
        if message["changes"] is None:
            self.told[key] = message["upto"]
            for listener in self._followers[key]:
                listener.missed(key)
            return
        # Written once; every queue holds the same string.
        frame = dumps({name: message[name] for name in ("stream", "first", "upto", "changes")})
        self._offer(key, message["upto"], frame)

    def _offer(self, key: str, upto: int, frame: str) -> None:
        self.told[key] = upto
        for listener in self._followers[key]:
            listener.offer(key, frame)

    def _mention_here(self, key: str) -> None:
        frame = dumps({"here": self._here([key])})
        for listener in self._followers.get(key, ()):
            listener.mention(frame)

    async def _read(self) -> None:
        """Read the layer until nobody listens any more. A layer that fails is tried again."""
        while True:
            layer = get_channel_layer()
            channel = None
            try:
                channel = self._channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._ready.set()
                while True:
                    self.hear(await layer.receive(channel))
            except Exception:
                logger.exception("live: the hub lost its channel layer")
                await asyncio.sleep(AGAIN)
            finally:
                if channel is not None:
                    with suppress(Exception):
                        await layer.group_discard(GROUP, channel)

    async def _stay(self) -> None:
        """The in-memory layer forgets a member after a day, or when the loop stood still for a minute."""
        if self._channel is not None:
            with suppress(Exception):
                await asyncio.wait_for(get_channel_layer().group_add(GROUP, self._channel), READY)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(max(0.0, BEAT - GRACE))
            await self._stay()
            known = await self._look()
            await asyncio.sleep(GRACE)
            await self._mend_all()
            frames: dict[frozenset[str], str] = {}
            for listener in list(self._listeners):
                if known and listener.keys not in frames:
                    frames[listener.keys] = self.beat(listener.keys)
                listener.mention(frames.get(listener.keys, '{"beat": {}}'))

    async def _mend_all(self) -> None:
        """Streams of which a hint never came: before the heartbeat says it, and everybody fetches."""
        for key in [key for key in self._followers if self._lacks_something(key)]:
            self._mend(key)
        under_way = [task for task in self._mending.values() if not task.done()]
        if under_way:
            await asyncio.wait(under_way, timeout=READY)

    async def _look(self) -> bool:
        """Ask the database how far the streams are. False when it does not answer."""
        keys = sorted(self._followers)
        try:
            for start in range(0, len(keys), ASKED_AT_ONCE):
                for key, seq in await last_of(keys[start : start + ASKED_AT_ONCE]):
                    if key in self._followers:
                        self.settled[key] = seq
        except Exception:
            logger.exception("live: the hub could not ask how far its streams are")
            return False
        return True

    async def _tell_here(self) -> None:
        """Tell the other processes, and by the same way this one, how many are here."""
        try:
            while True:
                counts = await self.presence.to_tell()
                await self._send_here(counts)
        finally:
            with suppress(Exception):
                await self._send_here({})

    async def _send_here(self, counts: dict[str, int]) -> None:
        message = {"type": "live.here", "hub": self.presence.hub, "counts": counts}
        try:
            await asyncio.wait_for(get_channel_layer().group_send(GROUP, message), READY)
        except Exception:
            logger.warning("live: could not tell how many are here", exc_info=True)


@database_sync_to_async
def last_of(keys: Collection[str]) -> list[tuple[str, int]]:
    return list(Stream.objects.filter(key__in=keys).values_list("key", "last_seq"))


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop: of the process, that is, since a server has one loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
