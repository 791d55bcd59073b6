"""What happens to a concern (SAF-2): it leaves moderation in one step, and only those named for it see it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, move
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.contributions.models.contribution import TRANSITIONS
from collaborative.moderation.alerts import alert
from collaborative.moderation.models import CaseNote, Check, Claim, Report, SafeguardingCase
from collaborative.moderation.permissions import (
    user_may_open_case,
    user_may_raise_concern,
    user_may_see_reports,
)
from collaborative.people.models import User


def escalate(contribution: Contribution, *, by: User) -> SafeguardingCase:
    """One step: the words are out of sight at once, and only those named for safety see them.

    Neither somebody who released or refused it a moment ago, nor its author who took it back, stops a
    concern. The people named are told, without a word of the content.
    """
    with transaction.atomic():
        row = Contribution.objects.select_for_update().select_related("engagement").get(pk=contribution.pk)
        if not user_may_raise_concern(by, row):
            raise PermissionDenied
        _out_of_sight(row, by)
        case = _raise(by, contribution=row)
    contribution.state, contribution.read_at = row.state, row.read_at
    return case


def escalate_report(report: Report, *, by: User) -> SafeguardingCase:
    """What somebody told us as a thing about the site is about somebody's safety: it leaves that list."""
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if not user_may_see_reports(by):
            raise PermissionDenied
        row.about = Report.About.SAFETY
        row.save(update_fields=["about"])
        return _raise(by, report=row)


def open_for_report(report: Report) -> SafeguardingCase:
    """Somebody told us about safety: a case at once, in the caller's transaction. Nobody is `by`."""
    return _raise(None, report=report)


def _out_of_sight(row: Contribution, by: User) -> None:
    """Freeze the words, wherever they stood. What its author has taken back is out of sight already."""
    if State.ESCALATED not in TRANSITIONS[row.state]:
        return
    move(row, State.ESCALATED, by=by)
    Check.objects.create(contribution=row, outcome=Check.Outcome.ESCALATED, by=by, at=timezone.now())
    Claim.objects.filter(contribution=row).delete()
    pagecache.touch()


def _raise(
    by: User | None, *, contribution: Contribution | None = None, report: Report | None = None
) -> SafeguardingCase:
    """The case of these words or of this message: a new one, or the closed one opened again."""
    now, about = timezone.now(), contribution or (report.contribution if report else None)
    key = {"contribution": contribution} if contribution else {"report": report}
    case, new = SafeguardingCase.objects.select_for_update().get_or_create(
        **key,
        defaults={
            "opened_at": now,
            "opened_by": by,
            "raised_at": now,
            "engagement": about.engagement if about else None,
            "frozen": _newest(contribution) if contribution else None,
        },
    )
    if not new and case.is_open:
        return case
    if not new:
        case.closed_at, case.closed_by, case.outcome = None, None, ""
        case.raised_at, case.looked_at, case.alerts = now, None, 0
        case.save()
    _note(case, CaseNote.Kind.RAISED if new else CaseNote.Kind.REOPENED, "", by)
    ledger.record("case.opened" if new else "case.reopened", case.subject, by)
    alert(case)
    return case


def _newest(contribution: Contribution) -> Wording | None:
    return contribution.wordings.order_by("-number").first()


def view_case(case: SafeguardingCase, *, by: User) -> list[Wording]:
    """Every wording of the words of a case, as given first. The look is recorded before any is read."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    with transaction.atomic():
        ledger.record("case.viewed", case.subject, by)
        now = timezone.now()
        if SafeguardingCase.objects.filter(pk=case.pk, looked_at=None).update(looked_at=now):
            case.looked_at = now
    return list(case.contribution.wordings.order_by("number")) if case.contribution else []


def note_on_case(
    case: SafeguardingCase, text: str, *, by: User, kind: str = CaseNote.Kind.NOTE
) -> CaseNote | None:
    """Write down what was done, open or closed. The same note straight after itself is one note."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    text = text.strip()
    if not text:
        raise NotPossible(_("Say what was done."))
    if kind not in CaseNote.BY_HAND:
        raise NotPossible(_("Say what kind of note it is."))
    with transaction.atomic():
        SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        last = case.notes.order_by("-pk").first()
        if last is not None and (last.text, last.kind, last.by_id) == (text, kind, by.pk):
            return last
        ledger.record("case.noted", case.subject, by, kind=str(kind))
        return _note(case, kind, text, by)


