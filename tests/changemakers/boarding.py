"""A workshop that is on just now, with a board or a vote open, and people in it."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from collaborative import codes
from collaborative.changemakers.boards import actions
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role, give_role
from tests.changemakers.workshops import someone, workshop

numbers = count(1)
OPTIONS = ["Ferry", "Bus", "Bike"]


def stage(
    slug: str = "", state: str = Stage.State.OPEN, fields: dict[str, Any] | None = None, **value: Any
) -> Stage:
    """The one part of a new workshop with these fields, open unless told otherwise."""
    block = {"minutes": 30, "title": "What is hard?", "text": "One thing at a time.", **value}
    blocks = SessionPage._meta.get_field("stages").stream_block.to_python([{"type": "stage", "value": block}])
    starts = timezone.now() - timedelta(minutes=10)
    page = workshop(slug or f"room-{next(numbers)}", starts=starts, stages=blocks, **(fields or {}))
    made = Stage.objects.get(engagement=page.engagement)
    made.state, made.opened_at = state, starts if state != Stage.State.WAITING else None
    made.save()
    return made


def board(*columns: str, **how: Any) -> Stage:
    return stage(kind="board", columns=list(columns or ("Red", "Amber", "Green")), **how)


def poll(kind: str = "one", options: list[str] | None = None, budget: int = 3, **how: Any) -> Stage:
    asked = {"kind": kind, "options": OPTIONS if options is None else options, "budget": budget}
    return stage(kind="poll", poll=asked, **how)


def person(where: Stage | Engagement, **fields: Any) -> Participant:
    engagement = where.engagement if isinstance(where, Stage) else where
    whole = {"name": "Puffin", "age_band": "26-plus", "permission": "anonymous"} | fields
    token = whole.pop("token", f"token-{next(numbers)}")
    made = Participant.objects.create(
        engagement=engagement, key_hash=codes.hashed_token(token), joined_at=timezone.now(), **whole
    )
    made.token = token  # type: ignore[attr-defined]  # of their cookie, for tests that read their pages
    return made


def facilitator(name: str = "Femi") -> User:
    user = someone(name)
    give_role(user, Role.FACILITATORS)
    return User.objects.get(pk=user.pk)


def note(board: Stage, by: Participant, text: str = "", **how: Any) -> Note:
    """Held, as every stranger's is."""
    text = text or f"Thing {next(numbers)}"
    written = Written(text=text, key=how.pop("key", f"k{next(numbers)}"), **how)
    return actions.add(board, written, participant=by)[0]


def shown(board: Stage, by: Participant, text: str = "", **how: Any) -> Note:
    made = note(board, by, text, **how)
    release(made)
    made.refresh_from_db()
    return made


def release(made: Note, by: User | None = None) -> None:
    moderation.release(said(made), by=by or facilitator())


def said(made: Note) -> Contribution:
    return Contribution.objects.get(pk=made.contribution_id)


def card_of(made: Note) -> Card:
    return Card.objects.get(notes=made.pk)
