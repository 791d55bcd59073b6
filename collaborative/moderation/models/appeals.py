"""A second look that an author asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution
from collaborative.moderation.models.checks import Check


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        """Not decided, the oldest first. What went to safeguarding meanwhile is no moderator's any more."""
        return self.filter(decided_at=None, contribution__state__in=["refused", "released"]).order_by(
            "asked_at"
        )

    def stuck(self) -> "AppealQuerySet":
        """Open, and nobody checks here but whoever decided the first time."""
        from collaborative.people.roles import who_check  # it reads the models

        second = who_check().exclude(pk=OuterRef("against__by_id"))
        return self.open().filter(against__by__isnull=False).exclude(Exists(second))


class Appeal(models.Model):
    """An author asks, once, for a second person to look (KC-6). No reason is asked, and none is kept."""

    class Outcome(models.TextChoices):
        STANDS = "stands", _("It stays as it was")
        CHANGED = "changed", _("It was decided anew")

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="appeal")
    against = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+")  # what was decided first
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_appeal_is_open_or_decided",
                condition=Q(decided_at=None, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal of {self.contribution_id}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None
