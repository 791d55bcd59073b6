"""A board of a workshop: `python -m bench --only board`.

So many people in one room, ten notes a second through the real form, and with each a card that is moved or
a vote that is cast: how long until the last page shows each note. The floor is a broadcast of as many bytes
to as many sockets in the same server program, without Django, Channels or a database.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from bench.effort import Effort
from bench.figure import MOST, Figure
from bench.live import BARE, crowd, part_of, post
from bench.live_load import CSRF
from bench.live_site import Place, places
from bench.site import Lab

NOTES = 10  # a second
CARDS, PEOPLE = 60, 60
GOAL_MS = 1000


def figures(lab: Lab, effort: Effort) -> Iterator[Figure]:
    for place in places(lab):
        with place.ready(1, 1):
            made = place.world_of("bench.board_world", "make", CARDS, PEOPLE)
            for sockets in effort.room:
                yield from _told(place, made, sockets, effort)


def _told(place: Place, made: Mapping[str, Any], sockets: int, effort: Effort) -> Iterator[Figure]:
    name = f"{sockets} people at a board, {place}"
    stream = f"board.{made['board']}"
    last = place.world_of("bench.board_world", "last", made["board"])["last"]
    about = {"socket": f"/ws/live/?s={stream}:{{last}}&l=en-gb", "stream": stream, "last": last}
    with crowd(place, sockets, about) as (fleet, load, _memory):
        real = post(
            fleet,
            load,
            _people(made, fleet.addresses),
            effort,
            posts=NOTES,
            beside=_beside(made, fleet.addresses),
        )
    with crowd(place, sockets, BARE) as (fleet, load, _memory):
        bare = {"address": fleet.addresses[0], "path": f"/bare/post/?{real['size']}", "headers": {}}
        floor = post(fleet, load, [bare], effort, posts=NOTES)
    for part in (50, 95, 99):
        yield Figure(
            f"{name}: note to the last page, p{part}",
            part_of(real["from post"], part),
            "ms",
            GOAL_MS if part == 95 else None,
            MOST,
            floor=part_of(floor["from post"], part),
            per="ms",
            samples=real["posts"],
        )
    for words, key in (
        ("never shown, after catching up", "lost"),
        ("shown twice", "twice"),
        ("shown out of order", "disordered"),
    ):
        yield Figure(f"{name}: {words}", real[key], "", 0, MOST, samples=real["posts"] * sockets)


def _people(made: Mapping[str, Any], addresses: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "address": addresses[number % len(addresses)],
            "path": f"/changemakers/{made['slug']}/board-{made['board']}-add/",
            "headers": _headers(cookie, number),
        }
        for number, cookie in enumerate(made["cookies"])
    ]


def _beside(made: Mapping[str, Any], addresses: list[Any]) -> list[dict[str, Any]]:
    """Each moves a card, or votes, in turn."""
    found = []
    for number, cookie in enumerate(made["cookies"]):
        card = made["cards"][number % len(made["cards"])]
        path = f"{made['slug']}/card/{card}/"
        fields = {"do": "move", "place": f"{number % 3}:top"}
        if number % 2:
            path, cookie = f"{made['vote_slug']}/poll-{made['poll']}-vote/", made["vote_cookies"][number]
            fields = {"o1": "1", "o2": "2"}
        found.append(
            {
                "address": addresses[number % len(addresses)],
                "path": f"/changemakers/{path}",
                "headers": _headers(cookie, number),
                "body": urlencode({"csrfmiddlewaretoken": CSRF, **fields}),
            }
        )
    return found


def _headers(cookie: str, number: int) -> dict[str, str]:
    return {
        "Cookie": f"{cookie}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"192.0.2.{number + 1}",
    }
