"""What visitors tell us, and who dealt with it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.moderation.actions.cases import open_for_report
from collaborative.moderation.actions.intake import received
from collaborative.moderation.models import Flag, Report
from collaborative.moderation.permissions import user_may_handle_report
from collaborative.people.models import User


def report(
    message: str,
    *,
    about: str = Report.About.SITE,
    page: str = "",
    reply_to: str = "",
    contribution: Contribution | None = None,
    key: str,
) -> Report:
    """Tell us something is wrong, from anyone (UNC-3). The same key again makes no second report.

    What is about somebody's safety becomes a case: those named for it are told at once, and nobody else. What
    somebody wrote rises in the queue; nothing is hidden because somebody said so (SAF-4).
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
                "contribution": contribution,
                "created_at": timezone.now(),
            },
        )
        if new:
            subject = f"contribution:{contribution.reference}" if contribution else ""
            ledger.record("report.received", f"report:{row.pk}", about=about, of=subject)
        if new and contribution is not None:
            received(contribution, [Flag.REPORTED])
        if new and about == Report.About.SAFETY:
            open_for_report(row)
    return row


def handle_report(row: Report, *, by: User) -> None:
    if not user_may_handle_report(by, row):
        raise PermissionDenied
    with transaction.atomic():
        if Report.objects.filter(pk=row.pk, handled_at=None).update(handled_at=timezone.now(), handled_by=by):
            ledger.record("report.handled", f"report:{row.pk}", by)
