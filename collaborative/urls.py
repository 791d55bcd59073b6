"""The addresses. Each room names its own in full; pages of the tree come last."""

from allauth.account.views import login
from allauth.mfa.base.views import authenticate
from django.conf import settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from collaborative.health import healthz
from collaborative.limits import limited

handler404 = "collaborative.errors.not_found"
handler500 = "collaborative.errors.failed"

to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)
login_limit = limited("login", capacity=20, refill_per_minute=10)

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/mark.svg")),
    path("healthz", healthz, name="healthz"),
    path("admin/login/", to_login),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/login/", login_limit(login), name="account_login"),
    path("accounts/2fa/authenticate/", login_limit(authenticate), name="mfa_authenticate"),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(wagtaildocs_urls)),
    # Renditions only: documents go through their own view, which asks who may see them.
    path("media/images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "images"}),
    # A form on another site could at worst change the language, and without the token, pages that
    # carry this form set no cookie and stay in the page cache.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
    path("", include("collaborative.live.urls")),
    path("", include("collaborative.threads.urls")),
    path("", include("collaborative.consultations.urls")),
    path("", include("collaborative.outcomes.urls")),
    path("", include("collaborative.changemakers.urls")),
    path("", include("collaborative.flow.urls")),
    path("", include("collaborative.moderation.urls")),
    path("", include("home.urls")),
    path("", include(wagtail_urls)),
]
