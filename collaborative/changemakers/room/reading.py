"""What the screens of a room show: the same facts for all, in words that do not tick (KC-13)."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.changemakers.room.models import Participant, Room, Stage
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.live.models import Stream

BEFORE, BETWEEN, ON, OVER = "before", "between", "on", "over"


@dataclass
class Now:
    """Where a room is. `stage` is the part that is open, `last` the one that was open before."""

    engagement: Engagement
    room: Room
    stages: list[Stage]
    at: datetime
    seq: int

    @property
    def stage(self) -> Stage | None:
        return next((one for one in self.stages if one.is_open), None)

    @property
    def last(self) -> Stage | None:
        begun = [one for one in self.stages if one.closed_at is not None and not one.is_open]
        return max(begun, key=lambda one: one.closed_at or self.at, default=None)

    @property
    def next(self) -> Stage | None:
        """What comes after the part that is open, or was open last."""
        here = self.stage or self.last
        number = here.number if here else 0
        return next((one for one in self.stages if one.number > number), None)

    @property
    def state(self) -> str:
        if self.room.is_over(self.at) or self.engagement.state_at(self.at) == Engagement.State.CLOSED:
            return OVER
        if self.stage is not None:
            return ON
        return BETWEEN if self.last else BEFORE

    @property
    def place(self) -> str:
        """As "Part 3 of 7"."""
        words = {"number": self.stage.number if self.stage else 0, "all": len(self.stages)}
        return _("Part %(number)s of %(all)s") % words

    @property
    def left(self) -> str:
        """The time that is left, in words."""
        return time_left(self.stage, self.at) if self.stage else ""


def now(engagement: Engagement, at: datetime | None = None) -> Now:
    """Three queries. The stream's number comes first: a browser that listens from there misses nothing."""
    found = Stream.objects.filter(key=f"session.{engagement.pk}").values_list("last_seq", flat=True).first()
    room = Room.objects.filter(engagement=engagement).first() or Room(engagement=engagement)
    stages = list(Stage.objects.of(engagement).select_related("thread"))
    for one in stages:
        one.engagement = engagement
    return Now(engagement, room, stages, at or timezone.now(), found or 0)


def time_left(stage: Stage, at: datetime) -> str:
    """Never to the second: somebody who reads slowly is not hurried."""
    if stage.ends_at is None:
        return ""
    minutes = math.ceil((stage.ends_at - at).total_seconds() / 60)
    if minutes <= 0:
        return _("We are finishing this part")
    if minutes <= 2:
        return _("A minute or two left")
    if minutes > 10:
        minutes = 5 * round(minutes / 5)
    return ngettext("About %(n)s minute left", "About %(n)s minutes left", minutes) % {"n": minutes}


def here(engagement: Engagement) -> int:
    return Participant.objects.here().filter(engagement=engagement).count()


def here_words(n: int) -> str:
    return ngettext("%(n)s person is here.", "%(n)s people are here.", n) % {"n": n}


def by_group(engagement: Engagement) -> list[dict[str, Any]]:
    """How many of each group are here, and how many of them have said nothing yet. Never who. One query."""
    rows = (
        Participant.objects.here()
        .filter(engagement=engagement)
        .values("group__name")
        .annotate(n=Count("pk"), silent=Count("pk", filter=Q(receipt=None)))
        .order_by("group__order", "group__name")
    )
    return [
        {"name": row["group__name"] or _("No group named"), "n": row["n"], "silent": row["silent"]}
        for row in rows
    ]


def held(engagement: Engagement) -> int:
    """What waits to be checked in this workshop."""
    return Contribution.objects.filter(engagement=engagement, state=State.HELD).count()
