"""What the streams mean. Rooms that show live things register who may follow them and how they look.

`live` itself knows no room. A key is the kind and the id of what is followed: "thread.5".
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from collaborative.live.models import Event

KEY = re.compile(r"([a-z]{1,20})\.([1-9][0-9]{0,17})", re.ASCII)


class Change(NamedTuple):
    """What the browser is told: `html` as it is now, the same for every viewer; None when it is gone."""

    seq: int
    kind: str
    id: int
    html: str | None
    data: dict[str, Any]


class Room(Protocol):
    def may_follow(self, user: Any, object_id: int) -> bool:
        """Whether this person (or AnonymousUser) may follow it, in one query."""

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """The changes that these events of one stream stand for, in the order of seq.

        As things are NOW: an event whose object has gone since gets html None. Several events about one
        object may be answered by its last one alone. Nothing that depends on who is looking.
        """


_rooms: dict[str, Room] = {}


def register(kind: str, room: Room) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    if not KEY.fullmatch(f"{kind}.1"):
        raise ValueError(f"{kind!r} cannot begin the key of a stream")
    _rooms[kind] = room


def find(key: str) -> tuple[Room, int] | None:
    """The room and the object that a key names; None for what is no key, or nobody's."""
    match = KEY.fullmatch(key)
    room = _rooms.get(match[1]) if match else None
    return (room, int(match[2])) if room and match else None
