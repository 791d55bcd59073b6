"""Checking what people gave, house rules, reports, safeguarding cases, and who to turn to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution


class HouseRule(models.Model):
    """A published rule. Moderators refuse by one of these and by nothing else (KC-6)."""

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    kind_reason = models.TextField(help_text=_("What the author is told, kindly."))

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Check(models.Model):
    """One look by one person at one contribution, and what came of it (MOD-2)."""

    class Outcome(models.TextChoices):
        RELEASED = "released", _("Released")
        REDACTED = "redacted", _("Released with words removed")
        REFUSED = "refused", _("Refused")
        ESCALATED = "escalated", _("Passed to safeguarding")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    rule = models.ForeignKey(HouseRule, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_refusal_names_its_rule",
                condition=~Q(outcome="refused") | Q(rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.contribution_id}"


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting_first(self) -> "ReportQuerySet":
        """What nobody has dealt with before what somebody has; the oldest first."""
        return self.order_by(F("handled_at").asc(nulls_first=True), "created_at", "pk")


class Report(models.Model):
    """Tell us something is wrong (UNC-3): from anyone, without an account.

    What is about safety is read by the safeguarding role alone; the rest by moderators and administrators.
    """

    class About(models.TextChoices):
        SAFETY = "safety", _("Somebody is not safe, or something frightens or worries me")
        SITE = "site", _("Something on this site is wrong")

    about = models.CharField(max_length=10, choices=About.choices, default=About.SITE)
    page = models.CharField(max_length=300, blank=True)
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


class Contact(models.Model):
    """Somebody to turn to, with the date on which a person last made sure that it is right."""

    name = models.CharField(max_length=120)
    what_for = models.CharField(max_length=200)
    how = models.CharField(max_length=200)
    hours = models.CharField(max_length=120, blank=True)
    last_checked = models.DateField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
