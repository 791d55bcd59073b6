"""One thing that waits, and what can be done with it (MOD-2)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions, redaction
from collaborative.moderation.films import film_in
from collaborative.moderation.forms import QueueFilter, RedactForm, RefuseForm, TranscriptForm, WithholdForm
from collaborative.moderation.models import Appeal, Check, Claim
from collaborative.moderation.permissions import user_may_check, user_may_decide, user_may_look_again
from collaborative.moderation.views.queue import desk_of, shown
from collaborative.staff import actor, only, screen


def _next(rows: QuerySet[Contribution], row: Contribution, user: Any) -> Contribution | None:
    """What comes after this one in the queue and nobody else has open; after the last, the first again."""
    later = Q(priority__lt=row.priority) | Q(priority=row.priority, created_at__gt=row.created_at)
    later |= Q(priority=row.priority, created_at=row.created_at, pk__gt=row.pk)
    taken = Claim.objects.standing().exclude(by=user).values("pk")
    others = rows.exclude(pk=row.pk).exclude(pk__in=taken)
    return others.filter(later).first() or others.first()


def _go_on(request: HttpRequest, row: Contribution) -> HttpResponse:
    wanted = QueueFilter(request.GET)
    onward = _next(wanted.rows(), row, request.user)
    if onward is None:
        return redirect(reverse("moderation_queue") + wanted.query())
    return redirect(reverse("moderation_check", args=[onward.reference]) + wanted.query())


@only(user_may_check)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Opening it claims it for ten minutes; whoever comes second sees who has it."""
    rows = Contribution.objects.select_related(
        "engagement", "file", "appeal__against__rule"
    ).with_newest_text()
    row = get_object_or_404(rows.prefetch_related("flags"), reference=reference)
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
    signed: TranscriptForm | None = None,
    withhold: WithholdForm | None = None,
) -> HttpResponse:
    wanted, now = QueueFilter(request.GET), timezone.now()
    claim = actions.claim(row, by=actor(request))
    appeal: Appeal | None = getattr(row, "appeal", None)
    looks_again = appeal is not None and appeal.is_open
    return screen(
        request,
        "moderation/check.html",
        title=_("Check %(reference)s") % {"reference": row.reference},
        icon="clipboard-list",
        crumbs=[(reverse("moderation_queue") + wanted.query(), _("Waiting to be checked"))],
        **shown(row, now, claim, request.user),
        appeal=appeal if looks_again else None,
        theirs=appeal is not None and looks_again and not user_may_look_again(request.user, appeal),
        decisions=_decisions(row),
        redact=redact or RedactForm(initial={"text": row.newest_text}),  # type: ignore[attr-defined]
        refuse=refuse or RefuseForm(),
        film=film_in(row, row.newest_text),  # type: ignore[attr-defined]
        signed=signed or TranscriptForm(),
        withhold=withhold or WithholdForm(),
        is_comment=row.kind == Contribution.Kind.COMMENT,
        removed=redaction.REMOVED,
        onward=_next(wanted.rows(), row, request.user) is not None,
        reports=row.reports.filter(about="words", handled_at=None),  # type: ignore[attr-defined]
        desk=desk_of(request.user),
    )


def _decisions(row: Contribution) -> list[Check]:
    """What was decided about it before; by whom is not told, so that the second look is a fresh one."""
    if row.state == State.HELD and row.read_at is None:
        return []
    return list(row.checks.standing().select_related("rule").order_by("at"))  # type: ignore[attr-defined]


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


def _say(request: HttpRequest, text: str, row: Contribution) -> None:
    messages.success(request, text % {"reference": row.reference})


def _release(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.decide(row, rule=None, by=actor(request), seen=_seen(request, row))
    _say(request, _("%(reference)s is released."), row)
    return None


def _redact(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    form = RedactForm(request.POST)
    if not form.is_valid():
        return _item(request, row, redact=form)
    text, reason = form.cleaned_data["text"], form.cleaned_data["reason"]
    try:
        actions.release_redacted(row, text, reason, by=actor(request), seen=_seen(request, row))
    except NotPossible as refusal:
        if _seen(request, row).partition("@")[0] != row.state:
            raise
        form.add_error("text", str(refusal))
        return _item(request, row, redact=form)
    _say(request, _("%(reference)s is released without those words."), row)
    return None


def _transcribe(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    """Then it is read like any other, on the same screen."""
    form = TranscriptForm(request.POST)
    if not form.is_valid():
        return _item(request, row, signed=form)
    actions.transcribe(row, form.cleaned_data["transcript"], by=actor(request))
    messages.success(request, _("Kept. Now read it like any other answer."))
    return redirect(request.get_full_path())


def _withhold(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    form = WithholdForm(request.POST)
    if not form.is_valid():
        return _item(request, row, withhold=form)
    actions.withhold(row, form.cleaned_data["reason"], by=actor(request), seen=_seen(request, row))
    _say(request, _("%(reference)s is kept off the page. It is sorted and counted all the same."), row)
    return None


def _refuse(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _item(request, row, refuse=form)
    actions.decide(row, rule=form.cleaned_data["rule"], by=actor(request), seen=_seen(request, row))
    _say(request, _("%(reference)s is refused."), row)
    return None


def _escalate(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.escalate(row, by=actor(request))
    _say(request, _("%(reference)s went to safeguarding. You have done your part."), row)
    return None


def _leave(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.let_go(row, by=actor(request))
    return None


def _put_back(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.let_go(row, by=actor(request))
    return redirect("moderation_queue")


def _uphold(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.uphold(row, by=actor(request))
    _say(request, _("%(reference)s stays as it was. Its author is told."), row)
    return redirect("moderation_second_looks")


def _put_words_back(request: HttpRequest, row: Contribution) -> HttpResponse | None:
    actions.put_words_back(row, by=actor(request))
    _say(request, _("%(reference)s stands again as it was given. Its author is told."), row)
    return redirect("moderation_second_looks")


VERBS: dict[str, Callable[[HttpRequest, Contribution], HttpResponse | None]] = {
    "release": _release,
    "redact": _redact,
    "refuse": _refuse,
    "transcribe": _transcribe,
    "withhold": _withhold,
    "escalate": _escalate,
    "leave": _leave,
    "put-back": _put_back,
    "uphold": _uphold,
    "put-words-back": _put_words_back,
}
