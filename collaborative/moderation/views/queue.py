"""The checking queue of moderators, inside the Wagtail admin (MOD-1 to MOD-3)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions, redaction, target
from collaborative.moderation.forms import HandOverForm, QueueFilter, TogetherForm
from collaborative.moderation.models import UNDO, Appeal, Batch, Claim, Desk, Flag, HandOver
from collaborative.moderation.permissions import somebody_else_may_check, user_may_check
from collaborative.people.models import HANDLED_AS_UNDER_16, User
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


def shown(row: Contribution, now: datetime, claim: Claim | None, user: Any) -> dict[str, Any]:
    """What a moderator sees of one thing: of the person only whether to handle it as under 16 (KC-12).

    Expects `flags` to be loaded.
    """
    by = target.due(row.created_at)
    return {
        "row": row,
        "young": row.age_band in HANDLED_AS_UNDER_16,
        "pieces": redaction.pieces(row.newest_text or ""),  # type: ignore[attr-defined]
        "flags": [Flag(one.flag).label for one in row.flags.all()],  # type: ignore[attr-defined]
        "due": by,
        "late": by <= now,
        "claim": claim,
        "mine": claim is not None and claim.by_id == user.pk,
    }


def desk_of(user: Any) -> Desk:
    """How this moderator likes to work; of whoever never said, as it comes."""
    return Desk.objects.filter(user=user).first() or Desk(user=user)


@only(user_may_check)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Waiting to be checked: what presses most first, then the oldest (MOD-3)."""
    now = timezone.now()
    wanted = QueueFilter(request.GET)
    rows = wanted.rows()
    context = paged(request, rows.with_newest_text().prefetch_related("flags"), PER_PAGE)  # type: ignore[attr-defined]
    here = list(context["page_obj"])
    claims = {one.pk: one for one in Claim.objects.standing(now).filter(pk__in=here).select_related("by")}
    context |= {
        "things": [shown(row, now, claims.get(row.pk), request.user) for row in here],
        "late": rows.filter(created_at__lte=target.late_before(now)).count(),
        "filter": wanted,
        "query": wanted.query(),
        "together": TogetherForm(),
        "note": HandOver.objects.select_related("by").first(),
        "hand_over": HandOverForm(),
        "second_looks": Appeal.objects.open().count(),
        "batch": _to_undo(actor(request), now),
        "desk": desk_of(request.user),
    }
    return screen(
        request, "moderation/queue.html", title=_("Waiting to be checked"), icon="clipboard-list", **context
    )


def _to_undo(user: User, now: datetime) -> Batch | None:
    """What this moderator pressed last, while it can still be put back."""
    newest = Batch.objects.filter(by=user, at__gt=now - UNDO).order_by("-pk").first()
    return newest if newest is not None and newest.undone_at is None else None


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the press was made on, where that is one of ours."""
    onward = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and onward.startswith("/admin/")
    return redirect(onward if ours else "moderation_queue")


@only(user_may_check)
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Release or refuse all that were ticked."""
    form = TogetherForm(request.POST)
    problem = form.problem()
    if problem:
        messages.error(request, problem)
        return back(request)
    outcome = form.cleaned_data["outcome"]
    rule = form.cleaned_data["rule"] if outcome == "refuse" else None
    withhold = form.cleaned_data["reason"] if outcome == "withhold" else ""
    try:
        looked = request.POST.get("looked", "")
        found = actions.decide_together(
            request.POST.getlist("ref"), rule=rule, by=actor(request), looked=looked, withhold=withhold
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return back(request)
    if found.done:
        messages.success(request, _said(outcome, len(found.done)))
    _say_left(request, found.left)
    return back(request)


def _said(outcome: str, n: int) -> str:
    if outcome == "refuse":
        text = ngettext("%(n)s thing is refused.", "%(n)s things are refused.", n)
    elif outcome == "withhold":
        text = ngettext("%(n)s thing is kept off the page.", "%(n)s things are kept off the page.", n)
    else:
        text = ngettext("%(n)s thing is released.", "%(n)s things are released.", n)
    return text % {"n": n}


def _say_left(request: HttpRequest, left: list[Contribution]) -> None:
    if left:
        text = _("Left as they are, because somebody else has them or something happened since: %(which)s")
        messages.warning(request, text % {"which": ", ".join(row.reference for row in left)})


@only(user_may_check)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was pressed last."""
    number = request.POST.get("batch", "")
    known = number.isdecimal() and len(number) < 18
    batch = Batch.objects.filter(pk=int(number), by=actor(request)).first() if known else None
    if batch is None:
        messages.error(request, _("There is nothing to put back."))
        return back(request)
    try:
        found = actions.undo(batch, by=actor(request))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return back(request)
    if found.done:
        text = ngettext("%(n)s thing waits again.", "%(n)s things wait again.", len(found.done))
        messages.success(request, text % {"n": len(found.done)})
    _say_left(request, found.left)
    return back(request)


@only(user_may_check)
@require_POST
def desk(request: HttpRequest) -> HttpResponse:
    """Cover the words or not; take single letters as commands or not."""
    switches = {
        name: request.POST[name] == "on"
        for name in ("veiled", "keys")
        if request.POST.get(name) in ("on", "off")
    }
    actions.work_as(actor(request), **switches)
    return back(request)


@only(user_may_check)
def notes(request: HttpRequest) -> HttpResponse:
    """The notes that moderators left each other, the newest first; and a new one."""
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(form.cleaned_data["text"], by=actor(request))
        except NotPossible as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Your note is kept."))
            return redirect("moderation_queue")
    return screen(
        request,
        "moderation/notes.html",
        title=_("Notes"),
        icon="edit",
        crumbs=[(reverse("moderation_queue"), _("Waiting to be checked"))],
        form=form,
        **paged(request, HandOver.objects.select_related("by"), PER_PAGE),
    )


@only(user_may_check)
@require_safe
def second_looks(request: HttpRequest) -> HttpResponse:
    """What authors asked to have looked at again, the oldest first (KC-6). No words stand here."""
    rows = Appeal.objects.open().select_related("contribution__engagement", "against__rule")
    return screen(
        request,
        "moderation/second_looks.html",
        title=_("Second looks"),
        icon="view",
        crumbs=[(reverse("moderation_queue"), _("Waiting to be checked"))],
        alone=not somebody_else_may_check(actor(request)),
        **paged(request, rows, PER_PAGE),
    )
