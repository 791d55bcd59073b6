"""The published model, frozen: what a version said never changes and never loses its address (TOM-3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.outcomes.wording import in_sentence


class Clause(models.Model):
    """One addressable piece of the model. `key` is the block id on the page; `ref` (P8, O4, V, H) stays."""

    class Kind(models.TextChoices):
        VISION = "vision", _("Vision")
        HOW = "how", _("How")
        OUTCOME = "outcome", _("Outcome")
        PRINCIPLE = "principle", _("Principle")

    key = models.UUIDField(unique=True)
    ref = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    def __str__(self) -> str:
        return self.ref


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def current(self) -> "ModelVersion | None":
        """The newest version, or None before the first is published."""
        return self.order_by("-number").first()


class ModelVersion(AppendOnly):
    may_change = ("made_by",)

    number = models.PositiveIntegerField(unique=True)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200)  # the body, as it was named then
    summary = models.TextField(blank=True)
    # The Wagtail revision it was made from; for the record, never rendered.
    revision_id = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Ids of the ClauseVersions that stand in this version, in page order: one query renders it.
    layout = models.JSONField()

    objects = ModelVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)

    @property
    def approved_by_in_sentence(self) -> str:
        return in_sentence(self.approved_by)


class ClauseVersionQuerySet(models.QuerySet["ClauseVersion"]):
    def newest(self) -> "ClauseVersionQuerySet":
        """The last row of each clause, whether it stands or was retired (one query)."""
        newer = ClauseVersion.objects.filter(
            clause=models.OuterRef("clause"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer)).select_related("clause")


class ClauseVersion(AppendOnly):
    """The wording of a clause from one version of the model on, and the reason for it.

    `parts` maps a part's key to its words. Vision and how: statement. Principle: name, from, to, statement.
    Outcome: name, young_person, adult, parent_carer, practitioner, employer, measure.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        RETIRED = "retired", _("Retired")

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    model_version_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parts = models.JSONField()
    reason = models.TextField()
    editorial = models.BooleanField(default=False)  # a spelling, not a meaning
    decision = models.ForeignKey(
        "outcomes.DecisionPage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clause_versions",
    )
    fingerprint = models.CharField(max_length=64)

    objects = ClauseVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause", "number"], name="one_clause_version_per_number"),
            models.CheckConstraint(name="no_clause_version_without_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.clause} ({self.number})"
