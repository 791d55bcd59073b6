"""Running threads, inside the Wagtail admin: open, word, close, calm, sum up, answer and pin."""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.contributions.actions import NotPossible
from collaborative.staff import actor, only, paged, screen
from collaborative.threads import actions, anchors, reading, states
from collaborative.threads.forms_admin import (
    AnswerForm,
    CalmForm,
    OpenForm,
    SummaryForm,
    WhereForm,
    WordsForm,
)
from collaborative.threads.models import Comment, Thread
from collaborative.threads.permissions import (
    user_may_answer,
    user_may_calm_threads,
    user_may_run_threads,
    user_may_see_threads,
)

PER_PAGE = 20


@only(user_may_see_threads)
@require_safe
def threads(request: HttpRequest) -> HttpResponse:
    rows = Thread.objects.whole().order_by("-created_at", "-pk")
    paging = paged(request, rows, PER_PAGE)
    return screen(
        request,
        "threads/staff/threads.html",
        title=_("Comments"),
        icon="comment",
        rows=[(row, states.condition(row)) for row in paging["page_obj"]],
        may_open=user_may_run_threads(request.user),
        **paging,
    )


@only(user_may_run_threads)
def new(request: HttpRequest) -> HttpResponse:
    """First where, then on what: the second form follows from the first, without a script."""
    where = WhereForm(request.GET if "page" in request.GET else None)
    form: forms.Form = where
    if where.is_bound and where.is_valid():
        page = where.cleaned_data["page"]
        form = OpenForm(request.POST if request.method == "POST" else None, page=page)
        if form.is_bound and form.is_valid():
            kind, key = form.chosen
            try:
                thread = actions.open_thread(
                    where.cleaned_data["engagement"],
                    page,
                    title=form.cleaned_data["title"],
                    intro=form.cleaned_data["intro"],
                    kind=kind,
                    key=key,
                    by=actor(request),
                )
            except NotPossible as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("People can comment there from now on."))
                return redirect("threads_manage", thread.pk)
    return screen(
        request,
        "threads/staff/new.html",
        title=_("Let people comment"),
        icon="comment",
        crumbs=[(reverse("threads_list"), _("Comments"))],
        form=form,
        second=isinstance(form, OpenForm),
        where=where.cleaned_data if where.is_bound and where.is_valid() else None,
    )


@only(user_may_see_threads)
@require_safe
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    return _manage(request, _found(pk))


def _found(pk: int) -> Thread:
    return get_object_or_404(Thread.objects.whole(), pk=pk)


def _manage(request: HttpRequest, thread: Thread, faulty: forms.Form | None = None) -> HttpResponse:
    rows = thread.comments.shown().select_related("parent").order_by("-created_at", "-pk")
    paging = paged(request, rows, PER_PAGE)
    for row in paging["page_obj"]:
        row.thread = thread
    unbound: list[forms.Form] = [
        WordsForm(initial={"title": thread.title, "intro": thread.intro}),
        CalmForm(initial={"slow": thread.slow_mode_seconds, "pause": 0}),
        SummaryForm(initial={"summary": thread.summary}),
    ]
    shown_forms = [faulty if type(faulty) is type(form) else form for form in unbound]
    words, calm, summary = shown_forms
    return screen(
        request,
        "threads/staff/thread.html",
        title=thread.title,
        icon="comment",
        crumbs=[(reverse("threads_list"), _("Comments"))],
        thread=thread,
        anchor=anchors.resolve(thread),
        condition=states.condition(thread),
        words=words,
        calm=calm,
        summary=summary,
        shown=reading.show(paging["page_obj"], whole=True),
        may_run=user_may_run_threads(request.user),
        may_calm=user_may_calm_threads(request.user),
        may_answer=user_may_answer(request.user),
        status=422 if faulty else 200,
        **paging,
    )


def _reword(thread: Thread, sent: dict[str, Any], request: HttpRequest) -> None:
    actions.reword(thread, title=sent["title"], intro=sent["intro"], by=actor(request))


def _calm(thread: Thread, sent: dict[str, Any], request: HttpRequest) -> None:
    actions.slow_down(thread, sent["slow"] or 0, by=actor(request))
    actions.pause(thread, sent["pause"] or 0, by=actor(request))


def _summarise(thread: Thread, sent: dict[str, Any], request: HttpRequest) -> None:
    actions.summarise(thread, sent["summary"], by=actor(request))


def _close(thread: Thread, sent: dict[str, Any], request: HttpRequest) -> None:
    actions.close(thread, by=actor(request))


def _reopen(thread: Thread, sent: dict[str, Any], request: HttpRequest) -> None:
    actions.reopen(thread, by=actor(request))


Verb = Callable[[Thread, dict[str, Any], HttpRequest], None]
VERBS: dict[str, tuple[type[forms.Form], Verb]] = {
    "words": (WordsForm, _reword),
    "calm": (CalmForm, _calm),
    "summary": (SummaryForm, _summarise),
    "close": (forms.Form, _close),
    "reopen": (forms.Form, _reopen),
}


@only(user_may_see_threads)
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing with the thread; what may not be done is refused by the action."""
    thread = _found(pk)
    if verb not in VERBS:
        raise PermissionDenied
    form_class, act = VERBS[verb]
    form = form_class(request.POST)
    if not form.is_valid():
        return _manage(request, thread, form)
    try:
        act(thread, form.cleaned_data, request)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done. Open pages show it now."))
    return redirect("threads_manage", pk)


@only(user_may_see_threads)
@require_POST
def pin(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    row = _comment(pk, comment)
    try:
        actions.pin(row, by=actor(request), on=request.POST.get("on") == "yes")
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("threads_manage", pk)


@only(user_may_answer)
@require_POST
def take_down(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    official = Comment.objects.filter(official=True).select_related("thread__engagement")
    row = get_object_or_404(official, thread=pk, pk=comment)
    actions.take_down(row, by=actor(request))
    messages.success(request, _("The official reply is taken down."))
    return redirect("threads_manage", pk)


@only(user_may_answer)
def answer(request: HttpRequest, pk: int, comment: int = 0) -> HttpResponse:
    """Speak for the organisers: under a comment, in the thread itself, or once more in other words."""
    thread = _found(pk)
    row = _comment(pk, comment) if comment else None
    changing = row is not None and row.official
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=_initial(row, changing))
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            if changing and row is not None:
                actions.change_answer(row, sent["text"], by=actor(request))
            else:
                actions.answer(thread, sent["text"], by=actor(request), key=sent["key"], under=row)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your reply is on the page."))
            return redirect("threads_manage", pk)
    return screen(
        request,
        "threads/staff/answer.html",
        title=_("Change an official reply") if changing else _("Reply for the partnership"),
        icon="comment",
        crumbs=[
            (reverse("threads_list"), _("Comments")),
            (reverse("threads_manage", args=[pk]), thread.title),
        ],
        thread=thread,
        form=form,
        under=next(iter(reading.show([row], whole=True)), None) if row and not changing else None,
    )


def _initial(row: Comment | None, changing: bool) -> dict[str, str]:
    initial = {"key": secrets.token_urlsafe(24)}
    if changing and row is not None:
        initial["text"] = row.official_wordings.order_by("-number")[0].text
    return initial


def _comment(thread: int, pk: int) -> Comment:
    rows = Comment.objects.shown().select_related("thread__engagement", "contribution", "parent")
    return get_object_or_404(rows, thread=thread, pk=pk)
