"""What the facilitator does: one part after the other, more time, a line to everybody, and the end.

Each verb says how things shall be afterwards, not what to add: pressed twice, or by two people, it happens
once.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.room.models import Kind, Room, Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.contributions import ledger
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.errors import Refused
from collaborative.live.actions import announce
from collaborative.people.models import User
from collaborative.threads import actions as threads
from collaborative.threads.models import Anchor, Thread
from collaborative.threads.permissions import user_may_run_threads

LONGEST_LINE = 200
MOST_EXTRA = 180  # minutes


def stream(engagement_id: int) -> str:
    return f"session.{engagement_id}"


def _room(engagement: Engagement, by: User) -> Room:
    """The row that everything in a room waits for. Raises PermissionDenied."""
    if not user_may_facilitate(by, engagement):
        raise PermissionDenied
    Room.objects.get_or_create(engagement=engagement)
    return Room.objects.select_for_update().get(engagement=engagement)


def open_stage(stage: Stage, *, by: User, now: datetime | None = None) -> Stage:
    """Begin a part, or go back to it: its time runs anew, and whatever else was open closes.

    Raises Refused before the workshop begins and once it has ended.
    """
    now = now or timezone.now()
    with transaction.atomic():
        room = _room(stage.engagement, by)
        if room.is_over(now) or not _is_on(stage.engagement, now):
            raise Refused(_("The workshop is not on now."))
        rows = list(Stage.objects.of(stage.engagement).select_for_update())
        row = next(one for one in rows if one.pk == stage.pk)
        if row.is_open:
            return row
        for other in rows:
            if other.is_open:
                _close(other, by, now)
        row.state, row.opened_at, row.closed_at, row.extra_minutes = Stage.State.OPEN, now, None, 0
        if row.kind == Kind.DISCUSSION:
            row.thread = _conversation(row, by)
        row.save()
        ledger.record("workshop.part-opened", f"stage:{row.pk}", by)
        announce((stream(row.engagement_id), "stage", row.engagement_id))
    return row


def _is_on(engagement: Engagement, now: datetime) -> bool:
    return engagement.state_at(now) == Engagement.State.OPEN


def _conversation(row: Stage, by: User) -> Thread:
    """The thread of a part, made the first time and opened again after that."""
    engagement = row.engagement
    found = (
        row.thread
        or Thread.objects.filter(
            engagement=engagement, page=engagement.page_id, anchor_kind=Anchor.STAGE, anchor_key=row.key
        ).first()
    )
    if found is None:
        if not user_may_run_threads(by):
            raise Refused(_("Ask a facilitator to open this discussion the first time."))
        found = threads.open_thread(
            engagement,
            engagement.page,
            title=row.title,
            intro=row.text,
            by=by,
            kind=Anchor.STAGE,
            key=row.key,
        )
    elif found.closed_at is not None:
        threads.reopen(found, by=by)
    return found


def close(stage: Stage, *, by: User, now: datetime | None = None) -> None:
    """The part is over: nothing more is taken in it. Twice is no error."""
    now = now or timezone.now()
    with transaction.atomic():
        _room(stage.engagement, by)
        row = Stage.objects.select_for_update(of=("self",)).select_related("thread").get(pk=stage.pk)
        if not row.is_open:
            return
        _close(row, by, now)
        announce((stream(row.engagement_id), "stage", row.engagement_id))


def _close(row: Stage, by: User, now: datetime) -> None:
    row.state, row.closed_at = Stage.State.CLOSED, now
    row.save(update_fields=["state", "closed_at"])
    if row.thread is not None and row.thread.closed_at is None:
        threads.close(row.thread, by=by)
    ledger.record("workshop.part-closed", f"stage:{row.pk}", by)


def extend(stage: Stage, extra_minutes: int, *, by: User) -> None:
    """The open part gets so many minutes more than planned. Raises Refused."""
    if not 0 <= extra_minutes <= MOST_EXTRA:
        raise Refused(_("Choose up to three hours."))
    with transaction.atomic():
        _room(stage.engagement, by)
        row = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
        if not row.is_open:
            raise Refused(_("This part is not open any more."))
        if row.extra_minutes == extra_minutes:
            return
        row.extra_minutes = extra_minutes
        row.save(update_fields=["extra_minutes"])
        announce((stream(row.engagement_id), "stage", row.engagement_id))


def say(engagement: Engagement, text: str, *, by: User, now: datetime | None = None) -> None:
    """A line that stands on every screen until the next; empty takes it away. Raises Refused."""
    text = " ".join(text.replace("\x00", "").split())
    if len(text) > LONGEST_LINE:
        raise Refused(_("Make it shorter: up to 200 characters."))
    with transaction.atomic():
        room = _room(engagement, by)
        if room.said == text:
            return
        room.said, room.said_at, room.said_by = text, now or timezone.now(), by
        room.save(update_fields=["said", "said_at", "said_by"])
        announce((stream(engagement.pk), "said", engagement.pk))


def end(engagement: Engagement, *, by: User, now: datetime | None = None) -> None:
    """The workshop is over before its time: its parts close and its codes die (KID-2). Twice is no error."""
    now = now or timezone.now()
    with transaction.atomic():
        room = _room(engagement, by)
        if room.ended_at is not None:
            return
        for row in Stage.objects.of(engagement).select_for_update().filter(state=Stage.State.OPEN):
            _close(row, by, now)
        room.ended_at = now
        room.save(update_fields=["ended_at"])
        standing = JoinCode.objects.filter(engagement=engagement, kind=JoinCode.Kind.SESSION)
        standing.filter(valid_until__gt=now).update(valid_until=now)
        ledger.record("workshop.ended", f"engagement:{engagement.pk}", by)
        announce((stream(engagement.pk), "ended", engagement.pk))