def _note(case: SafeguardingCase, kind: str, text: str, by: User | None) -> CaseNote:
    note = CaseNote(case=case, kind=kind, text=text, by=by, at=timezone.now())
    note.save(force_insert=True)
    return note


def take_out_of_sight(case: SafeguardingCase, *, by: User) -> None:
    """What somebody told us about stands on the site: take it down, and keep it with this case.

    Words that have a case of their own are raised there, and this case stays about the message.
    """
    if not user_may_open_case(by, case):
        raise PermissionDenied
    told = case.report.contribution if case.report else None
    if told is None:
        raise NotPossible(_("This case is not about something that was written here."))
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=told.pk)
        here = SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        _out_of_sight(row, by)
        other = SafeguardingCase.objects.filter(contribution=row).exclude(pk=here.pk).exists()
        if other:
            _raise(by, contribution=row)
        elif here.contribution_id is None:
            here.contribution, here.frozen = row, _newest(row)
            here.save(update_fields=["contribution", "frozen"])
            ledger.record("case.words-kept", case.subject, by, contribution=row.reference)


def close_case(case: SafeguardingCase, outcome: str, *, by: User, back_to_queue: bool = False) -> None:
    """Close with an outcome. The words stay out of sight, unless they go back to be checked like others.

    What its author took back in the meantime is taken back now.
    """
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not outcome.strip():
        raise NotPossible(_("Say how it ended."))
    with transaction.atomic():
        row = (
            SafeguardingCase.objects.select_for_update(of=("self",))
            .select_related("contribution", "report")
            .get(pk=case.pk)
        )
        if not row.is_open:
            return
        row.closed_at, row.closed_by, row.outcome = timezone.now(), by, outcome.strip()
        row.save(update_fields=["closed_at", "closed_by", "outcome"])
        _note(row, CaseNote.Kind.CLOSED, row.outcome, by)
        ledger.record("case.closed", row.subject, by, back_to_queue=back_to_queue)
        if row.contribution is not None:
            _let_go(row.contribution, by, back_to_queue)
        if row.report is not None:
            _report_dealt_with(row.report, by, back_to_queue)


def _let_go(words: Contribution, by: User, back_to_queue: bool) -> None:
    if words.state != State.ESCALATED:
        return
    if words.wanted_back_at:
        move(words, State.WITHDRAWN, by=by)
    elif back_to_queue:
        move(words, State.HELD, by=by)


def _report_dealt_with(report: Report, by: User, back_to_queue: bool) -> None:
    if back_to_queue:  # nobody's safety after all: for those who read the others
        about = Report.About.WORDS if report.contribution_id else Report.About.SITE
        Report.objects.filter(pk=report.pk).update(about=about, handled_at=None, handled_by=None)
    else:
        Report.objects.filter(pk=report.pk).update(handled_at=timezone.now(), handled_by=by)


def reopen_case(case: SafeguardingCase, why: str, *, by: User) -> None:
    """Open a closed case again, by somebody named for it. The words are out of sight again."""
    if not user_may_open_case(by, case):
        raise PermissionDenied
    if not why.strip():
        raise NotPossible(_("Say why it is opened again."))
    with transaction.atomic():
        row = SafeguardingCase.objects.select_for_update().get(pk=case.pk)
        if row.is_open:
            return
        now = timezone.now()
        row.closed_at, row.closed_by, row.outcome = None, None, ""
        row.raised_at = row.looked_at = now
        row.save(update_fields=["closed_at", "closed_by", "outcome", "raised_at", "looked_at"])
        _note(row, CaseNote.Kind.REOPENED, why.strip(), by)
        ledger.record("case.reopened", row.subject, by)
        if row.contribution_id:
            _out_of_sight(Contribution.objects.select_for_update().get(pk=row.contribution_id), by)
        if row.report_id:
            Report.objects.filter(pk=row.report_id).update(
                about=Report.About.SAFETY, handled_at=None, handled_by=None
            )


def keeps(contribution: Contribution) -> bool:
    """Whether the words must be kept: with a case that is open, or passed on and not closed (SAF-2).

    Registered with `contributions.holds`.
    """
    about = SafeguardingCase.objects.filter(contribution=contribution) | SafeguardingCase.objects.filter(
        report__contribution=contribution
    )
    if contribution.state == State.ESCALATED:
        return not about.exclude(closed_at=None).exists() or about.open().exists()
    return about.open().exists()
