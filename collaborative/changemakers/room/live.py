"""The streams of a room: which part is open, what is said to everybody, and the end; and for whoever runs it
alone, that somebody told them something."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from collaborative.changemakers.room import reading
from collaborative.changemakers.room.finding import standing
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.live.models import Event
from collaborative.live.registry import Change


class Rooms:
    def may_follow(self, user: Any, object_id: int) -> bool:
        """What a room shows to all stands on its page too: the agenda. One query."""
        return standing(object_id) is not None

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """All events are about the one room: the last stands for them all. Four queries."""
        last = max(events, key=lambda event: event.seq)
        engagement = standing(object_id)
        if engagement is None:
            return [Change(last.seq, "gone", object_id, None, {})]
        now = reading.now(engagement)
        html = render_to_string("changemakers/room/now.html", {"now": now})
        stage = now.stage
        data = {"stage": stage.pk if stage else 0, "state": now.state, "said": now.room.said}
        return [Change(last.seq, last.kind, object_id, html, data)]


class Consoles:
    def may_follow(self, user: Any, object_id: int) -> bool:
        """Whoever runs the room. Two queries at most."""
        engagement = standing(object_id)
        return engagement is not None and user_may_facilitate(user, engagement)

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """That there is something, and nothing of it: its words stand on the console alone."""
        last = max(events, key=lambda event: event.seq)
        return [Change(last.seq, "told", object_id, None, {})]
