"""Cases of concern, for those named for them (SAF-2)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.contributions.models import LedgerEvent
from collaborative.middleware import second_factor_used
from collaborative.moderation import actions
from collaborative.moderation.forms import CloseForm, NoteForm, ReopenForm
from collaborative.moderation.models import SafeguardingCase
from collaborative.moderation.models.cases import SafeguardingCaseQuerySet
from collaborative.moderation.permissions import user_may_open_cases
from collaborative.people.models import HANDLED_AS_UNDER_16
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20
LOOKS_SHOWN = 50

View = Callable[..., HttpResponseBase]


def with_second_factor(view: View) -> View:
    """A case opens only in a session that gave a code. The admin asks for one; this holds on its own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO and not second_factor_used(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _cases(request: HttpRequest) -> SafeguardingCaseQuerySet:
    """Those that this person is named for; others are not there for them."""
    return SafeguardingCase.objects.for_user(actor(request)).select_related(
        "engagement__safeguarding_lead",
        "engagement__safeguarding_deputy",
        "contribution__receipt__join_code",
        "report",
        "closed_by",
    )


@only(user_may_open_cases)
@with_second_factor
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case that this person is named for, open ones first. Not a word of any stands here."""
    return screen(
        request,
        "moderation/cases.html",
        title=_("Safeguarding"),
        icon="warning",
        **paged(request, _cases(request).open_first(), PER_PAGE),
    )


@only(user_may_open_cases)
@with_second_factor
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case. Looking at it is recorded before a word is read."""
    row = _cases(request).filter(pk=pk).first()
    if row is None:
        raise Http404
    forms: dict[str, Any] = {"note": NoteForm(), "close": CloseForm(), "reopen": ReopenForm()}
    if request.method == "POST":
        doing = request.POST.get("do", "")
        if doing == "take-down":
            actions.take_out_of_sight(row, by=actor(request))
            messages.success(request, _("It is out of sight."))
            return redirect("safeguarding_case", pk=pk)
        form = forms[doing] = FORMS.get(doing, NoteForm)(request.POST)
        if form.is_valid():
            WORK.get(doing, _keep_note)(request, row, form.cleaned_data)
            return redirect("safeguarding_case", pk=pk)
    return screen(
        request,
        "moderation/case.html",
        title=_("Case %(number)s") % {"number": row.pk},
        icon="warning",
        crumbs=[(reverse("safeguarding"), _("Safeguarding"))],
        **_what_it_is_about(request, row),
        **_what_happened(row),
        **forms,
    )


def _what_it_is_about(request: HttpRequest, row: SafeguardingCase) -> dict[str, Any]:
    words = actions.view_case(row, by=actor(request))
    given, told = row.contribution, row.report
    about = told.contribution if told and given is None else None
    return {
        "case": row,
        "given": given,
        "young": given is not None and given.age_band in HANDLED_AS_UNDER_16,
        "wordings": words,
        "told": told,
        "told_about": about,
        "told_words": about.wordings.order_by("-number").first() if about else None,
    }


def _what_happened(row: SafeguardingCase) -> dict[str, Any]:
    looks = LedgerEvent.objects.filter(subject=row.subject, verb="case.viewed").select_related("actor")
    return {
        "notes": row.notes.select_related("by").order_by("pk"),
        "looks": looks.order_by("-pk")[:LOOKS_SHOWN],
        "looks_n": looks.count(),
        "looks_shown": LOOKS_SHOWN,
    }


def _keep_note(request: HttpRequest, row: SafeguardingCase, words: dict[str, Any]) -> None:
    actions.note_on_case(row, words["note"], kind=words["kind"], by=actor(request))
    messages.success(request, _("Your note is kept."))


def _close(request: HttpRequest, row: SafeguardingCase, words: dict[str, Any]) -> None:
    actions.close_case(row, words["outcome"], by=actor(request), back_to_queue=words["back_to_queue"])
    messages.success(request, _("The case is closed."))


def _reopen(request: HttpRequest, row: SafeguardingCase, words: dict[str, Any]) -> None:
    actions.reopen_case(row, words["why"], by=actor(request))
    messages.success(request, _("The case is open again."))


FORMS: dict[str, Any] = {"note": NoteForm, "close": CloseForm, "reopen": ReopenForm}
WORK = {"note": _keep_note, "close": _close, "reopen": _reopen}
