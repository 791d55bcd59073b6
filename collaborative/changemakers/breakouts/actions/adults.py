"""The named adults without whom nobody under 18 is in a small group (SAF-1)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.breakouts import groups
from collaborative.changemakers.breakouts.actions.standing import changed, group_in, of_facilitator
from collaborative.changemakers.room.models import AdultInGroup, Breakout, BreakoutSeat, NamedAdult, Stage
from collaborative.changemakers.room.permissions import user_may_record_adults
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_18, User

LONGEST_NAME = 120


def record_adult(
    engagement: Engagement, name: str, *, seen: bool, by: User, now: datetime | None = None
) -> NamedAdult:
    """Keep that `by` saw the PVG scheme check of this adult (`seen`). The same name again is the same adult.

    Raises PermissionDenied, NotPossible.
    """
    if not user_may_record_adults(by, engagement):
        raise PermissionDenied
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise NotPossible(_("Write the name of the adult."))
    if len(name) > LONGEST_NAME:
        raise NotPossible(_("Make this shorter: up to 120 characters."))
    if not seen:
        raise NotPossible(_("Look at the PVG scheme check first, then say that you have seen it."))
    values = {"recorded_by": by, "recorded_at": now or timezone.now(), "taken_off_at": None}
    with transaction.atomic():
        row, new = NamedAdult.objects.get_or_create(engagement=engagement, name=name, defaults=values)
        if not new:
            row = NamedAdult.objects.select_for_update().get(pk=row.pk)
            if row.taken_off_at is None:
                return row
            for field, value in values.items():
                setattr(row, field, value)
            row.save()
        ledger.record("adult.recorded", f"adult:{row.pk}", by, of=f"engagement:{engagement.pk}")
    return row


def take_off_adult(adult: NamedAdult, *, by: User) -> int:
    """They go with nobody from now on; this is never refused. Returns how many people under 18 came back to
    the main room because fewer than two adults are left in their group. Twice is no error."""
    if not user_may_record_adults(by, adult.engagement):
        raise PermissionDenied
    with transaction.atomic():
        parts = Stage.objects.filter(engagement=adult.engagement_id, kind="breakouts").order_by("pk")
        rows = list(parts.select_for_update())
        standing = NamedAdult.objects.filter(pk=adult.pk, taken_off_at=None)
        if not standing.update(taken_off_at=timezone.now()):
            return 0
        AdultInGroup.objects.filter(adult=adult).delete()
        ledger.record("adult.taken-off", f"adult:{adult.pk}", by, of=f"engagement:{adult.engagement_id}")
        back = sum(_bring_back(row) for row in rows)
        changed(*rows)
    return back


def send_adult(stage: Stage, adult: NamedAdult, group: Breakout | None, *, by: User) -> int:
    """They go with this group, and with no other of this part; None: with none. Returns how many people
    under 18 came back to the main room because of it. Raises NotPossible."""
    with transaction.atomic():
        row = of_facilitator(stage, by)
        standing = NamedAdult.objects.filter(pk=adult.pk, engagement=row.engagement_id, taken_off_at=None)
        if not standing.exists():
            raise NotPossible(_("This adult is not on the list any more."))
        if group is None:
            AdultInGroup.objects.filter(stage=row, adult=adult).delete()
        else:
            values = {"breakout": group_in(row, group)}
            AdultInGroup.objects.update_or_create(stage=row, adult=adult, defaults=values)
        back = _bring_back(row)
        changed(row)
    return back


def _bring_back(row: Stage) -> int:
    """Under the lock: nobody under 18 stays in a group without two. The facilitator is called there."""
    short = [one.pk for one in groups.counted(row) if not groups.is_for_young(one)]
    seats = BreakoutSeat.objects.filter(breakout__in=short, participant__age_band__in=HANDLED_AS_UNDER_18)
    found = list(seats.values_list("pk", "breakout", "participant"))
    if not found:
        return 0
    Breakout.objects.filter(pk__in={group for _seat, group, _who in found}).update(called_at=timezone.now())
    Breakout.objects.filter(stage=row, note_taker__in=[who for _seat, _group, who in found]).update(
        note_taker=None
    )
    BreakoutSeat.objects.filter(pk__in=[seat for seat, _group, _who in found]).delete()
    return len(found)
