"""Telling the author what was decided: never their words, only where to read what became of them (KC-6).

Everyone can read it with their code at /receipt/. Whoever left an address, or was signed in, gets a message
as well. It is a row of the database, written together with the decision, so that neither a crash nor a mail
server that is down loses it. It goes out only once the decision can no longer be taken back by a press, and
not at all when something else has happened by then: what went to safeguarding is told to nobody.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import default_task_backend, task

from collaborative.contributions.models import Contribution, State
from collaborative.moderation.models import UNDO, Appeal, Check

log = logging.getLogger(__name__)

TRIES = 50
WAIT = timedelta(minutes=5)
TOLD = frozenset({Check.Outcome.REFUSED, Check.Outcome.REDACTED, Check.Outcome.WITHHELD})


def address_of(contribution: Contribution) -> str:
    """Where its author can be told: what they left with it, else their account. "" where there is neither."""
    left = contribution.receipt.contact_email
    author = contribution.author
    return left or (author.email if author is not None and author.is_active else "")


def decided(check: Check) -> None:
    """In the caller's transaction. Nobody is written to because something was released as it stood."""
    if check.outcome in TOLD and address_of(check.contribution):
        _later(tell_decision, check.pk)


def second_look(appeal: Appeal) -> None:
    if address_of(appeal.contribution):
        _later(tell_second_look, appeal.pk)


def _later(what: Any, pk: int) -> None:
    if default_task_backend.supports_defer:
        what = what.using(run_after=timezone.now() + UNDO)
    what.enqueue(pk)


@task()
def tell_decision(pk: int, attempt: int = 1) -> None:
    check = (
        Check.objects.standing()
        .select_related("contribution__receipt", "contribution__engagement", "contribution__author", "rule")
        .filter(pk=pk)
        .first()
    )
    if check is None or not _still(check.contribution, check):
        return
    if not _send(check.contribution, check.outcome, {"rule": check.rule}) and attempt < TRIES:
        tell_decision.using(run_after=timezone.now() + WAIT).enqueue(pk, attempt + 1)


@task()
def tell_second_look(pk: int, attempt: int = 1) -> None:
    rows = Appeal.objects.select_related(
        "contribution__receipt", "contribution__engagement", "contribution__author", "against__rule"
    )
    appeal = rows.filter(pk=pk).exclude(decided_at=None).first()
    if appeal is None or appeal.contribution.state not in {State.RELEASED, State.REFUSED}:
        return
    context = {"stands": appeal.outcome == Appeal.Outcome.STANDS, "rule": appeal.against.rule}
    if not _send(appeal.contribution, "second_look", context) and attempt < TRIES:
        tell_second_look.using(run_after=timezone.now() + WAIT).enqueue(pk, attempt + 1)


def _still(contribution: Contribution, check: Check) -> bool:
    """Whether what was decided then is how it stands now."""
    wanted = State.REFUSED if check.outcome == Check.Outcome.REFUSED else State.RELEASED
    return contribution.state == wanted


def _send(contribution: Contribution, template: str, context: Mapping[str, Any]) -> bool:
    """True when there is nothing more to do. A mail server that does not take it is asked again later."""
    address = address_of(contribution)
    if not address:
        return True
    own = contribution.author_id is not None and not contribution.receipt.contact_email
    where = reverse("receipt_mine") if own else reverse("receipt")
    with override(contribution.receipt.language):
        words = {
            **context,
            "title": contribution.engagement.title,
            "link": settings.BASE_URL + where,
            "own": own,
            "site_name": settings.SITE_NAME,
            "rules": settings.BASE_URL + reverse("house_rules"),
        }
        body = render_to_string(f"moderation/email/{template}.txt", words)
        subject = _("About what you wrote to us")
        try:
            send_mail(subject, body, None, [address])
        except (OSError, SMTPException):
            log.warning("A message to somebody who wrote to us could not be sent.")
            return False
    return True
