"""What moderators and safeguarding leads can do. Each verb checks permission, writes once, leaves a record.

The verbs on a contribution take `seen`: the state it had when the moderator looked at it (by default the
state of the object handed over). When it has moved since, somebody else was faster and nothing is written;
only a concern goes through whatever happened meanwhile. Doing the same thing twice is no error.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, add_wording, move
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation.alerts import alert
from collaborative.moderation.models import Check, HouseRule, Report, SafeguardingCase
from collaborative.moderation.permissions import (
    user_may_check,
    user_may_decide,
    user_may_handle_report,
    user_may_open_case,
)
from collaborative.moderation.redaction import REMOVED, leaves_words, redacts
from collaborative.people.models import User


def release(contribution: Contribution, *, by: User, seen: str | None = None) -> None:
    """A person has read it and lets it be counted, sorted and, where its author permits, shown."""
    _check(contribution, State.RELEASED, Check.Outcome.RELEASED, by, seen=seen)


def release_redacted(
    contribution: Contribution, text: str, reason: str, *, by: User, seen: str | None = None
) -> Wording:
    """Release with words removed: the original stays, restricted (RIF-6). `text` is the whole new wording.

    Raises NotPossible unless it is the newest wording with passages replaced by REMOVED, and nothing else.
    """
    if not reason.strip():
        raise NotPossible(_("Say why words were removed."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        newest = row.wordings.order_by("-number")[0]
        if row.state == State.RELEASED and newest.kind == Wording.Kind.REDACTED and newest.text == text:
            return newest
        if row.state != (seen or contribution.state):
            raise NotPossible(_("Somebody else has dealt with this already."))
        if not redacts(newest.text, text):
            how = _("Put %(removed)s in place of the words, and change nothing else.")
            raise NotPossible(how % {"removed": REMOVED})
        if not leaves_words(text):
            raise NotPossible(_("There are no words left. Refuse it instead."))
        _check(contribution, State.RELEASED, Check.Outcome.REDACTED, by, seen=row.state, reason=reason)
        return add_wording(contribution, Wording.Kind.REDACTED, text, by=by, reason=reason)


def refuse(
    contribution: Contribution, rule: HouseRule, *, by: User, reason: str = "", seen: str | None = None
) -> None:
    """Refuse by a published house rule and nothing else (KC-6)."""
    _check(contribution, State.REFUSED, Check.Outcome.REFUSED, by, seen=seen, rule=rule, reason=reason)


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
        _check(contribution, State.ESCALATED, Check.Outcome.ESCALATED, by, seen=row.state)
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


def report(
    message: str, *, about: str = Report.About.SITE, page: str = "", reply_to: str = "", key: str
) -> Report:
    """Tell us something is wrong, from anyone (UNC-3). The same key again makes no second report.

    What is about somebody's safety goes to the safeguarding role alone, which is told at once.
    """
    if not message.strip():
        raise NotPossible(_("Tell us what is wrong."))
    if about not in Report.About.values:
        raise NotPossible(_("Say what it is about."))
    with transaction.atomic():
        row, new = Report.objects.get_or_create(
            key=codes.hashed_token(key),
            defaults={
                "about": about,
                "message": message.strip(),
                "page": page[:300],
                "reply_to": reply_to[:200],
                "created_at": timezone.now(),
            },
        )
        if new:
            ledger.record("report.received", f"report:{row.pk}", about=about)
        if new and about == Report.About.SAFETY:
            alert(reverse("moderation_report", args=[row.pk]))
    return row


def handle_report(row: Report, *, by: User) -> None:
    if not user_may_handle_report(by, row):
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
    seen: str | None,
    rule: HouseRule | None = None,
    reason: str = "",
) -> None:
    """Move it and say who looked, under the row's lock, so that of two moderators one is first."""
    if not user_may_check(by):
        raise PermissionDenied
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        if row.state != (seen or contribution.state):
            _already(row, to, outcome, by)
        elif row.state != to or outcome == Check.Outcome.REDACTED:
            if not user_may_decide(by, row):
                raise NotPossible(_("Somebody else has dealt with this already."))
            move(row, to, by=by)
            Check.objects.create(
                contribution=row, outcome=outcome, rule=rule, reason=reason, by=by, at=timezone.now()
            )
            pagecache.touch()
    contribution.state, contribution.read_at = row.state, row.read_at


def _already(row: Contribution, to: str, outcome: str, by: User) -> None:
    """Pass over what this person did before (a double click); refuse when it was somebody else."""
    last = row.checks.order_by("-pk").first()
    if row.state != to or last is None or last.by_id != by.pk or last.outcome != outcome:
        raise NotPossible(_("Somebody else has dealt with this already."))
