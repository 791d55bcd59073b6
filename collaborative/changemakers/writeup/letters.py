"""The letters about a write-up, put into words when they are sent. None holds a word that anybody said."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from collaborative import outbox
from collaborative.changemakers.seats import keys
from collaborative.changemakers.seats.models import Registration
from collaborative.changemakers.writeup import actions, reading
from collaborative.changemakers.writeup.models import WriteUpVersion
from collaborative.context import words as site_words
from collaborative.letters import absolute

SUBJECTS = {
    actions.SHARED: _("Did we get you right? %(title)s"),
    actions.PUBLISHED: _("What came of it: %(title)s"),
}


def shared(about: dict[str, Any]) -> EmailMessage | None:
    """Not once the time is over."""
    row = _row(about)
    write_up = reading.of(row.engagement) if row else None
    if row is None or write_up is None or not write_up.is_checked_at(timezone.now()):
        return None
    link = reverse("write_up_link", args=[row.engagement.slug, keys.token_of(row)])
    return _letter(row, actions.SHARED, "shared", link=absolute(link), ends_at=write_up.ends_at)


def published(about: dict[str, Any]) -> EmailMessage | None:
    row = _row(about)
    if row is None or WriteUpVersion.objects.standing(row.engagement) is None:
        return None
    link = absolute(reverse("write_up", args=[row.engagement.slug]))
    return _letter(row, actions.PUBLISHED, "published", link=link)


def _row(about: dict[str, Any]) -> Registration | None:
    """Whoever had a place and is not forgotten, of a workshop whose page still stands."""
    rows = Registration.objects.filter(pk=about["registration"], engagement__page__live=True)
    return rows.seated().exclude(email="").select_related("engagement__page").first()


def _letter(row: Registration, kind: str, name: str, **more: Any) -> EmailMessage:
    engagement = row.engagement
    with translation.override(settings.LANGUAGE_CODE):
        site_name = site_words().get("partnership") or settings.SITE_NAME
        context = {"title": engagement.title, "site_name": site_name, **more}
        body = render_to_string(f"changemakers/writeup/email/{name}.txt", context)
        subject = str(SUBJECTS[kind]) % {"title": " ".join(engagement.title.split())}
    return EmailMessage(subject, body, to=[row.email], headers={"Auto-Submitted": "auto-generated"})


def register() -> None:
    outbox.register(actions.SHARED, shared)
    outbox.register(actions.PUBLISHED, published)
