"""Forgetting who was in a room (RET-1)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.models import Participant
from collaborative.changemakers.writeup.actions import fix_numbers
from collaborative.changemakers.writeup.models import WriteUp
from collaborative.engagements.models import Engagement

KEPT = timedelta(days=30)


def forget_old(now: datetime | None = None) -> int:
    """A month after a workshop nobody knows any more who was in its room: their names, ages and cookies go.
    What they said and how they voted stays, and how many of each group came, as far as that may be shown.
    Returns how many people were forgotten. Nightly."""
    now = now or timezone.now()
    over = Engagement.objects.filter(participants__isnull=False, closes_at__lt=now - KEPT).distinct()
    return sum(_forget(engagement, now) for engagement in over)


def _forget(engagement: Engagement, now: datetime) -> int:
    with transaction.atomic():
        WriteUp.objects.get_or_create(engagement=engagement, defaults={"began_at": now})
        row = WriteUp.objects.select_for_update().get(engagement=engagement)
        row.engagement = engagement
        fix_numbers(row, SessionPage.objects.get(pk=engagement.page_id))
        row.save(update_fields=["attendance"])
        people = Participant.objects.filter(engagement=engagement)
        number = people.count()
        people.delete()
    return number
