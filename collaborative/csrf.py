"""Django's own check against forged requests, for views that answer a failure themselves."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def forged(request: HttpRequest) -> bool:
    """Whether the check fails.

    For views that are exempt from the middleware, because its error page would throw away what somebody
    typed, or because only some of what they do needs the check.
    """
    check = _Check(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda: HttpResponse(), (), {}) is not None
