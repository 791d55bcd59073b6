"""What every template may use: who runs the site, what it is called, and whether it is a demonstration."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

WORDS = ("partnership", "operator", "not_heard_enough")
KEPT_AS = "site-words"
KEPT_SECONDS = 60


def read() -> dict[str, str]:
    """The words that administrators set (one query); empty without any, or when the database is away."""
    rows = apps.get_model("home", "SiteSettings").objects.filter(site__is_default_site=True)
    try:
        return rows.values(*WORDS).first() or {}
    except DatabaseError:
        return {}


def words() -> dict[str, str]:
    """The same, kept for a minute."""
    return cache.get_or_set(KEPT_AS, read, KEPT_SECONDS) or {}


def forget() -> None:
    """The words have changed: ask anew, now and once the change is committed."""
    cache.delete(KEPT_AS)
    transaction.on_commit(lambda: cache.delete(KEPT_AS))


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `operator`, `not_heard_enough`, `base_url` and `demo` (true on a demonstration site).

    The words are those of the settings in the admin, else of the environment. They are read when a
    template first asks for one, and kept for a minute: error pages must stay cheap.
    """

    def word(name: str, otherwise: str) -> SimpleLazyObject:
        return SimpleLazyObject(lambda: words().get(name) or otherwise)

    return {
        "site_name": word("partnership", settings.SITE_NAME),
        "operator": word("operator", settings.OPERATOR),
        "not_heard_enough": word("not_heard_enough", ""),
        "base_url": settings.BASE_URL,
        "demo": settings.DEMO,
    }
