"""The staff side of the plan: what may not be done to its page, said before it is tried."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from collaborative.outcomes.models import ModelPage, ModelVersion


def holds_the_plan(pages: Iterable[Page]) -> bool:
    """True when a published plan is one of these pages or stands below one of them."""
    if not ModelVersion.objects.exists():
        return False
    return any(ModelPage.objects.descendant_of(page, inclusive=True).exists() for page in pages)


def _refuse(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("The plan cannot be deleted: its versions keep their addresses for ever."))
    return redirect("wagtailadmin_explore_root")


@hooks.register("before_delete_page")
def keep_the_plan(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse(request) if holds_the_plan([page]) else None


@hooks.register("before_bulk_action")
def keep_the_plan_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    pages = [thing for thing in objects if isinstance(thing, Page)]
    return _refuse(request) if action_type == "delete" and holds_the_plan(pages) else None
