"""The screens in the admin on which whoever ran a workshop writes it up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collaborative.analysis.permissions import user_may_export
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.permissions import RUN_ANY
from collaborative.changemakers.writeup import actions, correcting, drafting, reading
from collaborative.changemakers.writeup.forms import AnswerForm, PublishForm, ShareForm, WriteUpForm
from collaborative.changemakers.writeup.models import Correction, WriteUp, WriteUpVersion
from collaborative.changemakers.writeup.permissions import user_may_write_up
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from collaborative.people.roles import has_role
from collaborative.staff import actor, only, paged, screen

ICON = "doc-full"
PER_PAGE = 20


def runs_any(user: Any) -> bool:
    """Of the role, or named on the page of a workshop. One query for who is not of the role."""
    if has_role(user, *RUN_ANY):
        return True
    return isinstance(user, User) and user.is_active and SessionPage.objects.filter(facilitator=user).exists()


@only(runs_any)
@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    """Workshops that are over and this person runs, the latest first, with how each write-up stands."""
    user, now = actor(request), timezone.now()
    over = Q(engagement__closes_at__lte=now) | Q(engagement__room__ended_at__lte=now)
    rows = SessionPage.objects.filter(over).select_related("engagement__write_up").defer_streamfields()
    if not has_role(user, *RUN_ANY):
        rows = rows.filter(facilitator=user)
    versions = WriteUpVersion.objects.filter(write_up__engagement=OuterRef("engagement"))
    shown = paged(
        request,
        rows.annotate(is_published=Exists(versions)).order_by("-engagement__opens_at", "-pk"),
        PER_PAGE,
    )
    here = [page.engagement.pk for page in shown["page_obj"]]
    waiting = dict(
        Correction.objects.waiting()
        .filter(write_up__engagement__in=here)
        .order_by()
        .values_list("write_up__engagement")
        .annotate(n=Count("pk"))
    )
    for page in shown["page_obj"]:
        page.when = when_of(page.engagement)
        page.write_up = getattr(page.engagement, "write_up", None)
        page.waiting = waiting.get(page.engagement.pk, 0)
    return screen(
        request, "changemakers/writeup/staff_list.html", title=_("Write-ups"), icon=ICON, now=now, **shown
    )


def _write_up(request: HttpRequest, pk: int) -> WriteUp:
    """Of that engagement, begun when there is none. Raises Http404, PermissionDenied, Refused."""
    rows = Engagement.objects.filter(kind=Engagement.Kind.SESSION).select_related("page")
    engagement = get_object_or_404(rows, pk=pk)
    if not user_may_write_up(actor(request), engagement):
        raise PermissionDenied
    found = reading.of(engagement)
    if found is None:
        found = actions.begin(engagement, by=actor(request))
        found.engagement = engagement
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit it; show it to those who took part; answer them; publish it."""
    try:
        write_up = _write_up(request, pk)
    except Refused as refused:
        messages.error(request, refused.messages[0])
        return redirect("write_ups")
    page = actions.page_of(write_up.engagement)
    whole = WriteUp(engagement=write_up.engagement, attendance=write_up.attendance)
    content = drafting.arrange(whole, page)  # with what was left out, so that it can be put back
    do = request.POST.get("do", "")
    posted = request.POST if request.method == "POST" else None
    form = WriteUpForm(posted if do == "save" else None, write_up=write_up, content=content)
    share = ShareForm(posted if do == "share" else None)
    publish = PublishForm(posted if do == "publish" else None)
    if posted is not None:
        bound, act = {
            "share": (share, _share),
            "publish": (publish, _publish),
        }.get(do, (form, _save))
        if bound.is_valid():
            try:
                act(request, write_up, bound)
            except Refused as refused:
                for message in refused.messages:
                    bound.add_error(None, message)
            else:
                return redirect("write_up_of", pk)
    return _screen(request, write_up, page, content, form, share, publish)


def _save(request: HttpRequest, write_up: WriteUp, form: Any) -> None:
    actions.edit(write_up, form.written(), by=actor(request))
    messages.success(request, _("Saved."))


def _share(request: HttpRequest, write_up: WriteUp, form: Any) -> None:
    actions.share(write_up, form.cleaned_data["days"], by=actor(request))
    messages.success(request, _("Those who took part can read it now. Who registered gets a letter."))


def _publish(request: HttpRequest, write_up: WriteUp, form: Any) -> None:
    actions.publish(write_up, by=actor(request), changes=form.cleaned_data["changes"])
    messages.success(request, _("Published: it stands on the page of the workshop."))


def _screen(
    request: HttpRequest,
    write_up: WriteUp,
    page: SessionPage,
    content: drafting.Content,
    form: WriteUpForm,
    share: ShareForm,
    publish: PublishForm,
) -> HttpResponse:
    told = reading.shown(content)
    parts = [(part, form.words_field(part["key"])) for part in told["parts"]]
    bad = any(one.is_bound and one.errors for one in (form, share, publish))
    return screen(
        request,
        "changemakers/writeup/staff_one.html",
        title=_("Write-up: %(title)s") % {"title": write_up.engagement.title},
        icon=ICON,
        crumbs=[(reverse("write_ups"), _("Write-ups"))],
        status=422 if bad else 200,
        write_up=write_up,
        engagement=write_up.engagement,
        now=timezone.now(),
        told=told,
        parts=parts,
        form=form,
        share=share,
        publish=publish,
        missing=actions.missing(write_up, page),
        may_take=user_may_export(request.user, write_up.engagement),
        versions=write_up.versions.select_related("published_by").defer("content"),
        corrections=list(
            write_up.corrections.readable()
            .annotate_words()
            .select_related("answered_by")
            .order_by("answered_at", "pk")
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    """One correction: what it says, and the answer."""
    write_up = _write_up(request, pk)
    row = get_object_or_404(write_up.corrections.readable().annotate_words(), pk=correction)
    first = {"answer": row.answer, "reason": row.reason} if row.answer else None
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            correcting.answer(
                row, given["answer"] == Correction.Answer.TAKEN_IN, given["reason"], by=actor(request)
            )
        except Refused as refused:
            form.add_error(None, refused.messages[0])
        else:
            messages.success(request, _("Answered. They read it where they wrote to you."))
            return redirect("write_up_of", pk)
    above = [(reverse("write_ups"), _("Write-ups"))]
    above.append((reverse("write_up_of", args=[pk]), write_up.engagement.title))
    return screen(
        request,
        "changemakers/writeup/staff_answer.html",
        title=_("Answer what somebody put right"),
        icon=ICON,
        crumbs=above,
        status=422 if form.errors else 200,
        row=row,
        form=form,
        engagement=write_up.engagement,
    )
