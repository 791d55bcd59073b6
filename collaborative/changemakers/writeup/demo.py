"""The write-up of the demonstration workshop that is over: written, shown, put right once, and published."""

from datetime import timedelta

from collaborative.changemakers.demo import ISLANDS, session
from collaborative.changemakers.room.models import Participant
from collaborative.changemakers.writeup import actions, correcting
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.actions import Written
from collaborative.changemakers.writeup.correcting import Put
from collaborative.demonstration import Days, as_of
from collaborative.engagements.models import Engagement
from collaborative.models import Message
from collaborative.people.demo import somebody
from collaborative.people.roles import Role

WRITTEN_AFTER = 3  # days; once it is known how many came


def load_write_up(days: Days) -> None:
    """By the verbs that people use. Nobody is written to: nobody is there."""
    row = session(ISLANDS)
    told, begins = row["write_up"], days.at(row["day"] + WRITTEN_AFTER, 10)
    engagement, femi = Engagement.objects.get(slug=ISLANDS), somebody(Role.FACILITATORS)
    written = Written(**{name: told[name] for name in ("introduction", "done", "reached")})
    with as_of(begins):
        draft = actions.begin(engagement, by=femi)
        actions.edit(draft, written, by=femi)
        actions.share(draft, told["days"], by=femi)
    with as_of(begins + timedelta(days=2)):
        people = Participant.objects.filter(engagement=engagement).select_related("receipt", "engagement")
        reader = Reader(engagement, participant=people.order_by("pk")[0])
        made = correcting.correct(draft, reader, Put(text=told["correction"], key="demo"))
    with as_of(begins + timedelta(days=4)):
        correcting.answer(made, True, told["answer"], by=femi)
    with as_of(begins + timedelta(days=told["days"] + 1)):
        actions.publish(draft, by=femi)
    Message.objects.filter(kind__startswith="write-up-").update(state=Message.State.DROPPED)
