"""When a consultation closes, moved after it has opened: more time, an earlier end, or opened again.

The day was a promise, so it never moves by editing a field: it takes a reason that everybody reads, and
stands in the record with who did it. `engagements.gates.moved` refuses every other way.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from collaborative import pagecache
from collaborative.consultations.listing import day
from collaborative.consultations.models import ClosingMove, ConsultationPage
from collaborative.consultations.permissions import user_may_move_closing
from collaborative.contributions import drafts, ledger
from collaborative.engagements.gates import USUAL_PERIOD
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes.models import DecisionPage
from collaborative.people.models import User

LONGEST_REASON = 1000
Problem = tuple[str, str]  # (field of the form, message)


def move_closing(
    engagement: Engagement, to: datetime, reason: str, *, by: User, now: datetime | None = None
) -> ClosingMove:
    """Let it close at another moment, from now on and for everyone. The same request again moves nothing.

    Drafts last until the new end, also those that were cut off by the old one. Raises PermissionDenied, or
    Refused with all that `problems` finds. Twelve statements at most.
    """
    if not user_may_move_closing(by):
        raise PermissionDenied
    now, reason = now or timezone.now(), reason.strip()
    with transaction.atomic():
        row = Engagement.objects.select_for_update().get(pk=engagement.pk)
        last = row.closing_moves.last()  # type: ignore[attr-defined]
        if last is not None and (last.after, last.reason, last.by_id) == (to, reason, by.pk):
            return last  # type: ignore[no-any-return]
        found, standing = problems(row, to, reason, now), row.closes_at
        if found or standing is None:
            raise Refused([message for _field, message in found])
        move = ClosingMove.objects.create(
            engagement=row, before=standing, after=to, reason=reason, at=now, by=by
        )
        _write(row, move)
        drafts.follow(row)
        ledger.record(
            f"consultation.{move.verb}",
            f"engagement:{row.pk}",
            by,
            before=move.before.isoformat(),
            after=move.after.isoformat(),
        )
        pagecache.touch()
    engagement.closes_at = row.closes_at
    return move


def problems(engagement: Engagement, to: datetime | None, reason: str, now: datetime) -> list[Problem]:
    """Why it cannot be moved there: nothing is left to be found out one by one. One query at most."""
    found: list[Problem] = []
    if not reason.strip():
        found.append(("reason", _("Say why: people will read it.")))
    elif len(reason) > LONGEST_REASON:
        found.append(("reason", _("Please make this shorter: 1,000 characters at most.")))
    if engagement.kind != Engagement.Kind.CONSULTATION or engagement.closes_at is None:
        found.append(("day", _("Only a consultation with a closing date can be moved.")))
    elif engagement.state_at(now) == Engagement.State.COMING:
        found.append(("day", _("It has not opened yet: change the day in the editor.")))
    elif to is not None:
        found += [("day", message) for message in _ill_timed(engagement, to, now)]
    return found


def _ill_timed(engagement: Engagement, to: datetime, now: datetime) -> list[str]:
    # By the minute, as it is typed: "now" is a time that may be chosen.
    if to < now.replace(second=0, microsecond=0) or (engagement.opens_at and to <= engagement.opens_at):
        return [_("That is in the past. Choose a time from now on.")]
    if to == engagement.closes_at:
        return [_("It closes at that time already.")]
    by = engagement.decides_by
    if by is not None and timezone.localdate(to) > by:
        text = _("They said that they decide by %(day)s. Change that day in the editor first.")
        return [text % {"day": date_words(by, "j F Y")}]
    answered = DecisionPage.objects.live().filter(engagements=engagement, interim=False)
    if engagement.closes_at is not None and engagement.closes_at <= now < to and answered.exists():
        return [_("A decision has answered it, so it cannot be opened again.")]
    return []


def _write(row: Engagement, move: ClosingMove) -> None:
    """The new end on the engagement, its page, and whatever of the page may be published next."""
    changed: dict[str, Any] = {"closes_at": move.after}
    short = row.opens_at is not None and (
        timezone.localdate(move.after) - timezone.localdate(row.opens_at) < USUAL_PERIOD
    )
    if short and not row.short_period_reason.strip():  # CON-3: this is the reason
        changed["short_period_reason"] = move.reason
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    ConsultationPage.objects.filter(pk=row.page_id).update(**changed)
    page = ConsultationPage.objects.get(pk=row.page_id)
    written = page.serializable_data()
    scheduled = page.revisions.exclude(approved_go_live_at=None)
    pks = [page.latest_revision_id, page.live_revision_id, *scheduled.values_list("pk", flat=True)]
    drafted = list(Revision.objects.filter(pk__in=[pk for pk in pks if pk]))
    for revision in drafted:
        revision.content |= {name: written[name] for name in changed}
    Revision.objects.bulk_update(drafted, ["content"])


def kept_until(engagement: Engagement) -> str:
    """Until which day what somebody began and did not send stays here, in words."""
    closes = engagement.closes_at
    return day(closes + drafts.KEPT_AFTER) if closes else ""
