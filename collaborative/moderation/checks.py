"""System checks of this room."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from collaborative.people.models import User
from collaborative.people.roles import Role


def somebody_for_safety(
    app_configs: Any = None, databases: list[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """`moderation.W001`: accounts stand, yet nobody who signs in would see a concern (SAF-1)."""
    if "default" not in (databases or []):
        return []
    try:
        people = User.objects.filter(is_active=True)
        alone = people.exists() and not people.filter(groups__name=Role.SAFEGUARDING.value).exists()
    except DatabaseError:  # before the first migrate there is nobody at all
        return []
    if not alone:
        return []
    return [
        checks.Warning(
            "Nobody holds the safeguarding role: no one would see a concern that a moderator passes on.",
            hint="Give the group “safeguarding” to the lead and the deputy.",
            id="moderation.W001",
        )
    ]
