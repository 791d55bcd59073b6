"""The page is published, or taken down: what that means for places. Called by `save()` of the page, in its
transaction, after the engagement was locked."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from collaborative import codes, outbox
from collaborative.changemakers.seats import page as pages
from collaborative.changemakers.seats.actions import move_up
from collaborative.changemakers.seats.models import Registration, Seating
from collaborative.contributions import ledger
from collaborative.engagements.models import Engagement
from collaborative.people.models import StakeholderGroup

MOVED, OFF = "place-moved", "place-off"


def arrange(page: Any, engagement: Engagement, now: datetime | None = None) -> Seating | None:
    """Keep what the page says now. Whoever registered gets a letter when the time or the place is another;
    whoever waits moves up where there is more room."""
    now = now or timezone.now()
    seating = Seating.objects.select_for_update().filter(engagement=engagement).first()
    if seating is None and page.capacity is None:
        return None
    seating = seating or Seating()
    seating.engagement = engagement
    details = _details(page, engagement)
    told_otherwise = seating.pk is not None and (seating.details != details or seating.called_off_at)
    seating.version += bool(told_otherwise)
    seating.details, seating.called_off_at = details, None
    seating.capacity, seating.kept = page.capacity, _kept(page)
    for name in ("registration_from", "registration_until", "place", "place_exact", "link"):
        setattr(seating, name, getattr(page, name))
    seating.save()
    if told_otherwise and not _is_over(engagement, now):
        _tell(seating, MOVED)
    move_up(seating, now)
    return seating


def call_off(page: Any, now: datetime | None = None) -> None:
    """The page was taken down before its day: everyone who registered is told, once."""
    now = now or timezone.now()
    rows = Seating.objects.select_for_update(of=("self",)).select_related("engagement")
    seating = rows.filter(
        engagement__page_id=page.pk, called_off_at=None, engagement__closes_at__gt=now
    ).first()
    if seating is None:
        return
    seating.called_off_at = now
    seating.save(update_fields=["called_off_at"])
    ledger.record("places.called-off", f"engagement:{seating.engagement_id}")
    _tell(seating, OFF)


def _tell(seating: Seating, kind: str) -> None:
    rows = Registration.objects.of(seating.engagement).standing().filter(forgotten_at=None)
    about = {"version": seating.version}
    keys = rows.values_list("pk", flat=True)
    outbox.put_many(kind, {f"{kind}:{pk}:{seating.version}": {"registration": pk, **about} for pk in keys})


def _kept(page: Any) -> dict[str, int]:
    """By the ids of the groups: their names may change."""
    kept = pages.kept(page.group_seats)
    found = StakeholderGroup.objects.filter(slug__in=kept).values_list("pk", "slug") if kept else ()
    return {str(pk): kept[slug] for pk, slug in found}


def _details(page: Any, engagement: Engagement) -> str:
    times = (engagement.opens_at, engagement.closes_at)
    said = [moment.astimezone(UTC).isoformat(timespec="minutes") if moment else "" for moment in times]
    return codes.hashed_token("\n".join([*said, page.place, page.place_exact, page.link]))


def _is_over(engagement: Engagement, now: datetime) -> bool:
    return engagement.closes_at is not None and engagement.closes_at <= now
