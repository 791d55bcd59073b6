"""Coming into a room and leaving it. No password is hashed: sixty people come in within a minute."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.changemakers.room import kinds
from collaborative.changemakers.room.models import Participant, Room
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Permission
from collaborative.engagements import ages
from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_16, StakeholderGroup

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What the one screen asks (RIF-1). `key` names this attempt: the same again is the same person."""

    key: str
    age_band: str
    group: StakeholderGroup | None
    permission: str
    name: str = ""


def token_of(engagement: Engagement, key: str) -> str:
    """What the cookie holds; the table has its hash."""
    return codes.hashed_token(f"room:{engagement.pk}:{key}")


def join(engagement: Engagement, asked: Joining, *, now: datetime | None = None) -> tuple[Participant, bool]:
    """Come in. Returns the participant and whether they are new. Raises NotPossible: nothing was kept."""
    now = now or timezone.now()
    if engagement.state_at(now) != Engagement.State.OPEN or Room.objects.filter(
        engagement=engagement, ended_at__lte=now
    ):
        raise NotPossible(_("This workshop is not on now."))
    if ages.stop(engagement, asked.age_band, led_by_adult=True):
        raise NotPossible(_("People of this age cannot take part here just now."))
    young = asked.age_band in HANDLED_AS_UNDER_16
    if asked.permission not in Permission.values or (young and asked.permission == Permission.NAMED):
        raise NotPossible(_("Choose how we may show what you say."))
    typed = "" if young else " ".join(asked.name.replace("\x00", "").split())[:LONGEST_NAME]
    if asked.permission == Permission.NAMED and not typed:
        raise NotPossible(_("Write the name that we may show."))
    row, new = Participant.objects.select_related("group").get_or_create(
        key_hash=codes.hashed_token(token_of(engagement, asked.key)),
        defaults={
            "engagement": engagement,
            "name": typed or made_name(),
            "age_band": asked.age_band,
            "group": asked.group,
            "permission": asked.permission,
            "joined_at": now,
        },
    )
    row.engagement = engagement
    if new:
        kinds.arrived(row)
    return row, new


def made_name() -> str:
    """As "Puffin 27": nothing about whoever bears it."""
    return f"{secrets.choice(codes.WORDS).capitalize()} {secrets.randbelow(90) + 10}"


def leave(participant: Participant, *, now: datetime | None = None) -> None:
    """They are here no more; what they gave stands. Twice is no error."""
    with transaction.atomic():
        kinds.leaving(participant)  # takes the locks of parts, which come before those of people
        Participant.objects.filter(pk=participant.pk, left_at=None).update(left_at=now or timezone.now())
