"""A workshop for which people register, and people who do."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions
from collaborative.changemakers.seats.actions import Wish
from collaborative.changemakers.seats.models import Registration
from collaborative.people.models import StakeholderGroup
from tests.changemakers.workshops import workshop


def group(slug: str = "employers") -> StakeholderGroup:
    return StakeholderGroup.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0]


def kept(**seats: int) -> Any:
    blocks = [
        {"type": "group", "value": {"group": group(slug).slug, "seats": n}} for slug, n in seats.items()
    ]
    return SessionPage._meta.get_field("group_seats").stream_block.to_python(blocks)


def with_places(capacity: int = 2, slug: str = "meeting", **fields: Any) -> SessionPage:
    return workshop(
        slug,
        timezone.now() + timedelta(days=30),
        capacity=capacity,
        **{"place_exact": "Room 2", "link": "https://talk.example/room", **fields},
    )


def wish(name: str = "Ann", **fields: Any) -> Wish:
    whole: dict[str, Any] = {"name": name, "email": f"{name.lower()}@example.org", "age_band": "26-plus"}
    return Wish(**(whole | fields))


def someone(page: SessionPage, name: str = "Ann", **fields: Any) -> Registration:
    return actions.register(page.engagement, wish(name, **fields), key=uuid.uuid4().hex)


def states(page: SessionPage) -> dict[str, str]:
    rows = Registration.objects.of(page.engagement).order_by("pk")
    return {row.name: row.state for row in rows}
