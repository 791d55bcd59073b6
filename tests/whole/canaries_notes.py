"""Canaries on the board of a workshop that is over: notes in every state, what was said to staff alone, and
a note that a published write-up points at and that was passed on since."""

from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative.changemakers.models import Card, Cluster, Correction, Note, Stage, WriteUp
from collaborative.changemakers.writeup import actions
from collaborative.changemakers.writeup.drafting import said_in
from collaborative.contributions.actions import About, Given, receive, withdraw
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule
from collaborative.people.roles import Role
from tests.cast import person

if TYPE_CHECKING:
    from tests.whole.canaries import Nest

HELD = "same-door-on-every-island"


class Notes:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest

    def plant(self) -> None:
        self.engagement = Engagement.objects.get(slug=HELD)
        self.group = Cluster.objects.filter(stage__engagement=self.engagement).order_by("pk")[0]
        by, rule = self.nest.moderator, HouseRule.objects.order_by("number")[0]
        moderation.refuse(self.note("note refused"), rule, by=by)
        back = self.note("note taken back", name=self.nest.word("name on a note taken back"))
        moderation.release(back, by=by)
        withdraw(back.receipt)
        self.redacted()
        young = self.note(
            "note of a child that tells who they are",
            "My name is Jo. ",
            age_band="13-15",
            permission="not-published",
        )
        moderation.release(young, by=by)
        again = self.note("note in a write-up, passed on since")
        moderation.release(again, by=by)
        self.write_up(again)
        moderation.escalate(again, by=by)
        for place in ("told to the facilitator", "told to the facilitator, and released"):
            said = self.said(place, "", "message")
            if place.endswith("released"):
                moderation.release(said, by=by)

    def said(self, place: str, start: str, kind: str, **more: object) -> Contribution:
        text = f"{start}I would say {self.nest.word(place)} to all of it."
        given = Given(prompt_key="board", prompt="Put together", text=text, kind=kind)
        about = {
            "age_band": "26-plus",
            "respondent_kind": "individual",
            "permission": "named" if "name" in more else "anonymous",
            "recontact": False,
            "group": self.nest.group,
            "channel": "workshop",
            **more,
        }
        receipt, _new = receive(
            self.engagement,
            About(**about),  # type: ignore[arg-type]
            [given],
            code=f"canary {place}",
            check_open=False,
        )
        return receipt.contributions.get()

    def note(self, place: str, start: str = "", **more: object) -> Contribution:
        said = self.said(place, start, "note", **more)
        Note.objects.create(
            stage=Stage.objects.get(pk=self.group.stage_id),
            card=Card.objects.create(
                stage_id=self.group.stage_id, column=self.group.column, rank=1, cluster=self.group
            ),
            contribution=said,
            named="name" in more,
            key=place,
            created_at=timezone.now(),
        )
        return said

    def redacted(self) -> None:
        said = self.note("note words removed")
        text = said.wordings.get().text
        safe = text.replace(text.split()[3], "[removed]")
        why = self.nest.word("why words of a note were removed")
        moderation.release_redacted(said, safe, why, by=self.nest.moderator)

    def write_up(self, said: Contribution) -> None:
        """It points at the note; and somebody put it right, which was released by mistake."""
        row = WriteUp.objects.get(engagement=self.engagement)
        made = actions.publish(row, by=person("Florence", Role.FACILITATORS), changes="A note came late.")
        assert said.pk in said_in(made.content)
        right = self.said("a correction of a write-up", "", "correction")
        Correction.objects.create(write_up=row, contribution=right, about=said, key="canary")
        moderation.release(right, by=self.nest.moderator)
