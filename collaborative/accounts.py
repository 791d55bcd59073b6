"""How people sign in: allauth, with accounts made by administrators only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from collaborative import limits


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed, staff land in the admin, and no address of a visitor is kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """A pseudonym that changes every day: allauth's own limits need to tell visitors apart, no more."""
        return limits.pseudonym(request, "account")
