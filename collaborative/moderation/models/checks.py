"""Who looked at what people gave, and what came of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution
from collaborative.moderation.models.house_rules import HouseRule

UNDO = timedelta(minutes=5)


class Batch(models.Model):
    """What one moderator decided with one press, so that it can be put back as one within a few minutes."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Batch {self.pk}"

    @property
    def until(self) -> datetime:
        return self.at + UNDO


class CheckQuerySet(models.QuerySet["Check"]):
    def standing(self) -> "CheckQuerySet":
        """What was decided and not put back."""
        return self.filter(undone_at=None)


class Check(models.Model):
    """One look by one person at one contribution, and what came of it (MOD-2).

    BY_RULE is no look: the policy let it stand at once, and `by` is empty.
    """

    class Outcome(models.TextChoices):
        RELEASED = "released", _("Released")
        REDACTED = "redacted", _("Released with words removed")
        WITHHELD = "withheld", _("Kept off the page, but counted")
        REFUSED = "refused", _("Refused")
        ESCALATED = "escalated", _("Passed to safeguarding")
        BY_RULE = "by-rule", _("Shown at once, by the rules of this place")
        STANDS = "stands", _("Looked at a second time; it stays as it was")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    rule = models.ForeignKey(HouseRule, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="checks")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_refusal_names_its_rule",
                condition=~Q(outcome="refused") | Q(rule__isnull=False),
            ),
        ]
        indexes = [
            # The public figures of a month, when a release is cut.
            models.Index(fields=["at"], name="check_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.contribution_id}"
