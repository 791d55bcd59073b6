"""What a decision answered, changed, promised, and who disagreed: frozen from the page at publication."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.analysis.models import Theme, ThemeVersion
from collaborative.appendonly import AppendOnly
from collaborative.outcomes.models.answers import TONES as TONES
from collaborative.outcomes.models.answers import Answer as Answer
from collaborative.outcomes.models.clauses import Clause, ClauseVersion
from collaborative.outcomes.models.decision_page import DecisionPage


class CurrentAnswers(models.QuerySet[Any]):
    """Answers of decisions: to themes, or to proposals."""

    subject: ClassVar[str]

    def current(self) -> Self:
        """The newest answer of each live decision to each subject, unless one that replaces it answered."""
        answers = self.model._default_manager
        same = {self.subject: models.OuterRef(self.subject)}
        newer = answers.filter(
            **same, decision=models.OuterRef("decision"), number__gt=models.OuterRef("number")
        )
        instead = answers.filter(**same, decision__replaces=models.OuterRef("decision"), decision__live=True)
        return self.filter(~models.Exists(newer), ~models.Exists(instead), decision__live=True)


class DispositionQuerySet(CurrentAnswers):
    subject = "theme"

    def suspect(self) -> Self:
        """Answers that stand and of whose evidence something moved that nobody has looked at again."""
        return self.current().filter(suspicion__isnull=False)


class Disposition(AppendOnly):
    """The answer of a decision to a theme. A changed answer is a new row with the next number."""

    decision = models.ForeignKey(DecisionPage, on_delete=models.PROTECT, related_name="dispositions")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="dispositions")
    number = models.PositiveIntegerField(default=1)
    answer = models.CharField(max_length=16, choices=Answer.choices)
    reason = models.TextField()
    decided_at = models.DateTimeField()
    # What the decider saw: the wording of the theme, and a fingerprint of the codings behind it.
    theme_version = models.ForeignKey(ThemeVersion, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=64)

    objects = DispositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "theme", "number"], name="one_answer_per_number"),
            models.CheckConstraint(
                name="no_answer_without_reason", condition=Q(answer__in=Answer.values) & ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} on {self.theme_id}: {self.answer}"

    @property
    def tone(self) -> str:
        return TONES[self.answer]


class Promise(models.Model):
    """“We will”: with an owner and a date, in public."""

    class State(models.TextChoices):
        NOT_STARTED = "not-started", _("Not started")
        ON_TRACK = "on-track", _("On track")
        AT_RISK = "at-risk", _("At risk")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    decision = models.ForeignKey(DecisionPage, on_delete=models.PROTECT, related_name="promises")
    key = models.UUIDField(unique=True)  # the block id on the decision page
    text = models.TextField()
    owner = models.CharField(max_length=120)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_STARTED)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.text[:60]


class Change(models.Model):
    """What a decision changes: exactly one of a clause, a promise, or nothing (with the reason)."""

    decision = models.ForeignKey(DecisionPage, on_delete=models.PROTECT, related_name="changes")
    key = models.UUIDField(unique=True)
    clause = models.ForeignKey(
        Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    part = models.CharField(max_length=20, blank=True)  # a key of ClauseVersion.parts
    promise = models.ForeignKey(
        Promise, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    nothing = models.BooleanField(default=False)
    intended = models.TextField()  # what is to change, or why nothing does
    made_by = models.ForeignKey(
        ClauseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_change_has_one_target",
                condition=(
                    Q(clause__isnull=False, promise__isnull=True, nothing=False)
                    | Q(clause__isnull=True, promise__isnull=False, nothing=False)
                    | Q(clause__isnull=True, promise__isnull=True, nothing=True)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.intended[:60]


class Dissent(models.Model):
    """A member who disagreed, in their own words, published with the decision."""

    decision = models.ForeignKey(DecisionPage, on_delete=models.PROTECT, related_name="dissents")
    key = models.UUIDField(unique=True)
    by = models.CharField(max_length=120)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:40]}"
