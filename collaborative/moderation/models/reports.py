"""What visitors tell us."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting_first(self) -> "ReportQuerySet":
        """What nobody has dealt with before what somebody has; the oldest first."""
        return self.order_by(F("handled_at").asc(nulls_first=True), "created_at", "pk")


class Report(models.Model):
    """Tell us something is wrong (UNC-3, SAF-3): from anyone, without an account.

    What is about safety is read by the safeguarding role alone; the rest by moderators and administrators.
    """

    class About(models.TextChoices):
        SAFETY = "safety", _("Somebody is not safe, or something frightens or worries me")
        WORDS = "words", _("What somebody wrote goes against the house rules")
        SITE = "site", _("Something on this site is wrong")

    about = models.CharField(max_length=10, choices=About.choices, default=About.SITE)
    page = models.CharField(max_length=300, blank=True)
    # What somebody wrote, where the message is about that (SAF-3).
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    message = models.TextField()
    reply_to = models.CharField(max_length=200, blank=True, help_text=_("May be a trusted adult."))
    created_at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one report
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Report {self.pk}"
