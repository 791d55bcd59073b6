"""Mail that people asked for, sent from a table: a crash loses none, and repeats none that went out.

A message is written in the transaction of what it tells of and names only ids. It is put into words when it
is sent, so that what was taken down meanwhile is in none of them, and who no longer wants it gets none.
Whoever sends takes the row for some minutes first. The one moment left is between the mail server's yes and
our note of it: a message sent twice then has the same Message-ID, by which mail programs know it as one.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from collaborative.models import Message

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=10)
WAIT = timedelta(minutes=5)
TRIES = 50
AT_ONCE = 100
KEPT = timedelta(days=30)

# Given what the message is about, the e-mail as it should go out now; None when there is nothing to say any
# more, or nobody to say it to.
Writer = Callable[[dict[str, Any]], EmailMessage | None]

# Given the same once the message is dealt with, sent or not, whatever it needed can go.
Afterwards = Callable[[dict[str, Any]], None]

_writers: dict[str, Writer] = {}
_afterwards: dict[str, Afterwards] = {}


def register(kind: str, writer: Writer, afterwards: Afterwards | None = None) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    _writers[kind] = writer
    if afterwards is not None:
        _afterwards[kind] = afterwards


def put(kind: str, key: str, about: dict[str, Any], *, not_before: datetime | None = None) -> None:
    """Write a message down in the caller's transaction; the worker sends it once that is committed."""
    now = timezone.now()
    Message.objects.bulk_create(
        [Message(key=key, kind=kind, about=about, created_at=now, not_before=not_before or now)],
        ignore_conflicts=True,
    )
    if not_before is None or not_before <= now:
        # A row without its task is found by the next that is sent, and by the nightly command.
        transaction.on_commit(lambda: deliver.enqueue(key))


def put_many(kind: str, messages: Mapping[str, dict[str, Any]]) -> None:
    """The same for many of one kind, by their keys, in the caller's transaction: one statement."""
    now = timezone.now()
    rows = [
        Message(key=key, kind=kind, about=about, created_at=now, not_before=now)
        for key, about in messages.items()
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    # One task sends its own message and whatever else is due, up to AT_ONCE.
    for key in list(messages)[::AT_ONCE]:
        transaction.on_commit(partial(deliver.enqueue, key))


@task()
def deliver(key: str) -> None:
    """Send one message, and whatever else is due."""
    _deliver(Message.objects.filter(key=key))
    sweep()


def sweep(now: datetime | None = None) -> int:
    """Send what is due: also what a worker died over. Returns how many messages were looked at."""
    keys = list(
        Message.objects.due_at(now or timezone.now()).order_by("not_before").values_list("key")[:AT_ONCE]
    )
    for (key,) in keys:
        _deliver(Message.objects.filter(key=key))
    return len(keys)


def forget_old(now: datetime | None = None) -> int:
    """Forget messages that were dealt with a month ago."""
    done = Message.objects.exclude(state=Message.State.WAITING)
    return done.filter(created_at__lt=(now or timezone.now()) - KEPT).delete()[0]


def _deliver(found: Any) -> None:
    row = _take(found)
    if row is None:
        return
    writer = _writers.get(row.kind)
    mail = writer(row.about) if writer else None
    if mail is None:
        _settle(row, Message.State.DROPPED)
        return
    mail.extra_headers["Message-ID"] = f"<outbox-{row.pk}@{urlsplit(settings.BASE_URL).hostname}>"
    try:
        mail.send()
    except (OSError, SMTPException):
        _again(row)
    else:
        _settle(row, Message.State.SENT)


def _take(found: Any) -> Message | None:
    """The row, ours for some minutes; None when somebody else has it or it is dealt with."""
    now = timezone.now()
    with transaction.atomic():
        row = found.due_at(now).select_for_update().first()
        if row is not None:
            row.claimed_until, row.attempts = now + TAKEN_FOR, row.attempts + 1
            row.save(update_fields=["claimed_until", "attempts"])
    return row


def _settle(row: Message, state: str) -> None:
    sent_at = timezone.now() if state == Message.State.SENT else None
    Message.objects.filter(pk=row.pk).update(state=state, sent_at=sent_at, claimed_until=None)
    if row.kind in _afterwards:
        _afterwards[row.kind](row.about)


def _again(row: Message) -> None:
    """The mail server did not take it: later, and not for ever."""
    if row.attempts >= TRIES:
        logger.error("A message could not be sent after %s attempts: %s", row.attempts, row.key)
        _settle(row, Message.State.FAILED)
        return
    logger.warning("A message could not be sent (attempt %s): %s", row.attempts, row.key)
    later = timezone.now() + WAIT
    Message.objects.filter(pk=row.pk).update(not_before=later, claimed_until=None)
    if deliver.get_backend().supports_defer:
        deliver.using(run_after=later).enqueue(row.key)
