"""Writing to the record, sealing it, and checking the seals."""

import hashlib
import json
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from collaborative.contributions.models import LedgerEvent, LedgerSeal
from collaborative.people.models import User

SEAL_AFTER = timedelta(minutes=2)  # ids commit out of order on PostgreSQL: leave the newest until all stand
SEAL_AT_MOST = 5_000


def event(verb: str, subject: str, actor: User | AnonymousUser | None = None, **data: Any) -> LedgerEvent:
    """An unsaved row, for callers that write many at once. `subject` is "kind:reference"."""
    who = actor if actor is not None and actor.is_authenticated else None
    return LedgerEvent(
        at=timezone.now(),
        actor=who,
        actor_key=f"user:{who.pk}" if who else "",
        verb=verb,
        subject=subject,
        data=data,
    )


def record(verb: str, subject: str, actor: User | AnonymousUser | None = None, **data: Any) -> LedgerEvent:
    """Write one row, in the caller's transaction. `data` must never hold anyone's words."""
    row = event(verb, subject, actor, **data)
    row.save(force_insert=True)
    return row


def seal(now: Any = None) -> int:
    """Seal the next batch of settled events into the hash chain; returns how many were sealed.

    The hash covers id, time, actor key, verb, subject and data of each event, and the hash before.
    """
    now = now or timezone.now()
    with transaction.atomic():
        last = LedgerSeal.objects.select_for_update().order_by("-number").first()
        after = last.last_event if last else 0
        # Up to the first that has not settled, whatever stands behind it: times and ids do not quite run
        # in step, and one that a seal had passed over would break that seal for good.
        following = LedgerEvent.objects.filter(id__gt=after).order_by("id")[:SEAL_AT_MOST]
        batch = list(takewhile(lambda row: row.at < now - SEAL_AFTER, following))
        if not batch:
            return 0
        previous = last.hash if last else ""
        LedgerSeal.objects.create(
            number=last.number + 1 if last else 1,
            first_event=batch[0].pk,
            last_event=batch[-1].pk,
            previous_hash=previous,
            hash=_batch_hash(previous, batch),
            sealed_at=now,
        )
    return len(batch)


def broken_seals() -> list[int]:
    """Numbers of seals whose events no longer give their hash, or whose chain is cut. Empty: all is well."""
    broken, previous, after = [], "", 0
    for one in LedgerSeal.objects.order_by("number").iterator():
        events = LedgerEvent.objects.filter(id__gt=after, id__lte=one.last_event).order_by("id")
        if one.previous_hash != previous or one.hash != _batch_hash(previous, list(events)):
            broken.append(one.number)
        previous, after = one.hash, one.last_event
    return broken


def _batch_hash(previous: str, batch: list[LedgerEvent]) -> str:
    digest = hashlib.sha256(previous.encode())
    for row in batch:
        line = [row.pk, row.at.isoformat(), row.actor_key, row.verb, row.subject, row.data]
        digest.update(json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    return digest.hexdigest()
