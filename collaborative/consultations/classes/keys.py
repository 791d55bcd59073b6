"""The private link of a teacher and the two codes of a class. None is stored: all are made from the site's
secret and the key of the class. So a sheet can be printed twice, and a copy of the database opens nothing.
"""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from collaborative import codes
from collaborative.consultations.models import ClassSession

SALT = "class-session"
PREFIX = "K-"
NUMBER = re.compile(r"\bK-(\d{1,9})\b")
LINK_LASTS = timedelta(days=14)  # after the class, to read its summary


def class_code(session: ClassSession) -> str:
    """What pupils type (KID-2). It opens only inside the window."""
    return codes.derived("class", session.key)


def reading_code(session: ClassSession) -> str:
    """What the class types later, to read what came of it. Nothing about pupils is behind it."""
    return codes.derived("class-after", session.key)


def token_of(session: ClassSession) -> str:
    return signing.dumps(session.pk, salt=SALT)


def find(token: str) -> ClassSession | None:
    """The approved class of a private link, whether or not the link has run out. One query."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = ClassSession.objects.filter(state=ClassSession.State.APPROVED, engagement__page__live=True)
    return rows.select_related("engagement__page", "join_code").filter(pk=pk).first()


def link_ends(session: ClassSession) -> datetime:
    return session.closes_at + LINK_LASTS


def has_run_out(session: ClassSession, now: datetime | None = None) -> bool:
    return (now or timezone.now()) >= link_ends(session)


def link(session: ClassSession) -> str:
    return absolute(reverse("class_lead", args=[token_of(session)]))


def join_link(session: ClassSession) -> str:
    """For the QR code: the page that takes a code, with the code in its field. Opening it joins nobody."""
    return absolute(f"{reverse('join')}?c={class_code(session)}")


def absolute(path: str) -> str:
    return settings.BASE_URL.rstrip("/") + path


def number_in(text: str) -> int | None:
    """Which class a line speaks of ("Inverallan High, S1 (K-12)"), or None."""
    found = NUMBER.search(text)
    return int(found[1]) if found else None
