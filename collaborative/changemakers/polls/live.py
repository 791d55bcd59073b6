"""How votes look to sockets: totals, and only while they are revealed. Before that, how many have voted."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from collaborative.changemakers.boards.live import begun
from collaborative.changemakers.polls import kinds, reading
from collaborative.changemakers.polls.models import Ballot
from collaborative.changemakers.room.models import Kind, Stage
from collaborative.live.models import Event
from collaborative.live.registry import Change


class Polls:
    def may_follow(self, user: Any, object_id: int) -> bool:
        return begun(object_id, Kind.POLL)

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """One change, by the last event, in three queries."""
        stage = Stage.objects.reachable().filter(pk=object_id, kind=Kind.POLL).first()
        last = events[-1].seq
        if stage is None:
            return [Change(last, "poll", object_id, None, {})]
        return [Change(last, "poll", stage.pk, standing(stage), told(stage))]


def standing(stage: Stage) -> str:
    """The fragment that stands on every screen."""
    return render_to_string("changemakers/polls/standing.html", shown(stage))


def shown(stage: Stage) -> dict[str, Any]:
    context: dict[str, Any] = {"stage": stage, "poll": kinds.asked(stage), "result": None}
    if stage.revealed:
        context["result"] = reading.result(stage)
    context["voted"] = Ballot.objects.filter(stage=stage).count()
    return context


def told(stage: Stage) -> dict[str, Any]:
    return {"revealed": stage.revealed, "state": stage.state}
