"""What a moderator and a safeguarding lead can do. Each verb checks permission, writes once, and leaves a record."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, add_wording, move
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation.models import Check, HouseRule, Report, SafeguardingCase
from collaborative.moderation.permissions import (
    user_may_check,
    user_may_handle_reports,
    user_may_open_case,
)
from collaborative.people.models import User

REMOVED = "[removed]"  # what readers see in place of redacted words (RIF-6)


def release(contribution: Contribution, *, by: User) -> None:
    """A person has read it and lets it be counted, sorted and, where its author permits, shown."""
    _check(contribution, State.RELEASED, Check.Outcome.RELEASED, by)


def release_redacted(contribution: Contribution, text: str, reason: str, *, by: User) -> Wording:
    """Release with words removed: the original stays, restricted (RIF-6). `text` is the whole new wording."""
    if not reason.strip():
        raise NotPossible(_("Say why words were removed."))
    with transaction.atomic():
        _check(contribution, State.RELEASED, Check.Outcome.REDACTED, by, reason=reason)
        return add_wording(contribution, Wording.Kind.REDACTED, text, by=by, reason=reason)


def refuse(contribution: Contribution, rule: HouseRule, *, by: User, reason: str = "") -> None:
    """Refuse by a published house rule and nothing else (KC-6)."""
    _check(contribution, State.REFUSED, Check.Outcome.REFUSED, by, rule=rule, reason=reason)


def escalate(contribution: Contribution, *, by: User) -> SafeguardingCase:
    """One step: the words leave moderation at once and only the safeguarding role sees them (SAF-2)."""
    with transaction.atomic():
        _check(contribution, State.ESCALATED, Check.Outcome.ESCALATED, by)
        case, new = SafeguardingCase.objects.get_or_create(
            contribution=contribution, defaults={"opened_at": timezone.now(), "opened_by": by}
        )
        if new:
            ledger.record("case.opened", f"case:{case.pk}", by)
    return case


def view_case(case: SafeguardingCase, *, by: User) -> str:
    """The words of a case as they were given. Every view is recorded before the words are read."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    ledger.record("case.viewed", f"case:{case.pk}", by)
    wording = case.contribution.wordings.order_by("number").first()
    return wording.text if wording else ""


def note_on_case(case: SafeguardingCase, text: str, *, by: User) -> None:
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not text.strip():
        raise NotPossible(_("Say what was done."))
    with transaction.atomic():
        row = SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        stamp = timezone.localtime().strftime("%d %B %Y %H:%M")
        row.actions_taken = f"{row.actions_taken}\n{stamp}, {by}: {text.strip()}".strip()
        row.save(update_fields=["actions_taken"])
        ledger.record("case.noted", f"case:{case.pk}", by)


def close_case(case: SafeguardingCase, outcome: str, *, by: User) -> None:
    """Close with an outcome. The words stay out of sight: they go back to the queue or stay refused by a moderator."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not outcome.strip():
        raise NotPossible(_("Say how it ended."))
    with transaction.atomic():
        row = SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.outcome = timezone.now(), by, outcome.strip()
            row.save(update_fields=["closed_at", "closed_by", "outcome"])
            ledger.record("case.closed", f"case:{case.pk}", by)


def report(message: str, *, page: str = "", reply_to: str = "", key: str) -> Report:
    """Tell us something is wrong, from anyone (UNC-3). The same key again makes no second report."""
    if not message.strip():
        raise NotPossible(_("Tell us what is wrong."))
    with transaction.atomic():
        row, new = Report.objects.get_or_create(
            key=codes.hashed_token(key),
            defaults={
                "message": message.strip(),
                "page": page[:300],
                "reply_to": reply_to[:200],
                "created_at": timezone.now(),
            },
        )
        if new:
            ledger.record("report.received", f"report:{row.pk}")
    return row


def handle_report(row: Report, *, by: User) -> None:
    if not user_may_handle_reports(by):
        raise PermissionDenied
    with transaction.atomic():
        if Report.objects.filter(pk=row.pk, handled_at=None).update(handled_at=timezone.now(), handled_by=by):
            ledger.record("report.handled", f"report:{row.pk}", by)


def _check(
    contribution: Contribution,
    to: str,
    outcome: str,
    by: User,
    *,
    rule: HouseRule | None = None,
    reason: str = "",
) -> None:
    """Move it and say who looked. Asking again for what is done already writes nothing."""
    if not user_may_check(by):
        raise PermissionDenied
    with transaction.atomic():
        before = contribution.state
        move(contribution, to, by=by)
        if before != to or outcome == Check.Outcome.REDACTED:
            Check.objects.create(
                contribution=contribution, outcome=outcome, rule=rule, reason=reason, by=by, at=timezone.now()
            )
            pagecache.touch()
