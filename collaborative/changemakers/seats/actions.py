"""What can happen to a place: somebody registers, changes what they told us, gives it back, or has it taken
from them; and whoever waited longest for it moves up, in the same transaction, and is told once."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, outbox, pagecache
from collaborative.changemakers.seats import counting, keys
from collaborative.changemakers.seats.models import AccessNeed, Registration, Seating
from collaborative.changemakers.seats.permissions import user_may_open_places
from collaborative.contributions import ledger
from collaborative.engagements import ages
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import HANDLED_AS_UNDER_16, StakeholderGroup, User

GIVEN, WAITS, AGAIN, GONE = "place-given", "place-waits", "place-again", "place-gone"
State = Registration.State


@dataclass(frozen=True)
class Wish:
    """What somebody tells us when they register. `by_adult`: name and address are of an adult who comes."""

    name: str
    email: str
    age_band: str
    group: StakeholderGroup | None = None
    by_adult: bool = False
    needs: str = ""


def subject(row: Registration) -> str:
    return f"registration:{row.pk}"


def needs_an_adult(age_band: str) -> bool:
    """KC-8: no name and no address of anyone who is, or may be, under 16."""
    return age_band in HANDLED_AS_UNDER_16


def why_not(engagement: Engagement, age_band: str) -> str:
    """What keeps somebody of this age away just now, in words; empty for nothing (AGE-1, SAF-1, LUN-1)."""
    stop = ages.stop(engagement, age_band, led_by_adult=True)
    words = {
        ages.Stop.GROWN_UPS: _("This workshop is for people who are 18 or over."),
        ages.Stop.TOO_YOUNG: _("This workshop is for older people. There are other ways to have your say."),
        ages.Stop.PAUSED: _("People under 18 cannot register just now. Please try again in a few days."),
    }
    return words.get(stop, _("You cannot take part in this one.")) if stop else ""


def registration_is_open(seating: Seating, engagement: Engagement, now: datetime) -> bool:
    """Whether people may register now."""
    if seating.capacity is None or seating.called_off_at or engagement.opens_at is None:
        return False
    until = seating.registration_until or engagement.opens_at
    return (seating.registration_from or now) <= now < min(until, engagement.opens_at)


def register(
    engagement: Engagement,
    wish: Wish,
    *,
    key: str,
    account: User | None = None,
    by: User | None = None,
    now: datetime | None = None,
) -> Registration:
    """A place, or one on the waiting list, and a letter that says which. `by`: staff who do it by hand.

    The same key again gives what stands. So does the same address, and its owner gets a letter with their
    link: whoever typed it learns nothing. Raises PermissionDenied, Refused.
    """
    now = now or timezone.now()
    if by is not None and not user_may_open_places(by, engagement):
        raise PermissionDenied
    if problem := why_not(engagement, wish.age_band):
        raise Refused(problem)
    if needs_an_adult(wish.age_band) and not wish.by_adult:
        raise Refused(_("Under 16, an adult who comes along registers with their own name and address."))
    with transaction.atomic():
        seating = locked(engagement)
        stored, hashed = keys.key_of(key), keys.email_hash(engagement, wish.email)
        standing = Registration.objects.of(engagement)
        row = standing.filter(key=stored).first()
        if row is not None:
            return row
        if not may_register(seating, engagement, now, by):
            raise Refused(_("Registration is not open."))
        row = standing.standing().filter(email_hash=hashed).first()
        if row is not None:
            day = timezone.localdate(now).isoformat()
            outbox.put(AGAIN, f"{AGAIN}:{row.pk}:{day}", {"registration": row.pk})
            return row
        row = _written(engagement, seating, wish, stored, hashed, now)
        row.account, row.added_by = account, by
        row.save(force_insert=True)
        if wish.needs.strip():
            AccessNeed.objects.create(registration=row, text=wish.needs.strip(), at=now)
        ledger.record(f"place.{row.state}", subject(row), by or account, of=f"engagement:{engagement.pk}")
        kind = GIVEN if row.is_seated else WAITS
        outbox.put(kind, f"{kind}:{row.pk}", {"registration": row.pk})
        pagecache.touch()
    return row


def may_register(seating: Seating, engagement: Engagement, now: datetime, by: User | None) -> bool:
    """Staff (`by`) may add somebody until it is over, also before registration opens."""
    if by is None:
        return registration_is_open(seating, engagement, now)
    over = engagement.closes_at is not None and engagement.closes_at <= now
    return seating.capacity is not None and not seating.called_off_at and not over


def _written(
    engagement: Engagement, seating: Seating, wish: Wish, key: str, hashed: str, now: datetime
) -> Registration:
    """The row as it will stand. Who waits in front has been asked: no place that they could have is left."""
    group = wish.group.pk if wish.group else None
    seated = counting.places(seating).has_place(group)
    return Registration(
        engagement=engagement,
        key=key,
        token_hash=codes.hashed_token(keys.token_from(key)),
        state=State.SEAT if seated else State.WAITING,
        name=wish.name.strip(),
        email=wish.email.strip(),
        email_hash=hashed,
        group=wish.group,
        age_band=wish.age_band,
        by_adult=wish.by_adult and needs_an_adult(wish.age_band),
        registered_at=now,
        seated_at=now if seated else None,
    )


def change(row: Registration, *, name: str, needs: str, now: datetime | None = None) -> None:
    """What they want to be called, and what they need to take part. Raises Refused once it is given back."""
    with transaction.atomic():
        row = Registration.objects.select_for_update().get(pk=row.pk)
        if row.is_cancelled or row.forgotten_at:
            raise Refused(_("This place was given back."))
        row.name = name.strip()
        row.save(update_fields=["name"])
        if needs.strip():
            values = {"text": needs.strip(), "at": now or timezone.now()}
            AccessNeed.objects.update_or_create(registration=row, defaults=values)
        else:
            AccessNeed.objects.filter(registration=row).delete()
        ledger.record("place.changed", subject(row))


def cancel(row: Registration, *, now: datetime | None = None) -> None:
    """They cannot come. Twice is no error. Raises Refused once it is over."""
    _take_back(row, now or timezone.now())


def take_off(row: Registration, *, by: User, reason: str, now: datetime | None = None) -> None:
    """Staff take somebody off, and say why: they read it. Twice is no error.

    Raises PermissionDenied, Refused.
    """
    if not user_may_open_places(by, row.engagement):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("Say why. They read it."))
    _take_back(row, now or timezone.now(), by, reason.strip())


def _take_back(row: Registration, now: datetime, by: User | None = None, reason: str = "") -> None:
    with transaction.atomic():
        seating = locked(row.engagement)
        row = Registration.objects.select_for_update().get(pk=row.pk)
        if row.is_cancelled:
            return
        closes_at = seating.engagement.closes_at
        if closes_at is not None and closes_at <= now:
            raise Refused(_("This workshop is over."))
        row.state, row.cancelled_at, row.cancelled_by, row.reason = State.CANCELLED, now, by, reason
        row.save(update_fields=["state", "cancelled_at", "cancelled_by", "reason"])
        AccessNeed.objects.filter(registration=row).delete()  # nobody needs to know any more
        ledger.record("place.given-back" if by is None else "place.taken-off", subject(row), by)
        outbox.put(GONE, f"{GONE}:{row.pk}", {"registration": row.pk})
        move_up(seating, now)
        pagecache.touch()


def locked(engagement: Engagement) -> Seating:
    """The first lock that anything here takes. Raises Refused where nobody registers."""
    rows = Seating.objects.select_for_update(of=("self",)).select_related("engagement")
    seating = rows.filter(engagement=engagement).first()
    if seating is None:
        raise Refused(_("Nobody registers for this workshop."))
    return seating


def move_up(seating: Seating, now: datetime) -> list[int]:
    """Whoever waited longest has what is free, group by group; each is told once. The seating is locked.

    Nothing moves once the workshop has begun: who is on their way does not read a letter.
    """
    begins = seating.engagement.opens_at
    if seating.capacity is None or seating.called_off_at or begins is None or begins <= now:
        return []
    places = counting.places(seating)
    moved = []
    waiting = Registration.objects.of(seating.engagement).waiting()
    for pk, group in waiting.values_list("pk", "group"):
        if places.left == 0:
            break
        if places.has_place(group):
            places.take(group)
            moved.append(pk)
    if moved:
        Registration.objects.filter(pk__in=moved).update(state=State.SEAT, seated_at=now)
        outbox.put_many(GIVEN, {f"{GIVEN}:{pk}": {"registration": pk} for pk in moved})
        ledger.record(
            "place.moved-up", f"engagement:{seating.engagement_id}", of=[f"registration:{pk}" for pk in moved]
        )
    return moved


def came(row: Registration, *, now: datetime | None = None) -> None:
    """They came in by their private link: counted once, on however many devices. Who they are in the room is
    not kept with it, so that what they say there has no name but the one that they chose."""
    Registration.objects.filter(pk=row.pk, came_at=None).update(came_at=now or timezone.now())


def seat_by_token(engagement: Engagement, token: str) -> Registration | None:
    """Whoever has a place by this private link, on the day; None for who waits or gave it back. One query."""
    row = keys.find(engagement, token)
    return row if row is not None and row.is_seated else None
