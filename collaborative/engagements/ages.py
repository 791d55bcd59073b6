"""Who may take part, by age (AGE-1, SAF-1). One function, asked wherever words come in.

- From ALONE_FROM years on, somebody takes part alone. 13, and it may only be raised: below it, UK law wants
  a parent's consent for an online service (UK GDPR article 8, Data Protection Act 2018 section 9).
- From WITH_ADULT_FROM years on, in a session that an adult leads. 0 by default: a child of any age who has a
  view has the right to be heard (UNCRC article 12), and a teacher or youth worker is there. It may be raised
  to 12 or to ALONE_FROM, which keeps everyone younger out.
- People under 18 take part only where they are invited, and while all that keeps them safe stands.

Whoever would rather not say their age may take part, and is handled as under 16 (KC-3).
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.people.models import HANDLED_AS_UNDER_18, AgeBand

if TYPE_CHECKING:
    from collaborative.engagements.models import Engagement

# The youngest and the oldest of each band that rules by age tell apart.
YEARS = {
    AgeBand.UNDER_12: (0, 11),
    AgeBand.TWELVE: (12, 12),
    AgeBand.THIRTEEN: (13, 15),
    AgeBand.SIXTEEN: (16, 17),
}
# Whom we know to be under 18, as against those who are handled as if they were.
UNDER_18 = HANDLED_AS_UNDER_18 - {AgeBand.NOT_SAID}


class Stop(models.TextChoices):
    """Why somebody cannot take part now. Each has a kind page of its own."""

    ADULT = "adult", _("With an adult")
    TOO_YOUNG = "too-young", _("For older people")
    GROWN_UPS = "grown-ups", _("For people who are 18 or over")
    PAUSED = "paused", _("Paused for people under 18")


def stop(engagement: "Engagement", band: str, *, led_by_adult: bool) -> Stop | None:
    """What keeps somebody of this age band from taking part, or None. One query for those under 18."""
    if band not in UNDER_18:
        return None
    if not engagement.invites_under_18:
        return Stop.GROWN_UPS
    if YEARS[AgeBand(band)][1] < settings.WITH_ADULT_FROM:
        return Stop.TOO_YOUNG
    if not led_by_adult and needs_an_adult(band):
        return Stop.ADULT
    return Stop.PAUSED if engagement.pauses_under_18() else None


def needs_an_adult(band: str) -> bool:
    """Whether somebody of this band takes part only in a session that an adult leads."""
    return band in UNDER_18 and YEARS[AgeBand(band)][0] < settings.ALONE_FROM


def oldest_with_adult() -> int:
    """For the sentence "if you are 12 or under"."""
    return settings.ALONE_FROM - 1
