"""Cases of concern, for the safeguarding role alone (SAF-2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.moderation import actions
from collaborative.moderation.forms import CloseForm, NoteForm
from collaborative.moderation.models import SafeguardingCase
from collaborative.moderation.permissions import (
    user_may_open_cases,
)
from collaborative.people.models import HANDLED_AS_UNDER_16
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


@only(user_may_open_cases)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case, open ones first. Not a word of what was written stands in the list."""
    rows = SafeguardingCase.objects.open_first().select_related(
        "contribution__engagement__safeguarding_lead", "contribution__engagement__safeguarding_deputy"
    )
    return screen(
        request,
        "moderation/cases.html",
        title=_("Safeguarding"),
        icon="warning",
        **paged(request, rows, PER_PAGE),
    )


@only(user_may_open_cases)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case. Looking at it is recorded before a word is read."""
    row = get_object_or_404(
        SafeguardingCase.objects.select_related(
            "contribution__engagement__safeguarding_lead",
            "contribution__engagement__safeguarding_deputy",
            "closed_by",
        ),
        pk=pk,
    )
    forms: dict[str, Any] = {"note": NoteForm(), "close": CloseForm()}
    if request.method == "POST":
        doing = "close" if request.POST.get("do") == "close" else "note"
        form = forms[doing] = CloseForm(request.POST) if doing == "close" else NoteForm(request.POST)
        if form.is_valid():
            _work_on(request, row, doing, form.cleaned_data)
            return redirect("safeguarding_case", pk=pk)
    return screen(
        request,
        "moderation/case.html",
        title=_("Case %(number)s") % {"number": row.pk},
        icon="warning",
        crumbs=[(reverse("safeguarding"), _("Safeguarding"))],
        case=row,
        given=row.contribution,
        young=row.contribution.age_band in HANDLED_AS_UNDER_16,
        words=actions.view_case(row, by=actor(request)),
        **forms,
    )


def _work_on(request: HttpRequest, row: SafeguardingCase, doing: str, words: dict[str, Any]) -> None:
    if doing == "close":
        actions.close_case(row, words["outcome"], by=actor(request), back_to_queue=words["back_to_queue"])
        messages.success(request, _("The case is closed."))
    else:
        actions.note_on_case(row, words["note"], by=actor(request))
        messages.success(request, _("Your note is kept."))
