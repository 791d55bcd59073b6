"""What a part of a workshop can be. Each kind says what its piece of the screens shows."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html_join

from collaborative.changemakers.room.models import Kind, Participant, Stage

PLAIN = "talk"  # whose template shows the words of any part
PARTICIPANT, FACILITATOR, PROJECTOR = "participant", "facilitator", "projector"


class Handler(Protocol):
    """`templates/changemakers/stages/<kind>.html` is included with `stage`, `role`, `viewer` and `context()`.

    `urls` are included below `changemakers/<slug>/`. `scripts` and `sheets` (static paths) are on every page
    of a room from the start: a part may open at any time. When its piece has come into the page, `room.js`
    sends `room:stage` to the document, and follows every `data-live` in it.

    A handler may have more, which most kinds do without: `frozen(stage)` after the page was published,
    `arrived(participant)` when somebody has come in, `leaving(participant)` when they go, and
    `ahead(request, now, viewer) -> html`, what somebody should know before a part begins.
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


def frozen(stages: Sequence[Stage]) -> None:
    """The page was published, and these are its parts now. In its transaction."""
    for stage in stages:
        for work in _those_with("frozen", stage.kind):
            work(stage)


def arrived(participant: Participant) -> None:
    """Somebody came in, perhaps late."""
    for work in _those_with("arrived"):
        work(participant)


def leaving(participant: Participant) -> None:
    """Somebody goes, in the transaction that this is called in, or has gone already."""
    for work in _those_with("leaving"):
        work(participant)


def ahead(request: HttpRequest, now: Any, viewer: Participant) -> str:
    """What they should know before a part begins (`now` is a reading.Now); empty for most."""
    return format_html_join("", "{}", ((work(request, now, viewer),) for work in _those_with("ahead")))


def _those_with(name: str, kind: str = "") -> list[Callable[..., Any]]:
    found = [one for key, one in _handlers.items() if not kind or key == kind]
    return [getattr(one, name) for one in found if hasattr(one, name)]


def urlpatterns() -> list[URLPattern]:
    return [pattern for handler in _handlers.values() for pattern in handler.urls]


def scripts() -> list[str]:
    return [path for handler in _handlers.values() for path in getattr(handler, "scripts", ())]


def sheets() -> list[str]:
    return [path for handler in _handlers.values() for path in getattr(handler, "sheets", ())]
