"""Django's own check against forged requests, for views that answer a failure themselves."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


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


def pressed(request: HttpRequest) -> bool:
    """Whether a button on a page of ours was pressed. Where that page was open too long, the next says so."""
    if request.method != "POST":
        return False
    if forged(request):
        text = _("Nothing was done: this page was open too long or your browser keeps no cookies. Try again.")
        messages.info(request, text)
        return False
    return True


def checks_itself(view: View) -> View:
    """For pages on which somebody types: never cached, and the view asks `forged()` before it writes.

    The middleware would answer a form that was open too long with a page of its own, and what was typed
    would be gone.
    """
    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))
