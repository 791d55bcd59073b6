"""The letters about places, put into words when they are sent. None holds a word that somebody typed into the
form: anyone may have typed this address into it. Nobody is told what is not so any more."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collaborative import outbox
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.seats import actions, arranging, calendars, keys
from collaborative.changemakers.seats.models import Registration
from collaborative.context import words as site_words
from collaborative.engagements.models import Engagement

REMINDER = "place-reminder"
Letter = Callable[[dict[str, Any]], EmailMessage | None]
SUBJECTS: dict[str, Promise | str] = {
    "given": _("You have a place: %(title)s"),
    "moved_up": _("A place has come free for you: %(title)s"),
    "waits": _("You are on the waiting list: %(title)s"),
    "gone": _("You do not have a place any more: %(title)s"),
    "moved": _("Another time or place: %(title)s"),
    "off": _("Cancelled: %(title)s"),
    "reminder": _("Soon: %(title)s"),
    "again": _("Your link: %(title)s"),
}


def given(about: dict[str, Any]) -> EmailMessage | None:
    """They have a place, at once or after they waited."""
    row = _row(about)
    if row is None or not row.is_seated or _is_off(row):
        return None
    return _letter(row, "moved_up" if row.moved_up else "given", with_entry=True)


def waits(about: dict[str, Any]) -> EmailMessage | None:
    """Not when they have moved up meanwhile: that letter says more."""
    row = _row(about)
    return _letter(row, "waits") if row is not None and row.is_waiting and not _is_off(row) else None


def again(about: dict[str, Any]) -> EmailMessage | None:
    """Somebody typed the address of one who is registered."""
    row = _row(about)
    return _letter(row, "again") if row is not None and not row.is_cancelled and not _is_off(row) else None


def gone(about: dict[str, Any]) -> EmailMessage | None:
    """They gave it back, or staff took it; whoever had a place gets it out of the calendar."""
    row = _row(about)
    if row is None or not row.is_cancelled:
        return None
    return _letter(row, "gone", with_entry=row.seated_at is not None)


def moved(about: dict[str, Any]) -> EmailMessage | None:
    """Another time or place; not when there is a later change, of which another letter tells."""
    row = _row(about)
    if row is None or row.is_cancelled or _is_off(row) or about["version"] != row.engagement.seating.version:
        return None
    return _letter(row, "moved", with_entry=row.is_seated)


def off(about: dict[str, Any]) -> EmailMessage | None:
    """The workshop is called off; nothing when it was put back meanwhile."""
    row = _row(about)
    if row is None or row.is_cancelled or not _is_off(row):
        return None
    return _letter(row, "off", with_entry=row.is_seated)


def reminder(about: dict[str, Any]) -> EmailMessage | None:
    row = _row(about)
    if row is None or not row.is_seated or _is_off(row):
        return None
    if row.engagement.state != Engagement.State.COMING:
        return None
    return _letter(row, "reminder", with_entry=True)


def _row(about: dict[str, Any]) -> Registration | None:
    rows = Registration.objects.filter(pk=about["registration"]).exclude(email="")
    return rows.select_related("engagement__page", "engagement__seating").first()


def _is_off(row: Registration) -> bool:
    return row.engagement.seating.called_off_at is not None


def _letter(row: Registration, name: str, *, with_entry: bool = False) -> EmailMessage:
    engagement, seating = row.engagement, row.engagement.seating
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "row": row,
            "title": engagement.title,
            "when": when_of(engagement),
            "seating": seating,
            "link": keys.link(row),
            "site_name": site_words().get("partnership") or settings.SITE_NAME,
        }
        body = render_to_string(f"changemakers/seats/email/{name}.txt", context)
        subject = str(SUBJECTS[name]) % {"title": " ".join(engagement.title.split())}
        entry = calendars.whole(row) if with_entry else b""
    mail = EmailMessage(subject, body, to=[row.email], headers={"Auto-Submitted": "auto-generated"})
    if entry:
        kind = f"text/calendar; charset=utf-8; method={calendars.method_of(row)}"
        mail.attach("workshop.ics", entry.decode(), kind)
    return mail


WRITERS: dict[str, Letter] = {
    actions.GIVEN: given,
    actions.WAITS: waits,
    actions.AGAIN: again,
    actions.GONE: gone,
    arranging.MOVED: moved,
    arranging.OFF: off,
    REMINDER: reminder,
}


def register() -> None:
    for kind, writer in WRITERS.items():
        outbox.register(kind, writer)
