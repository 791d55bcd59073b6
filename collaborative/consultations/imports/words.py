"""What people write in a cell for an age, a permission, a group, a day; and what each of those means.

Every reader takes the text of a cell and gives what it means, or None when it cannot be told. Nothing is
guessed: what is not on a list is refused by name, beside its row and column.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from collaborative.contributions.models import Channel, Edition, Permission, RespondentKind
from collaborative.engagements.ages import YEARS
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand

MORE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "age": {
        AgeBand.UNDER_12: ("under 12", "0-11", "11 or under", "11 and under", "<12"),
        AgeBand.THIRTEEN: ("13-15", "13 to 15"),
        AgeBand.SIXTEEN: ("16-17", "16 to 17", "16 or 17", "16 and 17"),
        AgeBand.EIGHTEEN: ("18-25", "18 to 25"),
        AgeBand.ADULT: ("26+", "26 plus", "26 and over", "over 25", "26 or older", "26 or over"),
        AgeBand.NOT_SAID: ("not said", "prefer not to say", "rather not say", "unknown", "n/a", "-"),
    },
    "permission": {
        Permission.NAMED: ("publish response with name", "publish with name", "with name", "named"),
        Permission.ANONYMOUS: (
            *("publish response only (without name)", "publish response only", "publish without name"),
            *("without name", "anonymous", "anonymously", "publish anonymously"),
        ),
        Permission.NOT_PUBLISHED: (
            *("do not publish response", "do not publish", "not published", "don't publish", "no", "private"),
            *("confidential", "unknown", "n/a", "-"),
        ),
    },
    "kind": {
        RespondentKind.INDIVIDUAL: ("individual", "person", "myself", "private person", "an individual"),
        RespondentKind.ORGANISATION: ("organisation", "organization", "on behalf of an organisation", "org"),
    },
    "channel": {
        Channel.PAPER: ("paper", "letter", "post", "by post"),
        Channel.EMAIL: ("e-mail", "email", "mail"),
        Channel.PHONE: ("telephone", "phone", "call", "by phone"),
        Channel.EVENT: ("event", "drop-in", "roadshow"),
        Channel.WORKSHOP: ("workshop", "focus group"),
        Channel.IMPORT: ("import", "imported", "online", "survey"),
    },
    "edition": {
        Edition.YOUNG: ("young", "young people", "children"),
        Edition.EASY_READ: ("easy read", "easyread", "easy-read"),
        Edition.STANDARD: ("standard", "full"),
    },
    "recontact": {
        "yes": ("yes", "y", "true", "1", "x", "✓", "may contact", "agree"),
        "no": ("no", "n", "false", "0", "do not contact", "-"),
    },
}
CHOICES: dict[str, type[models.TextChoices]] = {
    "age": AgeBand,
    "permission": Permission,
    "kind": RespondentKind,
    "channel": Channel,
    "edition": Edition,
}
# Those came over the site itself: a file cannot say so, since nobody could tell it from what the site took.
NOT_FROM_FILES = frozenset({Channel.WEB, Channel.CLASS})
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d")
MOST_IN_A_DATE = 40
NOON = time(12)


def plain(text: str) -> str:
    """The words without what does not change them: capitals, kinds of dashes and spaces, a full stop."""
    text = re.sub("[‐‑‒–—−]", "-", text.replace("’", "'").casefold())
    return " ".join(text.split()).rstrip(".")


@lru_cache(maxsize=32)
def _known(field: str) -> dict[str, str]:
    """{what somebody may write: what it means}, in every language of the site."""
    found: dict[str, str] = {}
    for value, words in MORE_WORDS[field].items():
        found |= {plain(word): str(value) for word in words}
    if field in CHOICES:
        for value, label in CHOICES[field].choices:
            found |= {plain(word): value for word in (value, *in_all_languages(label))}
    return found


def in_all_languages(label: str | Promise) -> Iterable[str]:
    for code, _name in settings.LANGUAGES:
        with override(code):
            yield str(label)


def meaning(field: str, text: str) -> str | None:
    """The value of one of `MORE_WORDS`'s fields that these words stand for."""
    said = plain(text)
    found = _known(field).get(said)
    if field == "age" and found is None and re.fullmatch(r"\d{1,3}", said):
        return _band_of(int(said))
    return None if field == "channel" and found in NOT_FROM_FILES else found


def _band_of(years: int) -> str | None:
    """The band of somebody of that many years; the number itself is not kept (KC-3)."""
    for band, (first, last) in YEARS.items():
        if first <= years <= last:
            return str(band)
    return None if years > 120 else str(AgeBand.EIGHTEEN if years <= 25 else AgeBand.ADULT)


def day(text: str) -> date | None:
    """A day, with or without a time that is not kept. 4/3/2026 is the fourth of March."""
    said = " ".join(text.split())
    if len(said) > MOST_IN_A_DATE:
        return None
    for words in (said, said.partition("T")[0], said.partition(" ")[0] if ":" in said else said):
        for form in DAYS:
            try:
                return datetime.strptime(words, form).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
    return None


def moment(engagement: Engagement, on: date) -> datetime:
    """When on that day it reached us: at noon, or as near to it as it was open that day and is past."""
    found = timezone.make_aware(datetime.combine(on, NOON))
    bounds = [
        (engagement.opens_at, max),
        (engagement.closes_at and engagement.closes_at - timedelta(seconds=1), min),
        (timezone.now(), min),
    ]
    for bound, nearer in bounds:
        if bound is not None and timezone.localdate(bound) == on:
            found = nearer(found, bound)
    return found
