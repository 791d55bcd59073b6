"""Who looked at what people gave, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution
from collaborative.moderation.models.house_rules import HouseRule


class Check(models.Model):
    """One look by one person at one contribution, and what came of it (MOD-2).

    BY_RULE is no look: the policy let it stand at once, and `by` is empty.
    """

    class Outcome(models.TextChoices):
        RELEASED = "released", _("Released")
        REDACTED = "redacted", _("Released with words removed")
        REFUSED = "refused", _("Refused")
        ESCALATED = "escalated", _("Passed to safeguarding")
        BY_RULE = "by-rule", _("Shown at once, by the rules of this place")

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
