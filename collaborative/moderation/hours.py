"""Whether somebody who looks after safety can be reached now, in words for the public (SAF-1, SAF-3)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from collaborative.engagements import cover
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import SafetySettings


@dataclass(frozen=True)
class Hours:
    """What a page says. `known` is false where nobody has set any hours: then it promises nothing."""

    known: bool
    here: bool
    until: str  # "today at 5:30pm", while somebody is here
    back: str  # "on Monday 7 December at 8:30am", outside the hours; "" when that is not known
    words: str  # "Monday to Friday, 8:30am to 5:30pm"
    text: str  # what staff wrote for outside the hours


def said(
    settings: SafetySettings, engagement: Engagement | None = None, now: datetime | None = None
) -> Hours:
    """The hours of where it was said, else of the whole site. No query."""
    now = now or timezone.now()
    own = cover.of(engagement, settings.free_days) if engagement and engagement.invites_under_18 else None
    hours = own or settings.cover
    until, back = hours.until(now), hours.next_after(now)
    return Hours(
        known=bool(hours),
        here=until is not None,
        until=cover.moment_words(until, now) if until else "",
        back=cover.moment_words(back, now) if back and not until else "",
        words=hours.words(),
        text=settings.out_of_hours,
    )
