"""What every template may use: who runs the site, what it is called, and whether it is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `operator`, `base_url` and `demo` (true on a demonstration site)."""
    return {
        "site_name": settings.SITE_NAME,
        "operator": settings.OPERATOR,
        "base_url": settings.BASE_URL,
        "demo": settings.DEMO,
    }
