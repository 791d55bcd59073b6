"""Whether an answer still stands on what was heard: what was seen when it was given, what moved since, and
what somebody then said about it (decision 52)."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.outcomes.models.decisions import Disposition


class Reading(AppendOnly):
    """What stood behind the topic when it was answered: `analysis.evidence.Evidence` as `kept()` gives it.

    Whole, since no fingerprint of it could say afterwards what is different. It holds no words and no names.
    """

    disposition = models.OneToOneField(Disposition, on_delete=models.PROTECT, related_name="reading")
    evidence = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Seen for {self.disposition_id}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def newest(self) -> Self:
        """The last of each answer."""
        later = Review.objects.filter(disposition=OuterRef("disposition"), number__gt=OuterRef("number"))
        return self.exclude(Exists(later))


class Review(AppendOnly):
    """Somebody looked at an answer again, of whose evidence something had moved. Public from then on."""

    class Verdict(models.TextChoices):
        HOLDS = "still-holds", _("The answer still holds")
        REOPEN = "reopen", _("We look at it again")
        WITHDRAW = "withdraw", _("We no longer stand by it")

    may_change: ClassVar[tuple[str, ...]] = ("by",)

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()
    moves = models.JSONField()  # what had moved: [[analysis.evidence.Kind, how many], …]
    evidence = models.JSONField()  # what stood then: what comes later is compared with this

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposition", "number"], name="one_review_per_number"),
            models.CheckConstraint(
                name="no_verdict_without_reason",
                condition=Q(verdict__in=["still-holds", "reopen", "withdraw"]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition_id}.{self.number}: {self.verdict}"


class Suspicion(models.Model):
    """What was seen behind an answer is not what stands now. Kept by `actions.reviews.look_for_moves`, so
    that lists and pages need not compare; gone with a verdict, or when all is as it was."""

    disposition = models.OneToOneField(Disposition, on_delete=models.PROTECT, related_name="suspicion")
    since = models.DateTimeField(db_index=True)
    moves = models.JSONField()

    def __str__(self) -> str:
        return f"{self.disposition_id} since {self.since:%Y-%m-%d}"
