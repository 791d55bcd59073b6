"""What the answering screens say of the lesson: that it has ended, and that more questions may come."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from collaborative.consultations.classes.times import clock
from collaborative.consultations.journey import Journey
from collaborative.consultations.models.classes import GRACE


def words(journey: Journey, now: datetime) -> str:
    """ "" while the lesson lasts. A pupil is told when it ends in the middle of an answer, and until when
    they may still send."""
    ended = journey.class_ended(now)
    if ended is None:
        return ""
    text = _("The lesson ended at %(end)s. You can still send what you wrote, until %(until)s.")
    return text % {"end": clock(ended), "until": clock(ended + GRACE)}


def wait(visit: Any, posted: Any) -> dict[str, Any]:
    """Every open question is behind them, and their teacher may open more."""
    journey = visit.journey
    return {
        "seen": ",".join(one.step for one in journey.asked),
        "says_anything": journey.says_anything,
        "looked": "looked" in visit.request.GET,
        "first": not journey.asked,
    }
