"""Canaries around places at a workshop: who registered, what they need, the room and the link to it."""

import secrets
from typing import TYPE_CHECKING

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions
from collaborative.changemakers.seats.actions import Wish
from collaborative.changemakers.seats.models import Registration
from collaborative.people.roles import Role
from tests.cast import person

if TYPE_CHECKING:
    from tests.whole.canaries import Nest

COMING = "reading-our-numbers"


class Seats:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest

    def plant(self) -> None:
        page = SessionPage.objects.get(slug=COMING)
        page.place_exact = self.nest.word("the room of a workshop")
        page.link = f"https://talk.example/{self.nest.word('the link to a workshop')}"
        page.save_revision(user=self.nest.editor).publish(user=self.nest.editor)
        self.registers(page, "who has a place")
        actions.cancel(self.registers(page, "who gave a place back"))
        off = self.registers(page, "who was taken off")
        reason = self.nest.word("why somebody was taken off")
        actions.take_off(off, by=person("Fiona", Role.FACILITATORS), reason=reason)
        page.capacity = 1
        page.group_seats = []
        page.save_revision(user=self.nest.editor).publish(user=self.nest.editor)
        assert self.registers(page, "who waits").is_waiting

    def registers(self, page: SessionPage, place: str) -> Registration:
        wish = Wish(
            name=self.nest.word(f"name of {place}"),
            email=f"{self.nest.word(f'address of {place}')}@canary.example",
            age_band="26-plus",
            group=self.nest.group,
            needs=self.nest.word(f"what {place} needs"),
        )
        return actions.register(page.engagement, wish, key=secrets.token_hex(8))
