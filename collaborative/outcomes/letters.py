"""The letter to whoever looks after a decision, put into words when it is sent. It quotes nobody."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from collaborative import outbox
from collaborative.context import words as site_words
from collaborative.letters import absolute
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.models import DecisionPage, Disposition
from collaborative.outcomes.permissions import user_may_review
from collaborative.people.models import User


def who_looks_after(page: DecisionPage) -> User | None:
    """Whoever began its page, else whoever published it last; nobody who may not answer for it any more."""
    found = (page.owner, page.live_revision.user if page.live_revision else None)
    return next((one for one in found if one is not None and user_may_review(one)), None)


def suspect(about: dict[str, Any]) -> EmailMessage | None:
    """Not once somebody has looked at it, or all is as it was."""
    rows = Disposition.objects.suspect().select_related("theme", "decision__owner")
    row = rows.select_related("decision__live_revision__user").filter(pk=about["disposition"]).first()
    user = who_looks_after(row.decision) if row else None
    if row is None or user is None or not user.email:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "number": row.decision.number,
            "topic": row.theme.name,
            "link": absolute(reverse("decision_review", args=[row.pk])),
            "site_name": site_words().get("partnership") or settings.SITE_NAME,
        }
        body = render_to_string("outcomes/email/suspect.txt", context)
        subject = _("Does our answer still hold? Decision %(number)s") % {"number": row.decision.number}
    return EmailMessage(subject, body, to=[user.email], headers={"Auto-Submitted": "auto-generated"})


def register() -> None:
    outbox.register(reviews.LETTER, suspect)
