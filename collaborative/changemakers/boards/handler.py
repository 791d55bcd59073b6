"""What a board shows on the live page, the console and the projector."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone

from collaborative.changemakers.boards import reading
from collaborative.changemakers.boards.actions.adding import MOST_CHARACTERS
from collaborative.changemakers.boards.actions.standing import columns_of
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.breakouts.tables import group_of
from collaborative.changemakers.room.kinds import FACILITATOR, PARTICIPANT, PROJECTOR
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.models import Contribution, Permission
from collaborative.live.models import Stream


class Boards:
    scripts: Sequence[str] = ("js/board.js",)
    sheets: Sequence[str] = ("css/board.css",)

    def __init__(self) -> None:
        from collaborative.changemakers.boards.views import cards, notes, staff  # they ask for this module

        self.urls: Sequence[URLPattern] = [
            path("board-<int:pk>/", notes.board, name="board"),
            path("board-<int:pk>-add/", notes.add, name="board_add"),
            path("board-<int:pk>-type-in/", staff.type_in, name="board_type_in"),
            path("note/<int:pk>/", notes.note, name="board_note"),
            path("note/<int:pk>/check/", staff.check, name="board_check"),
            path("card/<int:pk>/", cards.card, name="board_card"),
            path("group/<int:pk>/", cards.group, name="board_group"),
        ]

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        """Five queries, whatever stands on it; one more for those who gave something, or who run it."""
        key = f"board.{stage.pk}"
        # Read before the cards: what happens in between is sent once more, and changes nothing.
        last_seq = Stream.objects.filter(key=key).values_list("last_seq", flat=True).first() or 0
        context: dict[str, Any] = {"last_seq": last_seq, "columns": reading.board(stage)}
        if role == PARTICIPANT and viewer is not None:
            context |= {"mine": reading.mine(stage, viewer), "composer": composer(stage, viewer)}
        elif role == FACILITATOR:
            context |= {"waiting": reading.waiting(stage), "looked": f"{timezone.now().timestamp():.6f}"}
            context["typing"] = typing(stage)
        elif role == PROJECTOR:
            context["waiting_count"] = Contribution.objects.held().filter(note__stage=stage).count()
        return context

    def is_used(self, stage: Stage) -> bool:
        return Note.objects.filter(stage=stage).exists()


def composer(stage: Stage, viewer: Participant, **typed: Any) -> dict[str, Any]:
    """The form of a note; `typed` is what came back with a problem."""
    small = group_of(stage, viewer)
    takes = small is not None and small.note_taker_id == viewer.pk
    fresh = {
        "key": secrets.token_urlsafe(12),
        "back": "live",
        "takes_for": small.title if small and takes else "",
        "for_group": takes,
        "columns": list(enumerate(columns_of(stage))),
        "column": 0,
        "text": "",
        "most": MOST_CHARACTERS,
        "may_name": viewer.permission == Permission.NAMED,
        "name": viewer.shown_name,
        "named": False,
        "error": "",
    }
    return fresh | typed


def typing(stage: Stage, **typed: Any) -> dict[str, Any]:
    """The form in which the facilitator types paper in."""
    fresh = {
        "key": secrets.token_urlsafe(12),
        "columns": list(enumerate(columns_of(stage))),
        "column": 0,
        "lines": "",
        "table": "",
        "reflection": False,
        "error": "",
        "open": False,
    }
    return fresh | typed
