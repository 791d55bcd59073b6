"""The desk of the moderators: who has what open, what one leaves for the next, how each likes to work."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models import Contribution

CLAIM = timedelta(minutes=10)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def standing(self, now: datetime | None = None) -> "ClaimQuerySet":
        """Those that have not lapsed."""
        return self.filter(at__gt=(now or timezone.now()) - CLAIM)


class Claim(models.Model):
    """Who has one thing open (MOD-2). It lapses by itself, so that nobody's lunch keeps anything waiting."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="claim"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.contribution_id} by {self.by_id}"

    @property
    def until(self) -> datetime:
        return self.at + CLAIM

    def stands_at(self, now: datetime) -> bool:
        return self.until > now


class HandOver(AppendOnly):
    """A note for whoever is on duty next. The newest stands on the queue; the earlier ones stay."""

    may_change: ClassVar[tuple[str, ...]] = ("by",)

    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Desk(models.Model):
    """How one moderator likes to work."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="desk"
    )
    veiled = models.BooleanField(default=False)  # words stay covered until asked for
    keys = models.BooleanField(
        default=True
    )  # single-letter shortcuts; whoever speaks to the screen needs none

    def __str__(self) -> str:
        return f"Desk of {self.user_id}"
