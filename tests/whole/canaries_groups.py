"""Canaries around small groups of a workshop: who sat where, which adults went with them, where they met, and
what waits to be checked."""

from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative import codes
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.breakouts import actions
from collaborative.changemakers.models import Breakout, Participant, Stage
from collaborative.contributions.models import Permission
from collaborative.engagements.models import Engagement
from collaborative.people.roles import Role
from tests.cast import person

if TYPE_CHECKING:
    from tests.whole.canaries import Nest

LIVE = "employers-and-s3"


class Groups:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest

    def plant(self) -> None:
        engagement, word = Engagement.objects.get(slug=LIVE), self.nest.word
        freya = person("Freya", Role.FACILITATORS)
        stage = Stage.objects.create(
            engagement=engagement,
            key="canaries",
            number=99,
            kind="breakouts",
            title="Small groups",
            minutes=5,
            state=Stage.State.OPEN,
            opened_at=timezone.now(),
        )
        where = word("where a small group met")
        group = Breakout.objects.create(stage=stage, number=1, name="Rowan", where=where)
        for n in (1, 2):
            adult = actions.record_adult(engagement, word(f"named adult {n}"), seen=True, by=freya)
            actions.send_adult(stage, adult, group, by=freya)
        who = Participant.objects.create(
            engagement=engagement,
            key_hash=codes.hashed_token("canary-in-a-group"),
            name=word("name of somebody in a small group"),
            age_band="26-plus",
            permission=Permission.NAMED,
            joined_at=timezone.now(),
        )
        actions.move(stage, who, group, by=freya)
        actions.name_note_taker(stage, group, who, by=freya)
        actions.call(stage, participant=who)
        for place, for_group in (("held note of a small group", True), ("held note in a small group", False)):
            written = Written(text=f"It was {word(place)}", key=place, for_group=for_group)
            boards.add(stage, written, participant=who)
