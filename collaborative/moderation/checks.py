"""System checks of this room. Each asks the database, so they run with `check --database default`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import checks
from django.db import DatabaseError
from django.utils import timezone

from collaborative.engagements import gates
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import Contact, SafeguardingCase, SafetySettings
from collaborative.people.models import User
from collaborative.people.roles import who_look_after_safety

Check = Callable[..., list[checks.CheckMessage]]
UNOPENED_FOR = timedelta(days=1)


def of_the_database(look: Callable[[], list[checks.CheckMessage]]) -> Check:
    """A check that says nothing where the database is not asked, or has no tables yet."""

    def check(
        app_configs: Any = None, databases: list[str] | None = None, **kwargs: Any
    ) -> list[checks.CheckMessage]:
        if "default" not in (databases or []):
            return []
        try:
            return look()
        except DatabaseError:  # before the first migrate there is nobody at all
            return []

    return check


@of_the_database
def somebody_for_safety() -> list[checks.CheckMessage]:
    """`moderation.W001`: accounts stand, yet nobody who signs in would see a concern (SAF-1)."""
    if not User.objects.filter(is_active=True).exists() or who_look_after_safety().exists():
        return []
    return [
        checks.Warning(
            "Nobody holds the safeguarding role: no one would see a concern that a moderator passes on.",
            hint="Give the group “safeguarding” to the lead and the deputy.",
            id="moderation.W001",
        )
    ]


@of_the_database
def nothing_is_paused() -> list[checks.CheckMessage]:
    """`moderation.W002`: people under 18 are invited and wait: something they need fell away (SAF-1)."""
    return [
        checks.Warning(
            f"“{engagement.title}” is paused for people under 18: {' '.join(gap.message for gap in gaps)}",
            hint="Put it right on its page in the admin, and publish the page.",
            id="moderation.W002",
        )
        for engagement, gaps in gates.paused()
    ]


@of_the_database
def contacts_are_checked() -> list[checks.CheckMessage]:
    """`moderation.W003`: nobody made sure of a contact for longer than the settings allow."""
    days = SafetySettings.now().contact_days
    due = Contact.objects.unchecked_for(days).count()
    if not due:
        return []
    return [
        checks.Warning(
            f"{due} of the people to turn to were not checked for more than {days} days.",
            hint="Ring or look, then press “I checked this today” in the admin at /admin/contacts/.",
            id="moderation.W003",
        )
    ]


@of_the_database
def concerns_are_opened() -> list[checks.CheckMessage]:
    """`moderation.W004`: a concern waits, was told again and again, and nobody opened it."""
    late = SafeguardingCase.objects.unseen().filter(raised_at__lt=timezone.now() - UNOPENED_FOR).count()
    if not late:
        return []
    return [
        checks.Warning(
            f"{late} concerns were raised more than a day ago and nobody has opened them.",
            hint="Ring those who look after safety. See that the worker (db_worker) runs and mail goes out.",
            id="moderation.W004",
        )
    ]


@of_the_database
def hours_are_set() -> list[checks.CheckMessage]:
    """`moderation.W005`: people under 18 are invited, and the site cannot say when it reads a message."""
    invited = Engagement.objects.filter(invites_under_18=True, page__live=True).exclude(
        closes_at__lte=timezone.now()
    )
    if SafetySettings.now().cover or not invited.exists():
        return []
    return [
        checks.Warning(
            "Nobody has said when those who look after safety can be reached.",
            hint="Set the hours in the admin under “Settings → Safety”.",
            id="moderation.W005",
        )
    ]


ALL = (somebody_for_safety, nothing_is_paused, contacts_are_checked, concerns_are_opened, hours_are_set)
