"""Canaries around groups of notes: an idea that is a draft, and notes behind one that is put forward."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative.changemakers.clusters import actions
from collaborative.changemakers.models import Card, Cluster, Note, Stage
from collaborative.contributions.actions import About, Given, receive
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.outcomes.actions import Proposed
from collaborative.people.roles import Role
from tests.cast import person

if TYPE_CHECKING:
    from tests.whole.canaries import Nest

HELD = "same-door-on-every-island"


class Ideas:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest

    def plant(self) -> None:
        engagement = Engagement.objects.get(slug=HELD)
        femi = person("Flora", Role.FACILITATORS)
        group = Cluster.objects.filter(stage__engagement=engagement).order_by("pk")[0]
        self.note(engagement, group, "a note in a group that waits")
        worry = self.note(engagement, group, "a note in a group with safety")
        moderation.escalate(worry.contribution, by=self.nest.moderator)
        hidden = self.note(engagement, group, "a note in a group not for publishing", "not-published")
        moderation.release(hidden.contribution, by=self.nest.moderator)
        self.idea(engagement, group, femi, forward=False)
        self.idea(engagement, group, femi, forward=True)

    def note(self, engagement: Engagement, group: Cluster, place: str, permission: str = "anonymous") -> Note:
        said = Given(
            prompt_key="board",
            prompt="Put together",
            text=f"I would say {self.nest.word(place)} to all of it.",
            kind="note",
        )
        about = About(
            age_band="26-plus",
            respondent_kind="individual",
            permission=permission,
            recontact=False,
            group=self.nest.group,
        )
        receipt, _new = receive(engagement, about, [said], code=place, check_open=False)
        board = Stage.objects.get(pk=group.stage_id)
        return Note.objects.create(
            stage=board,
            card=Card.objects.create(stage=board, column=group.column, rank=1, cluster=group),
            contribution=receipt.contributions.get(),
            key=place,
            created_at=timezone.now(),
        )

    def idea(self, engagement: Engagement, group: Cluster, by: object, *, forward: bool) -> None:
        place = "an idea put forward" if forward else "an idea that is a draft"
        asked = Proposed(
            title=self.nest.word(f"title of {place}", shown=forward),
            words=self.nest.word(f"words of {place}", shown=forward),
            who_decides=self.nest.word(f"who decides {place}", shown=forward),
            answer_by=timezone.localdate() + timedelta(days=9),
        )
        row = actions.propose(engagement, [group], asked, by=by, key=place)  # type: ignore[arg-type]
        if forward:
            actions.put_forward(row, by=by)  # type: ignore[arg-type]
