"""The staff side of decisions: what may not be taken away, choosing quotes, and the records behind them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from collaborative.outcomes.choosers import ideas, passages, topics
from collaborative.outcomes.models import Assessment, DecisionPage, EvidenceRecord, Seat

# What no bulk action may do to a decision that answered people.
REFUSED_IN_BULK = frozenset({"delete", "unpublish"})


class EvidenceViewSet(SnippetViewSet):
    model = EvidenceRecord
    icon = "doc-full"
    menu_label = _("Evidence")
    list_display = ["ref", "title", "kind", "month"]
    list_filter = ["kind"]
    ordering = ["ref"]


class AssessmentViewSet(SnippetViewSet):
    model = Assessment
    icon = "clipboard-list"
    menu_label = _("Assessments")
    list_display = ["title", "kinds", "date"]


class SeatViewSet(SnippetViewSet):
    model = Seat
    icon = "group"
    menu_label = _("Seats")
    list_display = ["kind", "holder", "body", "since"]


class PlanRecords(SnippetViewSetGroup):
    items = (EvidenceViewSet, AssessmentViewSet, SeatViewSet)
    menu_label = _("Evidence and seats")
    menu_icon = "folder-open-inverse"
    menu_order = 250


register_snippet(PlanRecords)


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ChooserViewSet]:
    return [passages, topics, ideas]


def answering(pages: Iterable[Page]) -> list[DecisionPage]:
    """The decisions at or below these pages that have answered people in public."""
    paths = [page.path for page in pages]
    answered = DecisionPage.objects.filter(dispositions__isnull=False).distinct().order_by("number")
    return [one for one in answered if any(one.path.startswith(path) for path in paths)]


def refuse(request: HttpRequest, pages: Iterable[Page], instead: str) -> HttpResponse | None:
    """Back to where the pages are listed, with the reason; or None when nothing stands in the way."""
    decisions = answering(pages)
    if not decisions:
        return None
    titles = ", ".join(f"“{decision.title}”" for decision in decisions)
    text = gettext("%(titles)s: people were answered here in public, so it stays. %(instead)s")
    messages.error(request, text % {"titles": titles, "instead": instead})
    return redirect("wagtailadmin_explore", decisions[0].get_parent().pk)


@hooks.register("before_delete_page")
def keep_when_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, [page], gettext("A new decision can replace it."))


@hooks.register("before_unpublish_page")
def keep_when_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, [page], gettext("A new decision can replace it."))


@hooks.register("before_copy_page")
def keep_when_copying(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(
        request, [page], gettext("Its promises and changes belong to it. Write a new decision afresh.")
    )


@hooks.register("before_bulk_action")
def keep_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    pages = [one for one in objects if isinstance(one, Page)]
    if action_type not in REFUSED_IN_BULK or not pages:
        return None
    return refuse(request, pages, gettext("A new decision can replace it."))
