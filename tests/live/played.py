"""A world in which anything can happen between what is written and the pages that stand open.

The real parts: announce(), the hint, the hub with its queues, catching up, and the browser's own ordering,
run by Node. Only the network between them is played, which is where things go wrong. A test says what is
written, what stands in the database, and how a change is shown.
"""

import asyncio
import json
import random
import subprocess
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from django.db import OperationalError, connection
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from collaborative.live import catchup, hints, registry
from collaborative.live.hub import Hub
from collaborative.live.listener import Listener
from collaborative.live.models import Event, Stream
from collaborative.live.repairs import Repairs
from tests.database import ROOT

HINTS = ("hint", "hint", "hint", "hint twice", "hint lost", "patience")
BROWSER = (
    "let in",
    "let in",
    "frame",
    "frame",
    "frame",
    "ask",
    "ask",
    "answer",
    "answer",
    "beat",
    "answer lost",
)
TROUBLE = ("pause", "go on", "go on", "go on", "reconnect", "load", "killed", "week", "silence", "heartbeat")


class PlayedRepairs(Repairs):
    """Reads in the transaction of the test; the next so many times the database does not answer."""

    silent = 0

    async def read(self, key: str, after: int) -> dict[str, Any] | None:
        if self.silent:
            self.silent -= 1
            raise OperationalError("away")
        found = registry.find(key)
        return catchup.since(key, *found, after, 2) if found else None


class PlayedHub(Hub):
    """Its patience with a hint that is missing ends when the world says so."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop = loop
        self.repairs: PlayedRepairs = PlayedRepairs()
        self.waiting: list[Callable[[], None]] = []

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        self.loop.run_until_complete(task)
        return task

    def _later(self, seconds: float, work: Callable[..., None], *about: Any) -> None:
        self.waiting.append(partial(work, *about))

    def patience_ends(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


class Node:
    """The browsers' ordering, in a process of Node."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", "tests/live/order_driver.mjs"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, client: int, verb: str, about: Any = None) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([client, verb, about]) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


class Browser:
    """One page: what it shows, its socket's queue, and the answer that is on its way to it."""

    def __init__(self, world: "World", number: int) -> None:
        self.world, self.number = world, number
        self.listener = Listener([world.key])
        self.door: tuple[int, int] | None = None
        self.load()

    def load(self) -> None:
        """Load the page anew: the number is read before the list, as a page of ours does."""
        self.seen: list[int] = []
        self.on_its_way: dict[str, Any] | None = None
        self.paused = False
        self._note(self.world.node(self.number, "load", self.world.last()))
        self.list = self.world.there()
        self.connect()

    def connect(self) -> None:
        """A new socket: registered first, as the door does it. Much may happen until it is let in."""
        hub, key = self.world.hub, self.world.key
        if self.listener in hub._listeners:
            hub.leave(self.listener, opened=self.door is None)
        self.listener = Listener([key])
        hub._listeners.add(self.listener)
        hub._followers[key].add(self.listener)
        self.door = (self.last, self.world.last())  # what it said, and how far the stream was just then

    def is_let_in(self) -> None:
        if self.door is not None:
            seen, last = self.door
            self.door = None
            self.world.hub.open(self.listener, {self.world.key: last}, {self.world.key: seen})

    def tell(self, verb: str, about: Any = None) -> dict[str, Any]:
        done = self.world.node(self.number, verb, about)
        self._note(done)
        for change in done["changes"]:
            self.seen.append(change["seq"])
            self.world.show(self.list, change)
        if done.get("lost"):
            self.load()
        return done

    def _note(self, done: dict[str, Any]) -> None:
        self.last, self.behind = done["last"], done["behind"]

    def ask(self, limit: int) -> None:
        after = self.tell("asking")["after"]
        found = registry.find(self.world.key)
        assert found
        self.on_its_way = catchup.since(self.world.key, *found, after, limit)

    def get_answer(self) -> None:
        answer, self.on_its_way = self.on_its_way, None
        if answer is not None:
            self.tell("answer", answer)

    def get_frame(self) -> bool:
        """Take one frame from the socket; False when there is none."""
        if not self.listener._frames and not self.listener._missed:
            return False
        frame = json.loads(self.world.loop.run_until_complete(self.listener.next()))
        if "gap" in frame:
            self.tell("gap")
        elif "stream" in frame:
            self.tell("hint", frame)
        return True

    def happens(self, what: str, limit: int, last: int) -> None:
        if what == "frame":
            self.get_frame()
        elif what == "ask" and self.on_its_way is None and not self.paused:
            self.ask(limit)
        elif what == "answer":
            self.get_answer()
        elif what == "answer lost":
            self.on_its_way = None
        elif what == "let in":
            self.is_let_in()
        elif what == "beat":
            self.tell("beat", last)
        elif what in ("pause", "go on"):
            self.paused = what == "pause"
            self.tell("pause", self.paused)
        elif what == "reconnect":
            self.connect()  # whatever waited for the old socket is gone
        elif what == "load":
            self.load()


