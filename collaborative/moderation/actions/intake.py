"""What comes in: what was noticed is kept for the queue, or it stands at once where that is the rule."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from collaborative.contributions.actions import move
from collaborative.contributions.models import Contribution, State
from collaborative.moderation.models import Check, Flag, Flagged
from collaborative.moderation.screening import priority


def received(contribution: Contribution, flags: Iterable[Flag]) -> None:
    """Keep what was noticed, in the caller's transaction. It only ever lifts it in the queue (SAF-4)."""
    received_all([(contribution, list(flags))])


def received_all(noticed: Iterable[tuple[Contribution, list[Flag]]]) -> None:
    """The same for many at once: one statement, and one more for each height to which something is lifted."""
    now = timezone.now()
    rows: list[Flagged] = []
    lifted: dict[int, list[int]] = {}
    for contribution, flags in noticed:
        rows += [Flagged(contribution=contribution, flag=flag, at=now) for flag in flags]
        height = priority(flags)
        if height > contribution.priority:
            contribution.priority = height
            lifted.setdefault(height, []).append(contribution.pk)
    if rows:
        Flagged.objects.bulk_create(rows, ignore_conflicts=True)
    for height, pks in lifted.items():
        Contribution.objects.filter(pk__in=pks, priority__lt=height).update(priority=height)


def shown_at_once(contribution: Contribution) -> None:
    """The policy lets it stand without a look. Nobody has read it, and the record says so.

    Words that were stored as released a moment ago, in the same transaction, need not be moved.
    """
    with transaction.atomic():
        if contribution.state != State.RELEASED:
            move(contribution, State.RELEASED, by=None, reason="by-rule")
        Check.objects.create(contribution=contribution, outcome=Check.Outcome.BY_RULE, at=timezone.now())
