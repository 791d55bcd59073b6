"""A workshop that is over, whose notes stand in groups on a board; topics, and an idea."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from collaborative.analysis.models import Theme
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.models import Cluster, Note
from collaborative.changemakers.clusters import actions
from collaborative.changemakers.room.models import Stage
from collaborative.engagements.models import Engagement
from collaborative.outcomes.actions import Proposed
from collaborative.outcomes.models import DecisionPage, Proposal
from collaborative.people.models import User
from tests.changemakers.boarding import board, card_of, facilitator, note, person, release
from tests.outcomes import deciding

__all__ = ["deciding"]


def group(stage: Stage, name: str, *texts: str, **about: Any) -> tuple[Cluster, list[Note]]:
    """A group of notes, each of somebody of their own, released."""
    femi = facilitator()
    notes = [note(stage, person(stage, **about), text) for text in texts]
    for one in notes:
        release(one, femi)
    first = card_of(notes[0])
    cluster = boards.group(card_of(notes[1]), first, who=femi)
    for one in notes[2:]:
        boards.group(card_of(one), card_of(notes[0]), who=femi)
    boards.name_group(cluster, name, by=femi)
    return Cluster.objects.get(pk=cluster.pk), notes


def held_in(cluster: Cluster, text: str, **about: Any) -> Note:
    """One more note, put into the group and waiting to be checked."""
    stage = Stage.objects.get(pk=cluster.stage_id)
    one = note(stage, person(stage, **about), text)
    beside = cluster.cards.order_by("rank")[0]
    boards.group(card_of(one), beside, who=facilitator())
    return one


def over(stage: Stage) -> Engagement:
    """The workshop has ended, an hour ago."""
    place = stage.engagement
    now = timezone.now()
    Engagement.objects.filter(pk=place.pk).update(
        opens_at=now - timedelta(days=20, hours=2), closes_at=now - timedelta(days=20)
    )
    return Engagement.objects.get(pk=place.pk)


def asked(**changed: Any) -> Proposed:
    fields: dict[str, Any] = {
        "title": "What if it was one card?",
        "words": "Every office hands out the same card.",
        "who_decides": "The board",
        "answer_by": timezone.localdate() + timedelta(days=30),
    }
    return Proposed(**{**fields, **changed})


def idea(cluster: Cluster, by: User, *, forward: bool = True, key: str = "k1", **changed: Any) -> Proposal:
    place = Engagement.objects.get(stages=cluster.stage_id)
    row = actions.propose(place, [cluster], asked(**changed), by=by, key=key)
    return actions.put_forward(row, by=by) if forward else row


def answering(proposal: Proposal, *themes: Theme, number: int = 1, **changed: Any) -> DecisionPage:
    """A published decision that answers the idea, and these topics."""
    given = changed.pop("given", "adopted")
    blocks = [
        deciding.block("idea", {"proposal": proposal.pk, "answer": given, "reason": "One number is enough."})
    ]
    page = deciding.draft(
        number,
        answers=[deciding.answer(theme) for theme in themes],
        engagements=[proposal.engagement],
        proposals=changed.pop("proposals", blocks),
        **changed,
    )
    return deciding.publish(page)


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def new_board() -> Stage:
    return board()
