"""Open pages while people post: `python -m bench --only live`.

So many sockets over one process (SQLite, in-memory layer) and over three (PostgreSQL, Redis), five posts a
second through the real form of a thread: how long until the last page shows each. The floor is a broadcast
of as many bytes to as many sockets in as many of the same server programs, without Django, Channels or a
database; between three of them it goes through the same Redis.
"""

import resource
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.effort import Effort
from bench.figure import MOST, Figure
from bench.live_site import Fleet, Load, Place, places
from bench.site import Lab

POSTS = 5  # a second
FIRST = 30  # pages that wake everything up before memory is counted
MEANWHILE = 5  # said while the server is down
AT_ONCE = 8  # people who post at the same time, for the rates
THREADS, PEOPLE = 100, 60
STORM_PATIENCE = 120
BARE = {"socket": "/bare/ws/", "stream": "", "last": 0}
GOAL_SECONDS, GOAL_RATIO = 1.0, 2.0


def figures(lab: Lab, effort: Effort) -> Iterator[Figure]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for place in places(lab):
        with place.ready(THREADS, PEOPLE):
            for sockets in effort.sockets:
                yield from _told(place, sockets, effort)
            yield from _storm(place, max(effort.sockets))
            if place.processes == 1:
                yield from _rates(place, effort)


def _told(place: Place, sockets: int, effort: Effort) -> Iterator[Figure]:
    """From a post to the last page, and what an open page costs."""
    name = f"{sockets} pages, {place}"
    about = {"socket": f"/ws/live/?s={place.stream}:{{last}}&l=en-gb", "stream": place.stream}
    with crowd(place, sockets, {**about, "last": place.last()}) as (fleet, load, memory):
        real = post(fleet, load, place.people(fleet.addresses, [place.thread]), effort)
    with crowd(place, sockets, BARE) as (fleet, load, floor_memory):
        bare = {"address": fleet.addresses[0], "path": f"/bare/post/?{real['size']}", "headers": {}}
        floor = post(fleet, load, [bare], effort)
    kept = {"per": "ms", "samples": real["posts"]}
    goal = GOAL_SECONDS * 1000 if sockets <= 500 else None
    for part in (50, 95, 99):
        yield Figure(
            f"{name}: post to the last page, p{part}",
            part_of(real["from post"], part),
            "ms",
            goal if part == 95 else None,
            MOST,
            floor=part_of(floor["from post"], part),
            **kept,
        )
    told, floor_told = part_of(real["from hint"], 95), part_of(floor["from hint"], 95)
    yield Figure(
        f"{name}: hint to the last page, p95, against a bare broadcast",
        told / floor_told,
        "×",
        GOAL_RATIO if sockets <= 500 else None,
        MOST,
        measured=told,
        floor=floor_told,
        **kept,
    )
    for words, key in (
        ("never shown, after catching up", "lost"),
        ("shown twice", "twice"),
        ("shown out of order", "disordered"),
    ):
        yield Figure(f"{name}: {words}", real[key], "", 0, MOST, samples=real["posts"] * sockets)
    for words, key in (("hints that left a gap", "gaps"), ("hints that came too late", "late")):
        yield Figure(f"{name}: {words}", real[key], "", samples=real["posts"] * sockets)
    yield Figure(f"{name}: memory of an open page", memory, "kB", floor=floor_memory, per="kB")


@contextmanager
def crowd(place: Place, sockets: int, about: dict[str, Any]) -> Iterator[tuple[Fleet, Load, float]]:
    """A fresh fleet with that many open pages on it, and the memory that each takes, in kB."""
    with place.fleet() as fleet, Load() as load:
        load.ask(do="open", sockets=FIRST, addresses=fleet.addresses, **about)
        before = fleet.memory()
        load.ask(do="open", sockets=sockets, addresses=fleet.addresses, **about)
        yield fleet, load, (fleet.memory() - before) / sockets


def post(
    fleet: Fleet, load: Load, people: list[dict[str, Any]], effort: Effort, posts: int = POSTS, **more: Any
) -> dict[str, Any]:
    found = load.ask(do="post", people=people, posts=posts, seconds=effort.live_seconds, **more)
    stamps = fleet.stamps()
    latest = {int(seq): at for seq, at in found["latest"].items() if at is not None}
    sent = {int(seq): at for seq, at in found["sent"].items()}
    found["from post"] = [(at - sent[seq]) * 1000 for seq, at in latest.items()]
    found["from hint"] = [(at - stamps[seq]) * 1000 for seq, at in latest.items()]
    return found


def part_of(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _storm(place: Place, sockets: int) -> Iterator[Figure]:
    """Every process is killed under all of them and started again; meanwhile others wrote."""
    back: dict[str, float] = {}
    about = {"socket": f"/ws/live/?s={place.stream}:{{last}}&l=en-gb", "stream": place.stream}
    for way, spec in (("bare", BARE), ("real", {**about, "last": place.last()})):
        with place.fleet() as fleet, Load() as load:
            load.ask(do="open", sockets=sockets, addresses=fleet.addresses, **spec)
            fleet.kill()
            last = place.say(MEANWHILE) if way == "real" else 0
            fleet.start()
            found = load.ask(do="wait", last=last, patience=STORM_PATIENCE)
            if found["missing"]:
                raise RuntimeError(f"{found['missing']} of {sockets} pages never came back")
            back[way] = found["at"] - fleet.ready_at
    yield Figure(
        f"{sockets} pages after a kill, {place}: until all are back and have everything",
        back["real"],
        "s",
        15,
        MOST,
        floor=back["bare"],
        per="s",
        samples=sockets,
    )


def _rates(place: Place, effort: Effort) -> Iterator[Figure]:
    """Comments a second; the floor writes an event, commits and tells, and is asked for nothing else."""
    with place.fleet() as fleet, Load() as load:
        for words, threads in (("in one thread", [place.thread]), (f"over {THREADS} threads", place.threads)):
            bare = [
                {"address": fleet.addresses[0], "path": f"/bare/announce/?{number}", "headers": {}}
                for number in threads
            ]
            real = place.people(fleet.addresses, threads)
            pairs = []
            for number in range(effort.rounds):
                asked = {"do": "rate", "at_once": AT_ONCE, "seconds": effort.rate_seconds}
                start = 1_000_000 * (number + 1) * len(threads)
                above = load.ask(**asked, people=real, start=start)["rate"]
                pairs.append((above, load.ask(**asked, people=bare, start=start)["rate"]))
            rate, floor = (statistics.median(side) for side in zip(*pairs, strict=True))
            yield Figure(
                f"comments a second, {words}, {AT_ONCE} at once",
                rate,
                "/s",
                floor=floor,
                per="/s",
                samples=len(pairs),
            )
