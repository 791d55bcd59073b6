"""What every template may use: who runs the site, what it is called, and whether it is a demonstration."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

WORDS = ("partnership", "operator", "not_heard_enough")


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `operator`, `not_heard_enough`, `base_url` and `demo` (true on a demonstration site).

    The words are those of the settings in the admin, else of the environment. They are read when a
    template first asks for one: a page that shows them costs one query, whatever else it shows.
    """

    def words() -> dict[str, str]:
        # One page renders many templates, and each asks anew for its context.
        if not hasattr(request, "site_words"):
            rows = apps.get_model("home", "SiteSettings").objects.filter(site__is_default_site=True)
            request.site_words = rows.values(*WORDS).first() or {}  # type: ignore[attr-defined]
        return request.site_words  # type: ignore[attr-defined]

    return {
        "site_name": SimpleLazyObject(lambda: words().get("partnership") or settings.SITE_NAME),
        "operator": SimpleLazyObject(lambda: words().get("operator") or settings.OPERATOR),
        "not_heard_enough": SimpleLazyObject(lambda: words().get("not_heard_enough", "")),
        "base_url": settings.BASE_URL,
        "demo": settings.DEMO,
    }
