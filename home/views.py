"""Search, and what robots read."""

from urllib.parse import urlencode

from django.contrib.sitemaps.views import sitemap as render_sitemap
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home import search
from home.models import NewsPage
from home.sitemaps import sitemaps

RESULTS_PER_PAGE = 10
NEWS_PER_PAGE = 20
# Pages for one person at a time, or without words of their own.
NOT_FOR_ROBOTS = ("/admin/", "/accounts/", "/receipt/", "/join/", "/search/", "/i18n/", "/*/respond/")


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """?q= what to look for, ?page= which ten of the results."""
    query = search.clean(request.GET.get("q", ""))
    hits = search.find(query, request) if query else []
    context = {
        "query": query,
        "total": len(hits),
        "page_of": Paginator(hits, RESULTS_PER_PAGE).get_page(request.GET.get("page")),
        "parameters": f"{urlencode({'q': query})}&",
        "crumbs": [("", _("Search"))],
    }
    return render(request, "home/search.html", context)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """Everything new, newest first, twenty to a page."""
    page = Paginator(NewsPage.newest(), NEWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "home/news.html", {"section": "about", "crumbs": [("", _("News"))], "page_of": page}
    )


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return render_sitemap(request, sitemaps(request), template_name="home/sitemap.xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
