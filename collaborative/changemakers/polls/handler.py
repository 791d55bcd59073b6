"""What a vote shows on the live page, the console and the projector."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from collaborative.changemakers.polls import kinds, live, reading
from collaborative.changemakers.polls.kinds import AGREEMENT, Votes
from collaborative.changemakers.polls.models import Ballot
from collaborative.changemakers.room.kinds import FACILITATOR, PARTICIPANT
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.live.models import Stream


class Polls:
    scripts: Sequence[str] = ("js/poll.js",)
    sheets: Sequence[str] = ("css/board.css",)

    def __init__(self) -> None:
        from collaborative.changemakers.polls import views  # they ask for this module

        self.urls: Sequence[URLPattern] = [
            path("poll-<int:pk>/", views.poll, name="poll"),
            path("poll-<int:pk>-vote/", views.vote, name="poll_vote"),
            path("poll-<int:pk>-reveal/", views.reveal, name="poll_reveal"),
        ]

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        """At most five queries, whatever the number of votes."""
        key = f"poll.{stage.pk}"
        last_seq = Stream.objects.filter(key=key).values_list("last_seq", flat=True).first() or 0
        context = {"last_seq": last_seq, **live.shown(stage)}
        if role == PARTICIPANT and viewer is not None:
            context |= ballot(stage, reading.mine(stage, viewer))
        elif role == FACILITATOR:
            context["whole"] = context["result"] or reading.result(stage)
        return context

    def is_used(self, stage: Stage) -> bool:
        return Ballot.objects.filter(stage=stage).exists()


def ballot(stage: Stage, mine: Votes, chosen: Votes | None = None, error: str = "") -> dict[str, Any]:
    """What they vote with. `chosen` is what came back with a problem."""
    poll = kinds.asked(stage)
    shown = mine if chosen is None else chosen
    lines = [{"key": key, "label": label, "value": shown.get(key)} for key, label in poll.options]
    return {
        "may_vote": True,
        "mine": mine,
        "ballot": lines,
        "numbers": reading.places(poll),
        "scale": AGREEMENT,
        "ask": _("Choose one") if poll.kind == "one" else _("Choose any that you like"),
        "back": "live",
        "error": error,
    }
