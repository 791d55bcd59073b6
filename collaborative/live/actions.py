"""Saying that something happened, and forgetting it after a week."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from collaborative.live import hints
from collaborative.live.models import Event, Stream
from collaborative.live.registry import KEY

KEPT = timedelta(days=7)
PRUNED_AT_ONCE = 5_000

# One statement makes the stream or locks its row, and moves its number.
TAKE = (
    "INSERT INTO live_stream (key, last_seq) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE "
    "SET last_seq = live_stream.last_seq + excluded.last_seq RETURNING id, last_seq"
)


def announce(*happened: tuple[str, str, int]) -> list[Event]:
    """Write down that these things happened: (stream key, kind, object id), in the caller's transaction.

    Browsers are told once it commits. The streams stay locked until then, so call it late, and once in a
    transaction: within a call they are locked in the order of their keys, so that two writers never wait
    for each other in a ring. Returns the events in the order in which they were given.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("announce() belongs into the transaction of the change")
    at = timezone.now()
    counts = Counter(key for key, _kind, _object in happened)
    free = {key: _take(key, counts[key]) for key in sorted(counts)}
    events = []
    for key, kind, object_id in happened:
        stream, seq = free[key]
        events.append(Event(stream=stream, seq=seq, kind=kind, object_id=object_id, at=at))
        free[key] = (stream, seq + 1)
    Event.objects.bulk_create(events)
    transaction.on_commit(lambda: hints.send(events))
    return events


def _take(key: str, count: int) -> tuple[Stream, int]:
    """The stream, locked, and the first of `count` numbers that are now ours."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not the key of a stream")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, count])
        pk, last = cursor.fetchone()
    return Stream(pk=pk, key=key, last_seq=last), last - count + 1


def look_again(*keys: str) -> None:
    """Who may follow these streams has changed: after the commit their sockets are closed, and asked anew."""
    transaction.on_commit(lambda: hints.publish([{"type": "live.again", "stream": key} for key in keys]))


def prune(now: datetime | None = None) -> int:
    """Forget events older than a week, in short transactions. Who asks for one is told to load afresh."""
    old = Event.objects.filter(at__lt=(now or timezone.now()) - KEPT).order_by("at")
    gone = 0
    while keys := list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE]):
        gone += Event.objects.filter(pk__in=keys).delete()[0]
    return gone
