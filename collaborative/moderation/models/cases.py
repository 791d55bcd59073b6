"""Concerns that left moderation."""

from django.conf import settings
from django.db import models
from django.db.models import F

from collaborative.contributions.models import Contribution


class SafeguardingCaseQuerySet(models.QuerySet["SafeguardingCase"]):
    def open_first(self) -> "SafeguardingCaseQuerySet":
        """Open cases before closed ones, the oldest first; of the closed the newest first."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "opened_at", "pk")


class SafeguardingCase(models.Model):
    """A concern that left moderation (SAF-2). Seen only by the safeguarding role; every view is logged."""

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="case")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actions_taken = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.TextField(blank=True)

    objects = SafeguardingCaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Case {self.pk}"
