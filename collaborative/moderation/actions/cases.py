"""What happens to a concern: it leaves moderation in one step and is seen only by those named for it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, move
from collaborative.contributions.models import Contribution, State
from collaborative.moderation.actions.checks import check
from collaborative.moderation.alerts import alert
from collaborative.moderation.models import Check, SafeguardingCase
from collaborative.moderation.permissions import user_may_open_case
from collaborative.people.models import User


def escalate(contribution: Contribution, *, by: User) -> SafeguardingCase:
    """One step: the words leave moderation at once and only the safeguarding role sees them (SAF-2).

    Somebody who released or refused it a moment ago does not stop a concern. The people named for safety
    are told, without a word of the content.
    """
    with transaction.atomic():
        row = Contribution.objects.select_for_update().select_related("engagement").get(pk=contribution.pk)
        if row.state == State.WITHDRAWN:
            raise NotPossible(
                _("This was taken back a moment ago. If you are worried, speak to a safeguarding lead now.")
            )
        check(contribution, State.ESCALATED, Check.Outcome.ESCALATED, by, seen=row.state)
        return _open_case(row, by)


def _open_case(contribution: Contribution, by: User) -> SafeguardingCase:
    """The case of these words: a new one, or the closed one opened again with all that was noted."""
    case, new = SafeguardingCase.objects.select_for_update().get_or_create(
        contribution=contribution, defaults={"opened_at": timezone.now(), "opened_by": by}
    )
    if not new and case.closed_at is None:
        return case
    if not new:
        _append(case, case.closed_by, _("Closed: %(outcome)s") % {"outcome": case.outcome}, case.closed_at)
        case.closed_at, case.closed_by, case.outcome = None, None, ""
        case.save(update_fields=["actions_taken", "closed_at", "closed_by", "outcome"])
    ledger.record("case.opened" if new else "case.reopened", f"case:{case.pk}", by)
    alert(reverse("safeguarding_case", args=[case.pk]), contribution.engagement)
    return case


def view_case(case: SafeguardingCase, *, by: User) -> str:
    """The words of a case as they were given. Every view is recorded before the words are read."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    ledger.record("case.viewed", f"case:{case.pk}", by)
    wording = case.contribution.wordings.order_by("number").first()
    return wording.text if wording else ""


def note_on_case(case: SafeguardingCase, text: str, *, by: User) -> None:
    """Write down what was done. The same note by the same person straight after itself is one note."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not text.strip():
        raise NotPossible(_("Say what was done."))
    with transaction.atomic():
        row = SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        if row.actions_taken.endswith(f", {by}: {_one_paragraph(text)}"):
            return
        _append(row, by, text)
        row.save(update_fields=["actions_taken"])
        ledger.record("case.noted", f"case:{case.pk}", by)


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _append(case: SafeguardingCase, by: User | None, text: str, at: datetime | None = None) -> None:
    stamp = timezone.localtime(at).strftime("%d %B %Y %H:%M")
    case.actions_taken = f"{case.actions_taken}\n{stamp}, {by}: {_one_paragraph(text)}".strip()


def close_case(case: SafeguardingCase, outcome: str, *, by: User, back_to_queue: bool = False) -> None:
    """Close with an outcome. The words stay out of sight, unless they go back to be checked like others."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not outcome.strip():
        raise NotPossible(_("Say how it ended."))
    with transaction.atomic():
        row = SafeguardingCase.objects.select_for_update().select_related("contribution").get(pk=case.pk)
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.outcome = timezone.now(), by, outcome.strip()
            row.save(update_fields=["closed_at", "closed_by", "outcome"])
            ledger.record("case.closed", f"case:{case.pk}", by, back_to_queue=back_to_queue)
            if back_to_queue and row.contribution.state == State.ESCALATED:
                move(row.contribution, State.HELD, by=by)
