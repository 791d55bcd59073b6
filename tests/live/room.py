"""A room for tests alone: a list of words on a board, kept where the test says."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import get_language

from collaborative.live import registry
from collaborative.live.models import Event
from collaborative.live.registry import Change


class Board:
    """`words` is what stands on it now. `private` boards are for people with an account."""

    def __init__(self) -> None:
        self.words: dict[int, str] = {}
        self.private: set[int] = set()
        self.rendered = 0

    def may_follow(self, user: Any, object_id: int) -> bool:
        return object_id not in self.private or user.is_authenticated

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        self.rendered += 1
        return [
            Change(e.seq, e.kind, e.object_id, self.words.get(e.object_id), {"language": get_language()})
            for e in events
        ]


@contextmanager
def registered(kind: str = "slate") -> Iterator[Board]:
    before = registry._rooms.get(kind)
    board = Board()
    registry.register(kind, board)
    yield board
    del registry._rooms[kind]
    if before is not None:
        registry.register(kind, before)
