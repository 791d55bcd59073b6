"""What happens to places by the clock: reminders, and forgetting (RET-1)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from collaborative import outbox
from collaborative.changemakers.seats.letters import REMINDER
from collaborative.changemakers.seats.models import AccessNeed, Registration, Seating

# {name: (from how many days before on, down to how many)}. A night that was missed is made up for.
REMINDERS = {"week": (7, 3), "day": (1, 0)}
# Who was told by another letter so lately needs no reminder.
QUIET = {"week": timedelta(days=2), "day": timedelta(hours=12)}
NEEDS_KEPT = timedelta(days=7)
NAMES_KEPT = timedelta(days=30)


def remind(now: datetime | None = None) -> int:
    """A week before and on the day before, each once. Returns how many were written down. Nightly."""
    now = now or timezone.now()
    today, messages = timezone.localdate(now), {}
    soon = Seating.objects.filter(
        called_off_at=None, engagement__opens_at__gt=now, engagement__opens_at__lte=now + timedelta(days=9)
    )
    days = {
        engagement: (timezone.localdate(opens_at) - today).days
        for engagement, opens_at in soon.values_list("engagement", "engagement__opens_at")
        if opens_at
    }
    rows = Registration.objects.seated().filter(engagement__in=days, forgotten_at=None)
    for pk, engagement, seated_at in rows.values_list("pk", "engagement", "seated_at"):
        for name, (first, last) in REMINDERS.items():
            long_ago = seated_at is not None and seated_at <= now - QUIET[name]
            if last <= days[engagement] <= first and long_ago:
                messages[f"{REMINDER}:{pk}:{name}"] = {"registration": pk}
    with transaction.atomic():
        outbox.put_many(REMINDER, messages)
    return len(messages)


def forget_old(now: datetime | None = None) -> int:
    """What somebody needed goes a week after the workshop; names, addresses and links after a month. That a
    person of a group had a place stays. Returns how many people were forgotten. Nightly."""
    now = now or timezone.now()
    AccessNeed.objects.filter(registration__engagement__closes_at__lt=now - NEEDS_KEPT).delete()
    rows = Registration.objects.over_since(now - NAMES_KEPT).filter(forgotten_at=None)
    return rows.update(
        name="", email="", email_hash="", token_hash=None, account=None, reason="", forgotten_at=now
    )
