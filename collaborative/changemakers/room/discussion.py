"""A part in which people talk: a thread, in which participants speak as who they are in the room."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path

from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.models import State
from collaborative.moderation.policy import decide
from collaborative.threads import reading
from collaborative.threads.actions.posting import MOST_CHARACTERS
from collaborative.threads.models import Comment


class Discussion:
    scripts: Sequence[str] = ()
    sheets: Sequence[str] = ("css/threads.css",)

    @property
    def urls(self) -> list[URLPattern]:
        from collaborative.changemakers.room.views import live

        return [path("live/say/<int:pk>/", live.say, name="room_say")]

    def context(
        self, request: HttpRequest, stage: Stage, viewer: Participant | None, role: str
    ) -> dict[str, Any]:
        """What anyone may read, the newest first; of one's own, only how many wait: on a shared device no
        words of somebody who sat there before are shown back."""
        thread = reading.follow(stage.thread_id) if stage.thread_id else None
        if thread is None:
            return {"thread": None}
        found: dict[str, Any] = {
            "thread": thread,
            "page": reading.page(thread, "newest"),
            "most": MOST_CHARACTERS,
            "key": secrets.token_urlsafe(24),
        }
        if viewer is not None:
            found["waits"] = not decide(stage.engagement, age_band=viewer.age_band, author=None).shown
            found["waiting"] = self._waiting(stage, viewer)
        return found

    def _waiting(self, stage: Stage, viewer: Participant) -> int:
        if viewer.receipt_id is None:
            return 0
        rows = Comment.objects.filter(thread=stage.thread_id, contribution__receipt=viewer.receipt_id)
        return rows.filter(contribution__state__in=(State.HELD, State.ESCALATED), taken_back_at=None).count()

    def is_used(self, stage: Stage) -> bool:
        return stage.thread_id is not None
