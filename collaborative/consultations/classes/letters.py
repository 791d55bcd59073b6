"""The letters to a teacher, put into words when they are sent. None holds a word that somebody typed into the
form: anyone may have typed this address into it."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from collaborative.consultations.classes import keys, times
from collaborative.consultations.models import ClassSession
from collaborative.context import words as site_words

State = ClassSession.State


def asked(about: dict[str, Any]) -> EmailMessage | None:
    """We have your request, and somebody looks at it."""
    return _letter(about, State.ASKED, _("We have your request for a class"), "asked")


def approved(about: dict[str, Any]) -> EmailMessage | None:
    """The private link. Nothing when the class is over or was stopped: there is nothing to lead any more."""
    row = _row(about, State.APPROVED)
    if row is None or row.stopped or keys.has_run_out(row):
        return None
    link = {"link": keys.link(row), "until": times.moment(keys.link_ends(row))}
    return _letter(about, State.APPROVED, _("Your class can take part"), "approved", link)


def refused(about: dict[str, Any]) -> EmailMessage | None:
    return _letter(about, State.REFUSED, _("About your request for a class"), "refused")


def stopped(about: dict[str, Any]) -> EmailMessage | None:
    return _letter(about, State.APPROVED, _("Your class cannot take part after all"), "stopped")


def _row(about: dict[str, Any], state: str) -> ClassSession | None:
    rows = ClassSession.objects.filter(pk=about["class"], state=state).exclude(email="")
    return rows.select_related("engagement").first()


def _letter(
    about: dict[str, Any], state: str, subject: str, name: str, more: dict[str, Any] | None = None
) -> EmailMessage | None:
    row = _row(about, state)
    if row is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "session": row,
            "title": row.engagement.title,
            "when": times.window(row),
            "site_name": site_words().get("partnership") or settings.SITE_NAME,
            **(more or {}),
        }
        body = render_to_string(f"consultations/classes/email/{name}.txt", context)
    return EmailMessage(subject, body, to=[row.email])
