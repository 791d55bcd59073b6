"""The private link of a registration. It is stored nowhere: it is made from the site's secret and the key of
the row, so that every letter can hold it and a copy of the database opens nothing."""

from django.urls import reverse

from collaborative import codes
from collaborative.changemakers.seats.models import Registration
from collaborative.engagements.models import Engagement
from collaborative.letters import absolute

LETTERS = 40  # of 64 hexadecimal digits


def key_of(form_key: str) -> str:
    """Under which a form's attempt is stored."""
    return codes.hashed_token(f"place:{form_key}")


def token_from(key: str) -> str:
    return codes.hashed_token(f"place-link:{key}")[:LETTERS]


def token_of(row: Registration) -> str:
    return token_from(row.key)


def email_hash(engagement: Engagement, email: str) -> str:
    """The same address at another workshop has another one: nobody can be followed from row to row."""
    return codes.hashed_token(f"place-email:{engagement.pk}:{email.strip().lower()}")


def find(engagement: Engagement, token: str) -> Registration | None:
    """Whoever this link belongs to, also when they gave their place back. One query."""
    if len(token) != LETTERS:
        return None
    rows = Registration.objects.filter(engagement=engagement, token_hash=codes.hashed_token(token))
    return rows.select_related("group", "engagement__page", "engagement__seating").first()


def link(row: Registration) -> str:
    return absolute(reverse("place", args=[row.engagement.slug, token_of(row)]))


def calendar_link(row: Registration) -> str:
    return absolute(reverse("place_calendar", args=[row.engagement.slug, token_of(row)]))
