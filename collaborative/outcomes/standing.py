"""How a proposal stands: waiting, late, or answered. Worked out each time, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from collaborative.outcomes.models import DecisionPage, Proposal, ProposalAnswer


@dataclass(frozen=True)
class Standing:
    proposal: Proposal
    answer: ProposalAnswer | None
    today: date

    @property
    def tone(self) -> str:
        """yes, partly, no, later, out; or wait."""
        return self.answer.tone if self.answer else "wait"

    @property
    def decision(self) -> DecisionPage | None:
        return self.answer.decision if self.answer else None

    @property
    def is_late(self) -> bool:
        """It was to be answered by a day that is over, and is not."""
        return self.answer is None and self.proposal.is_late(self.today)


def of(proposals: Iterable[Proposal]) -> list[Standing]:
    """In the same order. One query."""
    rows = list(proposals)
    if not rows:
        return []
    found = ProposalAnswer.objects.current().filter(proposal__in=[row.pk for row in rows])
    found = found.select_related("decision").order_by("decision__decided_on", "decision__number")
    answers = {answer.proposal_id: answer for answer in found}
    today = timezone.localdate()
    return [Standing(row, answers.get(row.pk), today) for row in rows]
