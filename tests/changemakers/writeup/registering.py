"""Somebody who registered for a workshop that is on."""

from django.utils import timezone

from collaborative import codes
from collaborative.changemakers.models import Registration
from collaborative.changemakers.seats import keys
from collaborative.engagements.models import Engagement
from tests.changemakers.boarding import numbers


def registered(place: Engagement, email: str) -> Registration:
    key = keys.key_of(f"form-{next(numbers)}")
    return Registration.objects.create(
        engagement=place,
        key=key,
        token_hash=codes.hashed_token(keys.token_from(key)),
        state=Registration.State.SEAT,
        name="Ann",
        email=email,
        email_hash=keys.email_hash(place, email),
        age_band="26-plus",
        registered_at=timezone.now(),
        seated_at=timezone.now(),
    )
