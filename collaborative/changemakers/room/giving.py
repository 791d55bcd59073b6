"""What a participant gives hangs on one receipt, made at the first thing: who says nothing is no response."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.changemakers.room.models import Participant
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import About, NotPossible
from collaborative.contributions.models import Channel, Receipt, RespondentKind
from collaborative.engagements import ages


def receipt_code(participant: Participant) -> str:
    """The code under which they find again what they said. Made anew each time, and stored nowhere."""
    return codes.derived("participant", participant.key_hash)


def about(participant: Participant) -> About:
    """What they told us when they joined (RIF-1)."""
    return About(
        age_band=participant.age_band,
        respondent_kind=RespondentKind.INDIVIDUAL,
        permission=participant.permission,
        recontact=False,
        group=participant.group,
        channel=Channel.WORKSHOP,
        name=participant.shown_name,
    )


def refuse_if_stopped(participant: Participant) -> None:
    """AGE-1, SAF-1: asked again whenever they give something. The hours in which somebody looks after people
    under 18 may end, or a name be taken off, while they sit in the room. Raises NotPossible."""
    band = participant.age_band
    if band in ages.UNDER_18 and ages.stop(participant.engagement, band, led_by_adult=True):
        words = _(
            "People under 18 cannot send anything here just now. "
            "“I’m not okay” at the top shows who is there."
        )
        raise NotPossible(words)


def receipt_of(participant: Participant, now: datetime | None = None) -> Receipt:
    """Theirs, made when there is none, in the caller's transaction or one of its own. However often and from
    however many windows it is asked for, there is one. Raises contributions.NotPossible before the workshop,
    after it, and for somebody who cannot take part (AGE-1, SAF-1)."""
    refuse_if_stopped(participant)
    if participant.receipt is not None:
        return participant.receipt
    with transaction.atomic():
        code = receipt_code(participant)
        receipt, _new = contributions.receive(
            participant.engagement, about(participant), [], code=code, now=now
        )
        Participant.objects.filter(pk=participant.pk, receipt=None).update(receipt=receipt)
    participant.receipt = receipt
    return receipt
