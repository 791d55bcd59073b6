"""Each time that the closing of a consultation was moved after it had opened."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from collaborative.appendonly import AppendOnly
from collaborative.engagements.models import Engagement


class ClosingMove(AppendOnly):
    """From when to when, and why: everyone may read it. Who did it is for staff alone."""

    may_change: ClassVar[tuple[str, ...]] = ("by",)

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="closing_moves")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.engagement_id}: {self.verb}"

    @property
    def verb(self) -> str:
        """ "shortened", "reopened" (it had closed already) or "extended". Worked out from the three
        moments."""
        if self.after < self.before:
            return "shortened"
        return "reopened" if self.before <= self.at else "extended"
