"""How many places are left, in plain words. Never who has one, and never how many of which group."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.changemakers.clock import clock
from collaborative.changemakers.seats import counting
from collaborative.changemakers.seats.actions import registration_is_open
from collaborative.changemakers.seats.models import Seating
from collaborative.engagements.models import Engagement
from collaborative.people.models import StakeholderGroup


def of(engagement: Engagement | None, now: datetime) -> dict[str, Any] | None:
    """{"open", "full", "line", "more"} for the page; None where nobody registers. At most three queries."""
    if engagement is None or engagement.opens_at is None or engagement.opens_at <= now:
        return None
    seating = Seating.objects.filter(engagement=engagement, called_off_at=None).first()
    if seating is None or seating.capacity is None:
        return None
    if not registration_is_open(seating, engagement, now):
        begins = seating.registration_from
        if begins and begins > now:
            return _said(_("You can register from %(when)s.") % {"when": moment(begins)})
        return _said(_("Registration has closed."))
    places = counting.places(seating)
    if places.left == 0:
        return _said(_("It is full. You can join the waiting list."), open=True, full=True)
    line = ngettext("%(n)s place left", "%(n)s places left", places.left) % {"n": places.left}
    return _said(line, open=True, more=_kept(places))


def _said(line: str, *, open: bool = False, full: bool = False, more: str = "") -> dict[str, Any]:
    return {"line": line, "open": open, "full": full, "more": more}


def moment(when: datetime) -> str:
    return _("%(time)s on %(day)s") % {"time": clock(when), "day": date_format(when, "j F Y")}


def _kept(places: counting.Places) -> str:
    """Whether what is left is kept for somebody."""
    groups = [group for group in places.kept if places.kept_left(group)]
    if not groups:
        return ""
    names = ", ".join(StakeholderGroup.objects.filter(pk__in=groups).values_list("name", flat=True))
    if places.open_left:
        return _("Some are kept for: %(groups)s.") % {"groups": names}
    text = _("They are kept for: %(groups)s. Everybody else can join the waiting list.")
    return text % {"groups": names}
