"""What a part of a workshop can be. Each kind says what its piece of the screens shows."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import URLPattern

from collaborative.changemakers.room.models import Kind, Participant, Stage

PLAIN = "talk"  # whose template shows the words of any part
PARTICIPANT, FACILITATOR, PROJECTOR = "participant", "facilitator", "projector"


class Handler(Protocol):
    """`templates/changemakers/stages/<kind>.html` is included with `stage`, `role`, `viewer` and `context()`.

    `urls` are included below `changemakers/<slug>/`. `scripts` and `sheets` (static paths) are on every page
    of a room from the start: a part may open at any time. When its piece has come into the page, `room.js`
    sends `room:stage` to the document, and follows every `data-live` in it.
    """

    scripts: Sequence[str]
    sheets: Sequence[str]

    @property
    def urls(self) -> Sequence[URLPattern]: ...

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        """What the piece shows, in a bounded number of queries. On the projector: only what was released."""

    def is_used(self, stage: Stage) -> bool:
        """Whether somebody has given something in it: its kind then stands, and it stays."""


class Plain:
    """A part that shows its words, and takes none."""

    urls: Sequence[URLPattern] = ()
    scripts: Sequence[str] = ()
    sheets: Sequence[str] = ()

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        return {}

    def is_used(self, stage: Stage) -> bool:
        return False


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Called at `ready()`. A second call for a kind replaces the first."""
    _handlers[Kind(kind)] = handler


def of(kind: str) -> Handler:
    """The handler of a kind; a part of a kind that nobody has registered shows its words."""
    return _handlers.get(kind) or Plain()


def urlpatterns() -> list[URLPattern]:
    return [pattern for handler in _handlers.values() for pattern in handler.urls]


def scripts() -> list[str]:
    return [path for handler in _handlers.values() for path in getattr(handler, "scripts", ())]


def sheets() -> list[str]:
    return [path for handler in _handlers.values() for path in getattr(handler, "sheets", ())]
