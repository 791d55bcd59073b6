"""The staff side: a page that has been published to the public is not deleted."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from collaborative.engagements.models import Engagement


def kept(pages: Iterable[Page]) -> Engagement | None:
    """The first engagement among these pages and what stands below them, or None. One query."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return Engagement.objects.filter(below).first()


def _refuse(request: HttpRequest, found: Engagement, back_to: int) -> HttpResponse:
    text = _("“%(title)s” has been published, and what people said hangs on it. Unpublish it instead.")
    messages.error(request, text % {"title": found.title})
    return redirect("wagtailadmin_explore", back_to)


@hooks.register("before_delete_page")
def keep_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    found = kept([page])
    return _refuse(request, found, page.get_parent().pk) if found else None


@hooks.register("before_bulk_action")
def keep_published_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    pages = [one for one in objects if isinstance(one, Page)]
    if action_type != "delete" or not pages:
        return None
    found = kept(pages)
    return _refuse(request, found, found.page.get_parent().pk) if found else None