class World(RuleBasedStateMachine):
    """What is written and how it looks is for the class below: `key`, `write()`, `there()`, `show()`."""

    node: ClassVar[Node]
    key: str
    writing: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.begin()
        self.loop = asyncio.new_event_loop()
        self.hub = PlayedHub(self.loop)
        self.under_way: list[dict[str, Any]] = []  # hints that the layer has not delivered yet
        self.told = self.last()
        self.browsers = [Browser(self, number) for number in range(2)]
        self.what = (*self.writing * 5, *HINTS * 6, *BROWSER * 8, *TROUBLE)

    @abstractmethod
    def begin(self) -> None:
        """Set `key`, and what there is to write about."""

    @abstractmethod
    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        """Do `what`, one of `writing`, or nothing where it cannot be done."""

    @abstractmethod
    def there(self) -> dict[int, Any]:
        """What a page that is loaded now shows, from the database."""

    @abstractmethod
    def show(self, page: dict[int, Any], change: dict[str, Any]) -> None:
        """What a page does with a change."""

    def last(self) -> int:
        return Stream.objects.filter(key=self.key).values_list("last_seq", flat=True).first() or 0

    # One rule and one number: given several of each, Hypothesis leaves some out of most runs and repeats
    # itself in others, and then nothing arrives. The number decides what happens, evenly.
    @rule(seed=st.integers(0, 2**64))
    def happens(self, seed: int) -> None:
        pick = random.Random(seed).choice
        what, browser, number, limit = pick(self.what), pick((0, 1)), pick((1, 2, 3, 4)), pick((1, 2, 100))
        note(f"{what}, browser {browser}, number {number}, limit {limit}")
        if what in self.writing:
            self.write(what, pick)
            self._send()
        elif what in ("hint", "hint twice", "hint lost"):
            self._layer(number, times={"hint": 1, "hint twice": 2, "hint lost": 0}[what])
        elif what == "patience":
            self.hub.patience_ends()
        elif what == "killed":
            self._killed()
        elif what == "silence":
            self.hub.repairs.silent = number
        elif what == "heartbeat":
            self.hub.settled[self.key] = self.last()
            if self.hub._lacks_something(self.key):
                self.hub._mend(self.key)
        elif what == "week":
            Event.objects.filter(stream__key=self.key, seq__lte=self.last() - limit).delete()
            catchup.shelf.clear()
        else:
            self.browsers[browser].happens(what, limit, self.last())

    def _send(self) -> None:
        """The hint of what was just written, made after its commit as the site makes it."""
        connection.run_on_commit = []
        events = list(Event.objects.filter(stream__key=self.key, seq__gt=self.told).order_by("seq"))
        self.told = self.last()
        if events:
            self.under_way.append(hints.message(self.key, events))

    def _layer(self, which: int, times: int) -> None:
        """Hints of two processes may change places, come twice, or never."""
        if self.under_way:
            hint = self.under_way.pop(which % len(self.under_way))
            for _ in range(times):
                self.hub.hear(hint)

    def _killed(self) -> None:
        self.under_way.clear()
        self.hub = PlayedHub(self.loop)
        for browser in self.browsers:
            browser.connect()
            browser.on_its_way = None

    @invariant()
    def each_change_once_and_in_order(self) -> None:
        for browser in self.browsers:
            assert browser.seen == sorted(set(browser.seen))
            assert browser.last <= self.last()

    @invariant()
    def who_has_reached_the_end_sees_what_is_there(self) -> None:
        for browser in self.browsers:
            if browser.last == self.last():
                assert browser.list == self.there()

    def teardown(self) -> None:
        """A heartbeat and as many questions as it takes: everybody sees what is there."""
        for browser in self.browsers:
            browser.tell("pause", False)
            browser.paused = False
            browser.is_let_in()
            browser.get_answer()
            while browser.get_frame():
                pass
            browser.tell("beat", self.last())
            for _ in range(200):
                if not browser.behind:
                    break
                browser.ask(2)
                browser.get_answer()
            assert browser.last == self.last()
            assert browser.list == self.there()
        self.loop.close()


def play(world: type[World], examples: int) -> None:
    """So many lives of this world, 80 things long each, with a process of Node for its browsers."""
    world.node = Node()
    try:
        run_state_machine_as_test(
            world,
            settings=settings(
                max_examples=examples,
                stateful_step_count=80,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                # A failure is told as it was found: making it shorter would take minutes.
                phases=[Phase.generate],
            ),
        )
    finally:
        world.node.close()
