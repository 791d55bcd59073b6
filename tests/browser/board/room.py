"""Notes without a table of their own: note 7 stands on the board when its newest event says so."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from collaborative.live.actions import announce
from collaborative.live.models import Event
from collaborative.live.registry import Change

KEY = "slate.1"


def notes() -> dict[int, str]:
    """Each note that stands, by number, in the order of the board."""
    newest: dict[int, str] = {}
    for event in Event.objects.filter(stream__key=KEY).order_by("seq"):
        newest[event.object_id] = event.kind
    return {number: html(number) for number, kind in newest.items() if kind == "said"}


def html(number: int) -> str:
    return f'<li id="note-{number}">{number}</li>'


class Board:
    def may_follow(self, user: Any, object_id: int) -> bool:
        return True

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        standing = notes()
        return [Change(e.seq, e.kind, e.object_id, standing.get(e.object_id), {}) for e in events]


def post(number: int) -> None:
    """A note, once however often it is posted."""
    with transaction.atomic():
        announce((KEY, "asked", 0))  # takes the lock of the stream
        if not Event.objects.filter(stream__key=KEY, object_id=number, kind="said").exists():
            announce((KEY, "said", number))


def take_away(number: int) -> None:
    with transaction.atomic():
        announce((KEY, "gone", number))
