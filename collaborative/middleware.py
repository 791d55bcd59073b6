"""Rules that hold for every request of the staff side."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from collaborative.csp import ADMIN_PREFIX
from collaborative.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def second_factor_used(request: HttpRequest) -> bool:
    """True when this very session was opened or confirmed with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class StaffMiddleware:
    """Nobody without a role works in the admin, and nobody on a password alone, except in a demonstration.

    Having an authenticator is not enough: this session must have used it. Without the first rule, Wagtail
    would send somebody who has no role to the login page, and that would send them back, for ever.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        outside = not request.path_info.startswith(ADMIN_PREFIX) or not request.user.is_authenticated
        if outside or request.path_info == reverse("wagtailadmin_logout"):
            return self.get_response(request)
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        if settings.DEMO or second_factor_used(request):
            return self.get_response(request)
        if is_mfa_enabled(request.user):
            step = "mfa_reauthenticate"
        else:
            step = "mfa_activate_totp"
            messages.info(request, _("Staff sign in with a password and a code. Set up your codes to go on."))
        onward = request.get_full_path() if request.method == "GET" else ADMIN_PREFIX
        return redirect(f"{reverse(step)}?{urlencode({'next': onward})}")


class RefusalMiddleware:
    """A refusal that no form caught becomes a message on the page that the person came from."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, Refused):
            return None
        for text in exception.messages:
            messages.error(request, text)
        back = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = ADMIN_PREFIX if request.path_info.startswith(ADMIN_PREFIX) else "/"
        return redirect(back)
