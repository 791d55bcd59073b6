"""What people propose, in the organisers' words, and the answers that decisions give: "what if we…" (CHG-1).

Where a proposal comes from is known by the room that made it: a workshop keeps which notes are behind it.
"""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collaborative.appendonly import AppendOnly
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models.answers import TONES, Answer
from collaborative.outcomes.models.clauses import Clause
from collaborative.outcomes.models.decision_page import DecisionPage
from collaborative.outcomes.models.decisions import CurrentAnswers
from collaborative.outcomes.models.recommendations import RecommendationPage


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def put_forward(self) -> "ProposalQuerySet":
        """What waits for an answer in public, or has one."""
        return self.filter(put_forward_at__isnull=False)

    def public(self) -> "ProposalQuerySet":
        """What anyone may read: put forward, by something that is published."""
        return self.put_forward().filter(engagement__page__live=True)


class Proposal(models.Model):
    """A draft until it is put forward; from then on its words stand, and it gets an answer.

    No word of a participant is in it: `words` are the organisers' own.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()  # of this engagement: a part of its address
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one proposal
    title = models.CharField(max_length=150)
    words = models.TextField()
    clauses = models.ManyToManyField(Clause, blank=True, related_name="proposals")
    recommendations = models.ManyToManyField(RecommendationPage, blank=True, related_name="proposals")
    who_decides = models.CharField(max_length=200)
    answer_by = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField()
    put_forward_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    put_forward_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="one_proposal_per_number"),
            models.CheckConstraint(
                name="a_proposal_says_what_and_who",
                condition=~Q(title="") & ~Q(words="") & ~Q(who_decides=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.put_forward_at is None

    @property
    def anchor(self) -> str:
        return f"idea-{self.number}"

    def is_late(self, today: date | None = None) -> bool:
        """The day is over by which it was to be answered. Says nothing of whether it was."""
        return self.answer_by < (today or timezone.localdate())

    @property
    def fingerprint(self) -> str:
        """64 hex digits that change with any word that a decider reads."""
        parts = [self.title, self.words]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class ProposalAnswerQuerySet(CurrentAnswers):
    subject = "proposal"


class ProposalAnswer(AppendOnly):
    """The answer of a decision to a proposal. A changed answer is a new row with the next number."""

    decision = models.ForeignKey(DecisionPage, on_delete=models.PROTECT, related_name="proposal_answers")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField(default=1)
    answer = models.CharField(max_length=16, choices=Answer.choices)
    reason = models.TextField()
    decided_at = models.DateTimeField()
    seen = models.CharField(max_length=64)  # the fingerprint of the proposal that was answered

    objects = ProposalAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "proposal", "number"], name="one_answer_to_a_proposal_per_number"
            ),
            models.CheckConstraint(
                name="no_answer_to_a_proposal_without_reason",
                condition=Q(answer__in=Answer.values) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} on {self.proposal_id}: {self.answer}"

    @property
    def tone(self) -> str:
        return TONES[self.answer]
