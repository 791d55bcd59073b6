"""A workshop that is over, with a board, a vote and a write-up."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.changemakers.writeup import actions
from collaborative.changemakers.writeup.actions import Written
from collaborative.changemakers.writeup.models import WriteUp
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from tests.changemakers import boarding
from tests.changemakers.boarding import card_of, numbers, shown
from tests.changemakers.workshops import workshop

OPTIONS = ["Ferry", "Bus", "Bike"]
WRITTEN = Written(introduction="People want one door.", done="Notes, then a vote.", reached="By post.")


def running() -> Engagement:
    """On now: a board, then a vote."""
    blocks: list[dict[str, Any]] = [
        {
            "minutes": 20,
            "title": "What is hard?",
            "text": "One each.",
            "kind": "board",
            "columns": ["Red"],
        },
        {"minutes": 10, "title": "Choose", "kind": "poll", "poll": {"kind": "one", "options": OPTIONS}},
    ]
    stages = SessionPage._meta.get_field("stages").stream_block.to_python(
        [{"type": "stage", "value": value} for value in blocks]
    )
    page = workshop(f"room-{next(numbers)}", starts=timezone.now() - timedelta(minutes=10), stages=stages)
    return page.engagement


def part(engagement: Engagement, kind: str) -> Stage:
    """Open."""
    Stage.objects.filter(engagement=engagement).update(state="closed", opened_at=timezone.now())
    Stage.objects.filter(engagement=engagement, kind=kind).update(state="open")
    return Stage.objects.select_related("engagement__page").get(engagement=engagement, kind=kind)


def note(engagement: Engagement, text: str, who: Participant | None = None) -> Note:
    board = part(engagement, "board")
    return shown(board, who or boarding.person(board), text)


def grouped(name: str, *notes: Note) -> None:
    femi = boarding.facilitator()
    made = boards.group(card_of(notes[0]), card_of(notes[1]), who=femi)
    for more in notes[2:]:
        boards.group(card_of(more), card_of(notes[0]), who=femi)
    boards.name_group(made, name, by=femi)


def over(engagement: Engagement) -> Engagement:
    """An hour ago."""
    now = timezone.now()
    times = {"opens_at": now - timedelta(hours=3), "closes_at": now - timedelta(hours=1)}
    SessionPage.objects.filter(pk=engagement.page_id).update(**times)
    Engagement.objects.filter(pk=engagement.pk).update(**times)
    return Engagement.objects.select_related("page").get(pk=engagement.pk)


def written(engagement: Engagement, by: User, what: Written = WRITTEN) -> WriteUp:
    draft = actions.begin(engagement, by=by)
    actions.edit(draft, what, by=by)
    return WriteUp.objects.select_related("engagement__page").get(pk=draft.pk)


def shared(engagement: Engagement, by: User, days: int = 7, now: datetime | None = None) -> WriteUp:
    draft = written(engagement, by)
    actions.share(draft, days, by=by, now=now)
    return WriteUp.objects.select_related("engagement__page").get(pk=draft.pk)


def long_shared(engagement: Engagement, by: User) -> WriteUp:
    """So long ago that it may be published."""
    return shared(engagement, by, now=timezone.now() - timedelta(days=8))


def address(engagement: Engagement, more: str = "") -> str:
    return f"/changemakers/{engagement.slug}/write-up/{more}"
