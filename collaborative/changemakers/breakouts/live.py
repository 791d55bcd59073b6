"""How small groups look to sockets: how many are in each, in words. Who is in which stands in no event.

`taken`: somebody found a place for themselves; the numbers are in the change. `mixed`: the facilitator did
something, so every page looks again at its own. `call`: a group asks for the facilitator, or no more.
"""

from collections.abc import Sequence
from typing import Any

from collaborative.changemakers.breakouts import groups, reading
from collaborative.changemakers.breakouts.actions.standing import CALL, MIXED, TAKEN
from collaborative.changemakers.room.models import Kind, Stage
from collaborative.live.models import Event
from collaborative.live.registry import Change


class Breakouts:
    def may_follow(self, user: Any, object_id: int) -> bool:
        """Anyone: numbers alone. Names and places of groups stand on the pages of those in the room."""
        return Stage.objects.reachable().filter(pk=object_id, kind=Kind.BREAKOUTS).exists()

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """One change for each kind, and for each group that called, by its last event. 2 queries."""
        last = {(event.kind, event.object_id if event.kind == CALL else 0): event for event in events}
        found = [self._change(event, object_id) for event in last.values()]
        return sorted(found, key=lambda change: change.seq)

    def _change(self, event: Event, object_id: int) -> Change:
        if event.kind == TAKEN:
            stage = Stage.objects.reachable().filter(pk=object_id).first()
            counts = (
                {str(one.pk): reading.how_many(one, stage) for one in groups.counted(stage)} if stage else {}
            )
            return Change(event.seq, TAKEN, object_id, None, {"counts": counts})
        return Change(event.seq, event.kind if event.kind == CALL else MIXED, event.object_id, None, {})
