"""Telling the people named for safety that something waits for them: a link, and not one word of it (SAF-2).

A message is a row of the database that is written together with the case, so that neither a crash nor a mail
server that is down loses it; mail that cannot go is tried again. While nobody has opened the case, it is told
again: to the deputy too, then to everyone in the safeguarding role. A second row, for later, sees to that;
`sweep()`, once a night, is the net under it.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend, task

from collaborative.engagements import cover
from collaborative.moderation.models import SafeguardingCase, SafetySettings
from collaborative.people.models import User
from collaborative.people.roles import who_look_after_safety

log = logging.getLogger(__name__)

TRIES = 50
WAIT = timedelta(minutes=5)
EVERYONE_FROM = 3  # the round from which everyone in the role is told
ROUNDS = 24  # then once a night


def named_for(case: SafeguardingCase) -> list[User]:
    """Lead and deputy of where it was said, as far as they can open a case; the lead first (one query)."""
    engagement = case.engagement
    if engagement is None:
        return []
    order = [engagement.safeguarding_lead_id, engagement.safeguarding_deputy_id]
    found = who_look_after_safety().filter(pk__in=[pk for pk in order if pk])
    return sorted(found, key=lambda person: order.index(person.pk))


def to_tell(case: SafeguardingCase, turn: int, now: datetime) -> list[User]:
    """First the lead; both at once outside the hours; both when nobody opened it; then the whole role."""
    named = named_for(case)
    if not named or turn >= EVERYONE_FROM:
        others = who_look_after_safety().exclude(pk__in=[person.pk for person in named])
        return [*named, *others.order_by("pk")]
    return named[:1] if turn == 1 and hours_of(case).until(now) else named


def hours_of(case: SafeguardingCase) -> cover.Cover:
    site = SafetySettings.now()
    return cover.of(case.engagement, site.free_days) if case.engagement else site.cover


def alert(case: SafeguardingCase) -> None:
    """The next round, in the caller's transaction, which holds the row of the case locked."""
    now = timezone.now()
    case.alerts, case.alerted_at = case.alerts + 1, now
    case.save(update_fields=["alerts", "alerted_at"])
    people = to_tell(case, case.alerts, now)
    if not people:
        log.error("Case %s waits and nobody holds the safeguarding role.", case.pk)
    for person in people:
        tell.enqueue(person.pk, case.pk, case.alerts)
    if default_task_backend.supports_defer and case.alerts < ROUNDS:
        again = watch.using(run_after=now + timedelta(minutes=SafetySettings.now().unopened_minutes))
        again.enqueue(case.pk, case.raised_at.isoformat(), case.alerts)


@task()
def watch(case: int, raised_at: str, turn: int) -> None:
    """Tell it again when nobody has opened the case since. A case that was raised anew has a watch anew."""
    with transaction.atomic():
        row = SafeguardingCase.objects.unseen().select_for_update().filter(pk=case).first()
        if row is not None and row.raised_at.isoformat() == raised_at and row.alerts == turn:
            alert(row)


def sweep(now: datetime | None = None) -> int:
    """Tell again what waits and was told to nobody for a while, as when a worker died. Returns how many."""
    now = now or timezone.now()
    late = now - 2 * timedelta(minutes=SafetySettings.now().unopened_minutes)
    told = 0
    for pk in SafeguardingCase.objects.unseen().values_list("pk", flat=True):
        with transaction.atomic():
            row = SafeguardingCase.objects.unseen().select_for_update().filter(pk=pk).first()
            if row is not None and (row.alerted_at is None or row.alerted_at < late):
                alert(row)
                told += 1
    return told


@task()
def tell(person: int, case: int, turn: int, attempt: int = 1) -> None:
    """Send one message to one person; when the mail server does not take it, again after five minutes."""
    user = who_look_after_safety().filter(pk=person).first()
    row = SafeguardingCase.objects.select_related("engagement").filter(pk=case, closed_at=None).first()
    if user is None or row is None or (turn > 1 and row.looked_at):
        return
    named = not row.engagement_id or user in named_for(row) or not named_for(row)
    context = {
        "link": settings.WAGTAILADMIN_BASE_URL + reverse("safeguarding_case", args=[case]) if named else "",
        "site_name": settings.SITE_NAME,
        "again": turn > 1,
        "number": case,
    }
    subject = _("A concern waits for you") if named else _("A concern waits and nobody has opened it")
    body = render_to_string("moderation/email/concern.txt", context)
    try:
        send_mail(subject, body, None, [user.email])
    except (OSError, SMTPException):
        if attempt >= TRIES:
            raise
        log.warning("A message to a safeguarding lead could not be sent (attempt %s).", attempt)
        tell.using(run_after=timezone.now() + WAIT).enqueue(person, case, turn, attempt + 1)
