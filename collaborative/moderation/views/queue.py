"""The checking queue of moderators, inside the Wagtail admin (MOD-1 to MOD-3)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions, redaction
from collaborative.moderation.forms import QueueFilter, RedactForm, RefuseForm
from collaborative.moderation.permissions import (
    user_may_check,
    user_may_decide,
)
from collaborative.people.models import HANDLED_AS_UNDER_16
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


def shown(row: Contribution) -> dict[str, Any]:
    """What a moderator sees of one thing: of the person only whether to handle it as under 16 (KC-12)."""
    return {
        "row": row,
        "young": row.age_band in HANDLED_AS_UNDER_16,
        "pieces": redaction.pieces(row.newest_text or ""),  # type: ignore[attr-defined]
    }


@only(user_may_check)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Waiting to be checked: oldest first (MOD-3)."""
    wanted = QueueFilter(request.GET)
    context = paged(request, wanted.rows().with_newest_text(), PER_PAGE)  # type: ignore[attr-defined]
    context |= {
        "things": [shown(row) for row in context["page_obj"]],
        "filter": wanted,
        "query": wanted.query(),
    }
    return screen(
        request, "moderation/queue.html", title=_("Waiting to be checked"), icon="clipboard-list", **context
    )


def _next(rows: QuerySet[Contribution], row: Contribution) -> Contribution | None:
    """What waits after this one; after the newest, the oldest again."""
    later = Q(created_at__gt=row.created_at) | Q(created_at=row.created_at, pk__gt=row.pk)
    others = rows.exclude(pk=row.pk)
    return others.filter(later).first() or others.first()


def _go_on(request: HttpRequest, row: Contribution) -> HttpResponse:
    wanted = QueueFilter(request.GET)
    onward = _next(wanted.rows(), row)
    if onward is None:
        return redirect(reverse("moderation_queue") + wanted.query())
    return redirect(reverse("moderation_check", args=[onward.reference]) + wanted.query())


@only(user_may_check)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """One thing, and the four things that can be done with it (MOD-2)."""
    rows = Contribution.objects.select_related("engagement").with_newest_text()
    row = get_object_or_404(rows, reference=reference)
    worried = request.method == "POST" and request.POST.get("outcome") == "escalate"
    # Before anything is rendered, whatever was sent: words that left moderation are never shown again.
    if not user_may_decide(request.user, row) and not worried:
        messages.warning(request, _("This is not waiting any more."))
        return _go_on(request, row)
    return _act(request, row) if request.method == "POST" else _item(request, row)


def _item(
    request: HttpRequest,
    row: Contribution,
    redact: RedactForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    wanted = QueueFilter(request.GET)
    onward = _next(wanted.rows(), row)
    return screen(
        request,
        "moderation/check.html",
        title=_("Check %(reference)s") % {"reference": row.reference},
        icon="clipboard-list",
        crumbs=[(reverse("moderation_queue") + wanted.query(), _("Waiting to be checked"))],
        **shown(row),
        redact=redact or RedactForm(initial={"text": row.newest_text}),  # type: ignore[attr-defined]
        refuse=refuse or RefuseForm(),
        removed=redaction.REMOVED,
        onward=reverse("moderation_check", args=[onward.reference]) + wanted.query() if onward else "",
    )


def _act(request: HttpRequest, row: Contribution) -> HttpResponse:
    """Do what was pressed, then go on to what waits next."""
    verb = VERBS.get(request.POST.get("outcome", ""))
    if verb is None:
        return _item(request, row)
    try:
        problem = verb(request, row)
    except NotPossible as refusal:
        messages.error(request, f"{row.reference}: {refusal}")
        problem = None
    return problem or _go_on(request, row)


def _seen(request: HttpRequest, row: Contribution) -> str:
    return request.POST.get("seen") or row.state


def _release(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.release(row, by=actor(request), seen=_seen(request, row))
    messages.success(request, _("%(reference)s is released.") % {"reference": row.reference})
    return None


def _redact(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    form = RedactForm(request.POST)
    if not form.is_valid():
        return _item(request, row, redact=form)
    text, reason = form.cleaned_data["text"], form.cleaned_data["reason"]
    try:
        actions.release_redacted(row, text, reason, by=actor(request), seen=_seen(request, row))
    except NotPossible as refusal:
        if _seen(request, row) != row.state:
            raise
        form.add_error("text", str(refusal))
        return _item(request, row, redact=form)
    messages.success(
        request, _("%(reference)s is released without those words.") % {"reference": row.reference}
    )
    return None


def _refuse(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _item(request, row, refuse=form)
    actions.refuse(row, form.cleaned_data["rule"], by=actor(request), seen=_seen(request, row))
    messages.success(request, _("%(reference)s is refused.") % {"reference": row.reference})
    return None


def _escalate(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.escalate(row, by=actor(request))
    messages.success(
        request,
        _("%(reference)s went to safeguarding. You have done your part.") % {"reference": row.reference},
    )
    return None


VERBS: dict[str, Callable[[HttpRequest, Contribution], HttpResponse | None]] = {
    "release": _release,
    "redact": _redact,
    "refuse": _refuse,
    "escalate": _escalate,
}
