"""Who took what out of one consultation or workshop, and who let them have it raw (P3)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.models import Engagement

RAW_FOR = timedelta(hours=48)


class RawRequest(models.Model):
    """Somebody asks for the raw answers of one place; somebody else says yes, for them and for two days."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for a second person")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Not approved")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="raw_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)  # why not, or what to mind
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A second press, or a second tab, finds the request that waits.
            models.UniqueConstraint(
                fields=["engagement", "by"], condition=Q(state="asked"), name="one_raw_request_waits"
            ),
            # What was never decided has no end, and what was approved has one.
            models.CheckConstraint(
                name="raw_for_a_limited_time", condition=~Q(state="approved") | Q(ends_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Raw request {self.pk}"

    def stands_at(self, now: datetime) -> bool:
        """Whether its asker may download now."""
        return self.state == self.State.APPROVED and self.ends_at is not None and now < self.ends_at

    @property
    def stands(self) -> bool:
        return self.stands_at(timezone.now())

    @property
    def is_over(self) -> bool:
        return self.state == self.State.APPROVED and not self.stands


class Export(models.Model):
    """One file that somebody downloaded. `rows` is kept up while it is sent; `finished_at` when it was."""

    class Shape(models.TextChoices):
        RESPONSES = "responses", _("A row for each response")
        ANSWERS = "answers", _("A row for each answer")
        TOPICS = "topics", _("A row for each passage under a topic")
        NOTES = "notes", _("A row for each note of the workshop")
        CODEBOOK = "codebook", _("The codebook: what the columns and keys mean")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        ODS = "ods", _("ODS (OpenDocument)")
        XLSX = "xlsx", _("XLSX (Excel)")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    shape = models.CharField(max_length=10, choices=Shape.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    raw = models.ForeignKey(
        RawRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="exports"
    )
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Export {self.pk}"

    @property
    def name(self) -> str:
        """What the file is called."""
        raw = "-raw" if self.raw_id else ""
        return f"{self.engagement.slug}-{self.shape}{raw}-{timezone.localdate(self.at)}.{self.format}"
