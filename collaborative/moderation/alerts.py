"""Telling the people named for safety that something waits for them: a link, and not one word of it (SAF-2).

A task is a row of the database that is written together with the case, so that neither a crash nor a mail
server that is down loses it. Mail that cannot go is tried again.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role

log = logging.getLogger(__name__)

TRIES = 50
WAIT = timedelta(minutes=5)


def those_to_tell(engagement: Engagement | None = None) -> list[User]:
    """Everyone who holds the safeguarding role, and the lead and deputy named for this engagement."""
    named = [engagement.safeguarding_lead_id, engagement.safeguarding_deputy_id] if engagement else []
    people = User.objects.filter(is_active=True)
    holders = people.filter(groups__name=Role.SAFEGUARDING.value)
    return list((holders | people.filter(pk__in=[pk for pk in named if pk])).distinct())


def alert(path: str, engagement: Engagement | None = None) -> None:
    """Write the messages down, in the caller's transaction; the worker sends them. `path`: where to look."""
    people = those_to_tell(engagement)
    if not people:
        log.error("A concern waits at %s and nobody holds the safeguarding role.", path)
    for person in people:
        tell.enqueue(person.pk, path)


@task()
def tell(person: int, path: str, attempt: int = 1) -> None:
    """Send one message to one person; when the mail server does not take it, again after five minutes."""
    address = User.objects.filter(pk=person, is_active=True).values_list("email", flat=True).first()
    if not address:
        return
    link = settings.WAGTAILADMIN_BASE_URL + path
    body = render_to_string("moderation/email/concern.txt", {"link": link, "site_name": settings.SITE_NAME})
    try:
        send_mail(_("A concern waits for you"), body, None, [address])
    except (OSError, SMTPException):
        if attempt >= TRIES:
            raise
        log.warning("A message to a safeguarding lead could not be sent (attempt %s).", attempt)
        tell.using(run_after=timezone.now() + WAIT).enqueue(person, path, attempt + 1)
