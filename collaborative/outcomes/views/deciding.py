"""The decider's desk: what waits for an answer, with what stands behind it (decision 53)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from collaborative.analysis.models import Stance, Theme
from collaborative.contributions import ledger
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes import desk
from collaborative.outcomes.actions import desk as actions
from collaborative.outcomes.models import DecisionIndexPage
from collaborative.outcomes.permissions import user_may_begin_decision, user_may_put_off, user_may_see_desk
from collaborative.staff import actor, only, paged, screen

ICON = "list-ul"
PER_PAGE = 20


class PutOffForm(forms.Form):
    reason = forms.CharField(
        label=lazy("Why it is put off"),
        help_text=lazy("People read this beside the topic, and whoever spoke of it on their own page."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    until = forms.DateField(
        label=lazy("The board looks at it again by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )


@only(user_may_see_desk)
@require_safe
def engagements(request: HttpRequest) -> HttpResponse:
    """Where something was sorted into topics, the newest closing first."""
    shown = paged(request, desk.engagements(), PER_PAGE)
    return screen(request, "outcomes/admin/desks.html", title=_("To decide"), icon=ICON, **shown)


@only(user_may_see_desk)
@require_safe
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """Every topic of one of them."""
    return _desk(request, _found(pk))


@only(user_may_see_desk)
@require_http_methods(["POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin one decision for the topics that were ticked."""
    found = _found(pk)
    themes = Theme.objects.filter(pk__in=[int(n) for n in request.POST.getlist("topic") if n.isdecimal()])
    try:
        page = actions.begin_decision(found, list(themes), by=actor(request))
    except Refused as refused:
        return _desk(request, found, error=refused.messages[0])
    messages.success(request, _("A draft is begun. Write what was decided, with a reason for each topic."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@only(user_may_put_off)
@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: HttpRequest, pk: int, theme: int) -> HttpResponse:
    """Put one topic off, change why, or take it up again."""
    found, topic = _found(pk), get_object_or_404(Theme, pk=theme)
    stands = desk.standing(found).get(topic.pk)
    initial = {"reason": stands.reason, "until": stands.until} if stands else {}
    form = PutOffForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and request.POST.get("do") == "take-up":
        actions.take_up(found, topic, by=actor(request))
        messages.success(request, _("“%(topic)s” waits for an answer again.") % {"topic": topic.name})
        return redirect("decider_desk", found.pk)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.put_off(found, topic, given["reason"], given["until"], by=actor(request))
        except Refused as refused:
            form.add_error(_field(given), refused.messages[0])
        else:
            messages.success(
                request, _("“%(topic)s” is put off. People can read why.") % {"topic": topic.name}
            )
            return redirect("decider_desk", found.pk)
    title = _("Put off: %(topic)s") % {"topic": topic.name}
    status = 422 if form.errors else 200
    context: dict[str, Any] = {"form": form, "stands": stands, "engagement": found, "topic": topic}
    return screen(
        request,
        "outcomes/admin/put_off.html",
        title=title,
        icon=ICON,
        crumbs=[*_above(), (reverse("decider_desk", args=[found.pk]), found.title)],
        status=status,
        **context,
    )


@only(user_may_put_off)
@require_http_methods(["POST"])
def close_off(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    try:
        actions.close_off(found, by=actor(request))
    except Refused as refused:
        return _desk(request, found, error=refused.messages[0])
    messages.success(request, _("Nothing of it waits any more. That is recorded with your name."))
    return redirect("decider_desk", found.pk)


def _field(given: dict[str, Any]) -> str | None:
    """Beside which field a refusal stands."""
    if not given["reason"].strip() or len(given["reason"]) > actions.LONGEST_REASON:
        return "reason"
    return "until"


def _found(pk: int) -> Engagement:
    return get_object_or_404(Engagement.objects.select_related("closed_off"), pk=pk)


def _above() -> list[tuple[str, str]]:
    return [(reverse("decider_desks"), _("To decide"))]


def _desk(request: HttpRequest, found: Engagement, error: str = "") -> HttpResponse:
    """The page with exact counts. That somebody saw them is recorded, whatever led there."""
    ledger.record("desk.seen", f"engagement:{found.slug}", actor(request))
    topics = desk.topics(found)
    index = DecisionIndexPage.objects.live().first()
    return screen(
        request,
        "outcomes/admin/desk.html",
        title=found.title,
        icon=ICON,
        crumbs=_above(),
        status=422 if error else 200,
        error=error,
        engagement=found,
        topics=topics,
        waiting=sum(topic.waits for topic in topics),
        stances=list(Stance.choices),
        campaigns=desk.campaigns(found),
        closed_off=getattr(found, "closed_off", None),
        may_decide=index is not None and user_may_begin_decision(actor(request), index),
        may_put_off=user_may_put_off(actor(request)),
        ticked=request.POST.getlist("topic"),
    )
