"""What somebody began and has not sent. It is not a contribution, and staff never see it."""

from datetime import datetime

from django.db import models

from collaborative.engagements.models import Engagement


class DraftQuerySet(models.QuerySet["Draft"]):
    def usable_at(self, now: datetime) -> "DraftQuerySet":
        return self.filter(expires_at__gt=now)


class Draft(models.Model):
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="drafts")
    token_hash = models.CharField(max_length=64, unique=True)  # of the browser's token
    resume_hash = models.CharField(max_length=64, unique=True)  # of the code to come back with (CON-1)
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Draft {self.pk}"
