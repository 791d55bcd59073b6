"""Whether words wait for a person or stand at once: one function, asked by everything that takes words.

Promise: what a stranger wrote is checked before anyone else sees it; where people under 18 are invited,
everyone's is; under 16 and unknown age always (MOD-1). OSA-1: what comes of the box holds everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.models import Engagement, Moderation
from collaborative.moderation.models import Flag
from collaborative.moderation.screening import priority
from collaborative.people.models import HANDLED_AS_UNDER_18, AgeBand, User

ADULT = frozenset(AgeBand.values) - HANDLED_AS_UNDER_18


class Why(models.TextChoices):
    """The rule that decided; the first that fits, in this order."""

    INVITES_YOUNG = "invites-young", _("People under 18 are invited here, so everything is checked first.")
    YOUNG = "young", _("What somebody under 18, or of unknown age, writes is checked first.")
    STRANGER = "stranger", _("What somebody without an account writes is checked first.")
    SETTING = "setting", _("Everything is checked first here.")
    NOTICED = "noticed", _("Something was noticed that a person should look at first.")
    AT_ONCE = "at-once", _("Signed-in adults post at once here.")


@dataclass(frozen=True)
class Decision:
    shown: bool
    priority: int
    why: Why


def decide(
    engagement: Engagement,
    *,
    age_band: str,
    author: User | AnonymousUser | None,
    flags: Sequence[Flag] = (),
) -> Decision:
    """No query. What is not known is held: an age band that is no adult's, an account switched off."""
    why = _why(engagement, age_band, author, flags)
    return Decision(why == Why.AT_ONCE, priority(list(flags)), why)


def _why(
    engagement: Engagement, age_band: str, author: User | AnonymousUser | None, flags: Sequence[Flag]
) -> Why:
    if engagement.invites_under_18:
        return Why.INVITES_YOUNG
    if age_band not in ADULT:
        return Why.YOUNG
    if author is None or not author.is_authenticated or not author.is_active:
        return Why.STRANGER
    if engagement.moderation != Moderation.STRANGERS:
        return Why.SETTING
    return Why.NOTICED if flags else Why.AT_ONCE
