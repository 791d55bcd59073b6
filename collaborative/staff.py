"""What every screen of our own in the Wagtail admin shares: its head, its crumbs, its pages, its door."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import user_passes_test
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator

from collaborative.people.models import User

View = Callable[..., HttpResponseBase]
Crumb = tuple[str, str]


def only(predicate: Callable[[Any], bool]) -> Callable[[View], View]:
    """Let in those for whom the predicate (user -> bool) holds; others land on the first page, told why."""
    return user_passes_test(predicate)


def actor(request: HttpRequest) -> User:
    """Who asks. For views behind `only`, where nobody is anonymous."""
    return cast(User, request.user)


def screen(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    icon: str,
    crumbs: Iterable[Crumb] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render one of our admin screens. `crumbs`: (address, label) of what stands above it, Home aside.

    Staff screens show what is not public: no browser or proxy keeps a copy.
    """
    above = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    above += [{"url": url, "label": label} for url, label in crumbs]
    context |= {
        "page_title": title,
        "header_title": title,
        "header_icon": icon,
        "breadcrumbs_items": [*above, {"url": "", "label": title}],
    }
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def paged(request: HttpRequest, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """One page of rows, in the names that Wagtail's pagination template reads."""
    paginator = WagtailPaginator(rows, size)
    page: Page[Any] = paginator.get_page(request.GET.get("p"))
    return {"page_obj": page, "elided_page_range": paginator.get_elided_page_range(page.number)}


class RoleMenuItem(MenuItem):
    """A line of the sidebar that stands there only for those who may open what it leads to."""

    def __init__(self, *args: Any, shown_to: Callable[[Any], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        return self.shown_to(request.user)
