"""Proposals: written, put forward, answered. Who may is the caller's to see to: the room that made one knows
who runs it. A decision answers in `freeze_proposals`, by the rules of `proposal_rules`."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import Clause, DecisionPage, Proposal, ProposalAnswer, RecommendationPage
from collaborative.people.models import User


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What stands in a proposal. All words are the organisers'."""

    title: str
    words: str
    who_decides: str
    answer_by: date
    clauses: list[Clause] = field(default_factory=list)
    recommendations: list[RecommendationPage] = field(default_factory=list)


def write_proposal(engagement: Engagement, asked: Proposed, *, by: User, key: str) -> tuple[Proposal, bool]:
    """A new draft; the same `key` again gives the one that stands. Returns it and whether it is new.

    Raises NotPossible where something is missing.
    """
    _refuse_empty(asked)
    standing = Proposal.objects.filter(key=key).first()
    if standing is not None:
        return standing, False
    try:
        with transaction.atomic():
            # Two drafts at once get two numbers: one waits for the other here.
            Engagement.objects.select_for_update().values_list("pk").get(pk=engagement.pk)
            highest = engagement.proposals.aggregate(m=Max("number"))["m"] or 0
            row = Proposal.objects.create(
                engagement=engagement,
                number=highest + 1,
                key=key,
                written_by=by,
                written_at=timezone.now(),
                **_words(asked),
            )
            _links(row, asked)
            ledger.record("proposal.written", _subject(row), by, seen=row.fingerprint)
    except IntegrityError:
        standing = Proposal.objects.filter(key=key).first()
        if standing is None:  # another rule of the table said no
            raise
        return standing, False
    return row, True


def change_proposal(proposal: Proposal, asked: Proposed, *, by: User) -> Proposal:
    """Other words for a draft. Raises NotPossible once it was put forward: then people may have read it."""
    _refuse_empty(asked)
    with transaction.atomic():
        row = _locked_draft(proposal)
        for name, value in _words(asked).items():
            setattr(row, name, value)
        row.save()
        _links(row, asked)
        ledger.record("proposal.changed", _subject(row), by, seen=row.fingerprint)
    return row


def put_forward(proposal: Proposal, *, by: User) -> Proposal:
    """From now on anyone may read it, its words stand, and it waits for an answer. Twice is no error."""
    with transaction.atomic():
        row = _locked(proposal)
        if row.put_forward_at is not None:
            return row
        row.put_forward_at, row.put_forward_by = timezone.now(), by
        row.save(update_fields=["put_forward_at", "put_forward_by"])
        day = row.answer_by.isoformat()
        ledger.record("proposal.put-forward", _subject(row), by, seen=row.fingerprint, answer_by=day)
        pagecache.touch()
    return row


def throw_away(proposal: Proposal, *, by: User) -> None:
    """A draft that nobody wants. Raises NotPossible once it was put forward; twice is no error."""
    with transaction.atomic():
        if not Proposal.objects.filter(pk=proposal.pk).exists():
            return
        row = _locked_draft(proposal)
        ledger.record("proposal.thrown-away", _subject(row), by)
        row.delete()


def _refuse_empty(asked: Proposed) -> None:
    if not (asked.title.strip() and asked.words.strip() and asked.who_decides.strip()):
        raise NotPossible(_("Give it a title, say it in a sentence or two, and say who decides."))


def _words(asked: Proposed) -> dict[str, object]:
    return {
        "title": asked.title.strip(),
        "words": asked.words.strip(),
        "who_decides": asked.who_decides.strip(),
        "answer_by": asked.answer_by,
    }


def _links(row: Proposal, asked: Proposed) -> None:
    row.clauses.set(asked.clauses)
    row.recommendations.set(asked.recommendations)


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def _locked_draft(proposal: Proposal) -> Proposal:
    row = _locked(proposal)
    if not row.is_draft:
        raise NotPossible(_("This is put forward: its words stand until it is answered."))
    return row


def _subject(row: Proposal) -> str:
    return f"proposal:{row.pk}"


def freeze_proposals(page: DecisionPage, first_day: datetime) -> dict[str, str]:
    """Write the answers of a page that is being published, as `freeze_decision` does for topics.

    Called in its transaction. The same answer and reason again write no new row. Returns {proposal: answer}.
    """
    newest = {row.proposal_id: row for row in page.proposal_answers.order_by("number")}
    new = []
    for block in page.proposals:
        proposal, answer = block.value["proposal"], block.value["answer"]
        reason = block.value["reason"].strip()
        before = newest.get(proposal.pk)
        if before is not None and (before.answer, before.reason) == (answer, reason):
            continue
        new.append(
            ProposalAnswer(
                decision=page,
                proposal=proposal,
                number=before.number + 1 if before else 1,
                answer=answer,
                reason=reason,
                decided_at=timezone.now() if before else first_day,
                seen=proposal.fingerprint,
            )
        )
    ProposalAnswer.objects.bulk_create(new)
    return {str(row.proposal_id): row.answer for row in new}
