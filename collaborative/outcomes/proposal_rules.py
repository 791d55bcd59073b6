"""When a decision may answer a proposal (CHG-1, promise 5): as it answers a theme. Pure reading."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from collaborative.outcomes.models import ProposalAnswer
from collaborative.outcomes.problems import Problem
from collaborative.outcomes.written import Written

FIELD = "proposals"


def problems(written: Written) -> Iterator[Problem]:
    yield from _answers(written)
    yield from _taken(written)


def _answers(written: Written) -> Iterator[Problem]:
    """An answer and a reason for each, once; each was put forward by what the decision answers, so that DEC-1
    holds for it too; and none that was given is taken away."""
    places = {engagement.pk for engagement in written.many("engagements")}
    seen: set[int] = set()
    for index, block in enumerate(written[FIELD]):
        proposal, answer, reason = (block.value[key] for key in ("proposal", "answer", "reason"))
        if proposal is None:
            yield Problem(_("Choose the idea."), FIELD, index, "proposal")
            continue
        named = {"idea": proposal.title}
        if proposal.is_draft:
            message = _("“%(idea)s” is a draft. Put it forward first.")
            yield Problem(message % named, FIELD, index, "proposal")
        if proposal.pk in seen:
            yield Problem(_("“%(idea)s” is answered twice.") % named, FIELD, index, "proposal")
        if not answer:
            yield Problem(_("“%(idea)s” has no answer.") % named, FIELD, index, "answer")
        if not (reason or "").strip():
            yield Problem(_("“%(idea)s” has no reason.") % named, FIELD, index, "reason")
        if proposal.engagement_id not in places:
            message = _("“%(idea)s” comes from “%(from)s”. Say that this decision answers it too.")
            whole = {**named, "from": proposal.engagement.title}
            yield Problem(message % whole, FIELD, index, "proposal")
        seen.add(proposal.pk)
    given = ProposalAnswer.objects.filter(decision=written.page.pk).exclude(proposal__in=seen)
    for title in sorted(set(given.values_list("proposal__title", flat=True))):
        message = _("“%(idea)s” was answered here in public. Keep it; its answer may change, with a reason.")
        yield Problem(message % {"idea": title}, FIELD)


def _taken(written: Written) -> Iterator[Problem]:
    """A proposal has one answer, unless the newer decision replaces the older."""
    wanted = [block.value["proposal"] for block in written[FIELD]]
    ids = [proposal.pk for proposal in wanted if proposal]
    if not ids:
        return
    replaced = written["replaces"]
    others = (
        ProposalAnswer.objects.current()
        .filter(proposal__in=ids)
        .exclude(decision=written.page.pk)
        .exclude(decision=replaced.pk if replaced else None)
        .select_related("decision")
    )
    taken = {row.proposal_id: row.decision for row in others}
    for index, proposal in enumerate(wanted):
        if proposal is not None and proposal.pk in taken:
            message = _(
                "“%(idea)s” is answered by decision %(number)s. If this one takes its place, name it under "
                "“replaces”."
            ) % {"idea": proposal.title, "number": taken[proposal.pk].number}
            yield Problem(message, FIELD, index, "proposal")
