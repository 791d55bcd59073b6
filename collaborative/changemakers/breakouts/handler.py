"""What small groups show on the live page, the console and the wall. Their notes stand on a board below."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path

from collaborative.changemakers.boards.handler import Boards
from collaborative.changemakers.breakouts import groups, reading
from collaborative.changemakers.breakouts.actions import arrived, leaving
from collaborative.changemakers.room.kinds import FACILITATOR, PARTICIPANT
from collaborative.changemakers.room.models import Kind, Participant, Stage
from collaborative.live.models import Stream


class Breakouts:
    scripts: Sequence[str] = ("js/breakouts.js",)
    sheets: Sequence[str] = ("css/breakouts.css",)

    def __init__(self) -> None:
        from collaborative.changemakers.breakouts.views import adults, own, staff  # they ask for this module

        self.urls: Sequence[URLPattern] = [
            path("breakouts-<int:pk>/", own.groups, name="breakouts"),
            path("breakouts-<int:pk>-place/", own.place, name="breakouts_place"),
            path("breakouts-<int:pk>-arrange/", staff.arrange, name="breakouts_arrange"),
            path("facilitate/adults/", adults.adults, name="named_adults"),
        ]

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        """What a board asks, and six queries at most, however many people there are."""
        return {**Boards().context(request, stage, viewer, role), **around(stage, viewer, role)}

    def is_used(self, stage: Stage) -> bool:
        return groups.is_used(stage)

    def frozen(self, stage: Stage) -> None:
        groups.frozen(stage)

    def arrived(self, participant: Participant) -> None:
        arrived(participant)

    def leaving(self, participant: Participant) -> None:
        leaving(participant)

    def ahead(self, request: HttpRequest, now: Any, viewer: Participant) -> str:
        """The first part with small groups to come: where they will be, and that they may refuse."""
        coming = (one for one in now.stages if one.kind == Kind.BREAKOUTS and not one.has_begun)
        stage = next(coming, None)
        if stage is None or now.state == "over":
            return ""
        found = around(stage, viewer, PARTICIPANT)
        if not found["there"]:
            return ""
        context = {"stage": stage, "viewer": viewer, "slug": now.engagement.slug, "beforehand": True}
        return render_to_string("changemakers/breakouts/ahead.html", {**context, **found}, request)


def around(stage: Stage, viewer: Participant | None, role: str) -> dict[str, Any]:
    """The groups, without what is said in them."""
    # Read before the groups: what happens in between is sent once more, and changes nothing.
    last = Stream.objects.filter(key=f"breakouts.{stage.pk}").values_list("last_seq", flat=True).first() or 0
    found: dict[str, Any] = {"groups_seq": last, "how": groups.how(stage)}
    if role == FACILITATOR:
        found["arranged"] = reading.arrangement(stage)
        return found
    there = reading.all_groups(stage)
    found["there"] = there
    if role == PARTICIPANT and viewer is not None:
        own = reading.mine(stage, viewer, there)
        found |= {"own": own, "choices": reading.choices(viewer, there, own)}
    return found
