"""What can happen to an engagement: its terms are published, and codes to take part are made."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.engagements import gates
from collaborative.engagements.models import Engagement, JoinCode, Terms
from collaborative.engagements.permissions import user_may_make_codes
from collaborative.errors import Refused
from collaborative.people.models import User

TERMS = [field.name for field in Terms._meta.local_fields]


def publish_terms(page: Any, kind: str) -> Engagement:
    """Copy the terms of a page into its engagement, made once and kept for good.

    Called by `save()` of the page inside its transaction. Raises Refused with all that its checklist still
    misses (PAR-1, CON-3, SAF-1, LUN-1, and what the page itself adds).
    """
    problems = [gate.message for rule in page.checklist() for gate in rule.gates]
    if problems:
        raise Refused(problems)
    with transaction.atomic():
        engagement = Engagement.objects.select_for_update().filter(page_id=page.pk).first()
        # Asked again under the lock: the closing may have been moved since the page was read.
        late = [gate.message for gate in gates.moved(page, engagement)]
        if late:
            raise Refused(late)
        engagement = engagement or Engagement(page_id=page.pk, kind=kind)
        for name in TERMS:
            setattr(engagement, name, getattr(page, name))
        engagement.slug, engagement.title = page.slug, page.title
        engagement.save()
        engagement.audiences.set(page.audiences.all())
    return engagement


def make_join_code(
    engagement: Engagement,
    kind: str,
    valid_from: datetime,
    valid_until: datetime,
    by: User | None,
    label: str = "",
    code: str = "",
) -> str:
    """Make a code for a class or a workshop and return it: shown now and never again (KID-2).

    `code`: one that its room can make again, for a sheet that is printed twice; else a fresh one.
    Raises PermissionDenied, or Refused when the window is empty. `by` is None for commands.
    """
    if by is not None and not user_may_make_codes(by):
        raise PermissionDenied
    if valid_until <= valid_from:
        raise Refused(_("The code must end after it begins."))
    code = code or codes.new()
    JoinCode.objects.create(
        engagement=engagement,
        kind=kind,
        label=label,
        code_hash=codes.hashed(code),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return code


def find_join_code(text: str, now: datetime | None = None) -> JoinCode | None:
    """The code that somebody typed, when it is good now (KID-2): inside its window, its page published.

    A class code also ends when its consultation closes. One query.
    """
    now = now or timezone.now()
    found = (
        JoinCode.objects.filter(code_hash=codes.hashed(text), valid_from__lte=now, valid_until__gt=now)
        .filter(engagement__page__live=True)
        .select_related("engagement__page")
        .first()
    )
    if (
        found
        and found.kind == JoinCode.Kind.CLASS
        and found.engagement.state_at(now) != Engagement.State.OPEN
    ):
        return None
    return found
