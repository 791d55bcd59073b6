"""The code of a workshop (KID-2). It can be made again from the site's secret, for the wall and the sheet,
and stands nowhere: a copy of the database opens no room."""

from datetime import datetime, timedelta

from django.utils import timezone

from collaborative import codes
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import User

BEFORE = timedelta(days=1)  # so that a code on paper can be tried the day before


def _code(engagement: Engagement, attempt: int) -> str:
    return codes.derived("workshop", f"{engagement.pk}:{attempt}")


def _of(engagement: Engagement) -> list[JoinCode]:
    rows = JoinCode.objects.filter(engagement=engagement, kind=JoinCode.Kind.SESSION)
    return list(rows.order_by("pk"))


def make(engagement: Engagement, *, by: User | None, now: datetime | None = None) -> str:
    """A code that works until the workshop ends; a code that was made before works no more.

    Raises PermissionDenied, or Refused once the workshop is over.
    """
    now = now or timezone.now()
    assert engagement.opens_at is not None and engagement.closes_at is not None
    attempt = len(_of(engagement)) + 1
    begins = min(engagement.opens_at - BEFORE, now)
    code = _code(engagement, attempt)
    made = make_join_code(engagement, JoinCode.Kind.SESSION, begins, engagement.closes_at, by, code=code)
    others = JoinCode.objects.filter(engagement=engagement, kind=JoinCode.Kind.SESSION, valid_until__gt=now)
    others.exclude(code_hash=codes.hashed(code)).update(valid_until=now)
    return made


def standing(engagement: Engagement, now: datetime | None = None) -> str:
    """The code that works now; empty when there is none. One query."""
    now = now or timezone.now()
    rows = _of(engagement)
    good = {row.code_hash for row in rows if row.valid_at(now)}
    tried = (_code(engagement, attempt) for attempt in range(len(rows), 0, -1))
    return next((code for code in tried if codes.hashed(code) in good), "") if good else ""
