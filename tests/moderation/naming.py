"""An engagement with a lead and a deputy named for safety, and a site with hours."""

from typing import Any

from django.utils import timezone

from collaborative.engagements.models import Engagement
from collaborative.moderation.models import SafetySettings
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import engagement

ALWAYS = {day: ["00:00", "00:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def guarded(slug: str = "guarded", *, hours: dict[str, Any] | None = None) -> Engagement:
    """With Lena as lead and Dorothy as deputy, who can be reached at any time unless told otherwise."""
    return engagement(
        slug,
        invites_under_18=True,
        safeguarding_lead=person(f"Lena-{slug}", Role.SAFEGUARDING),
        safeguarding_deputy=person(f"Dorothy-{slug}", Role.SAFEGUARDING),
        cover_times=ALWAYS if hours is None else hours,
        lundy_space="a",
        lundy_voice="b",
        lundy_audience="c",
        lundy_influence="d",
    )


def lead_of(where: Engagement) -> User:
    assert where.safeguarding_lead is not None
    return User.objects.get(pk=where.safeguarding_lead_id)


def deputy_of(where: Engagement) -> User:
    assert where.safeguarding_deputy is not None
    return User.objects.get(pk=where.safeguarding_deputy_id)


def site_hours(**fields: Any) -> SafetySettings:
    return SafetySettings.objects.create(**{"cover_times": ALWAYS, **fields})


def weekday_hours() -> dict[str, list[str]]:
    """Hours of a day that is not today, so that nobody can be reached now."""
    tomorrow = (timezone.localdate().weekday() + 2) % 7
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[tomorrow]
    return {name: ["09:00", "17:00"]}
