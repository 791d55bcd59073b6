"""What those who run threads find in the Wagtail admin; and pages that people talk about are not deleted."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from collaborative.staff import RoleMenuItem
from collaborative.threads.models import Thread
from collaborative.threads.permissions import user_may_see_threads
from collaborative.threads.views import staff


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("comments/", staff.threads, name="threads_list"),
        path("comments/new/", staff.new, name="threads_new"),
        path("comments/<int:pk>/", staff.manage, name="threads_manage"),
        path("comments/<int:pk>/do/<slug:verb>/", staff.do, name="threads_do"),
        path("comments/<int:pk>/answer/", staff.answer, name="threads_answer"),
        path("comments/<int:pk>/answer/<int:comment>/", staff.answer, name="threads_answer_to"),
        path("comments/<int:pk>/pin/<int:comment>/", staff.pin, name="threads_pin"),
        path("comments/<int:pk>/take-down/<int:comment>/", staff.take_down, name="threads_take_down"),
    ]


@hooks.register("register_admin_menu_item")
def threads_item() -> RoleMenuItem:
    return RoleMenuItem(
        gettext_lazy("Comments"),
        reverse("threads_list"),
        name="threads",
        icon_name="comment",
        order=140,
        shown_to=user_may_see_threads,
    )


def talked_about(pages: Iterable[Page]) -> Thread | None:
    """The first thread on these pages and what stands below them. One query."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return Thread.objects.filter(below).select_related("page").first()


def _refuse(request: HttpRequest, found: Thread, back_to: int) -> HttpResponse:
    text = _("People comment on “%(title)s”. What they said hangs on it. Unpublish it instead.")
    messages.error(request, text % {"title": found.page.title})
    return redirect("wagtailadmin_explore", back_to)


@hooks.register("before_delete_page")
def keep_talked_about(request: HttpRequest, page: Page) -> HttpResponse | None:
    found = talked_about([page])
    return _refuse(request, found, page.get_parent().pk) if found else None


@hooks.register("before_bulk_action")
def keep_talked_about_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    pages = [one for one in objects if isinstance(one, Page)]
    if action_type != "delete" or not pages:
        return None
    found = talked_about(pages)
    return _refuse(request, found, found.page.get_parent().pk) if found else None
