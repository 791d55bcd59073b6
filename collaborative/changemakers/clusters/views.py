"""The staff screens on which groups of notes become topics and ideas."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from collaborative.analysis.models import Theme, ThemeVersion
from collaborative.analysis.permissions import user_may_code, user_may_export
from collaborative.changemakers.boards.models import Cluster
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.clusters import actions, reading
from collaborative.changemakers.clusters.forms import IdeaForm
from collaborative.changemakers.clusters.models import Basis, ClusterTheme
from collaborative.changemakers.clusters.permissions import (
    user_may_open_groups,
    user_may_propose,
    user_may_see_groups,
)
from collaborative.contributions.actions import NotPossible
from collaborative.engagements.models import Engagement
from collaborative.outcomes import standing
from collaborative.outcomes.models import Proposal
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20
ICON = "folder-open-inverse"


@only(user_may_see_groups)
@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    """Workshops with groups of notes; the latest first."""
    shown = paged(request, reading.workshops(), PER_PAGE)
    for row in shown["page_obj"]:
        row.when = when_of(row)
    return screen(
        request, "changemakers/clusters/staff_list.html", title=_("Groups of notes"), icon=ICON, **shown
    )


def _workshop(request: HttpRequest, pk: int) -> Engagement:
    """Raises Http404, PermissionDenied."""
    rows = Engagement.objects.filter(kind=Engagement.Kind.SESSION).select_related("page")
    engagement = get_object_or_404(rows, pk=pk)
    if not user_may_open_groups(actor(request), engagement):
        raise PermissionDenied
    return engagement


def _crumbs(engagement: Engagement | None = None) -> list[tuple[str, str]]:
    above = [(reverse("note_groups"), _("Groups of notes"))]
    if engagement is not None:
        above.append((reverse("note_groups_of", args=[engagement.pk]), engagement.title))
    return above


@require_http_methods(["GET", "HEAD", "POST"])
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """Every group of one workshop, the topics it is sorted under, and the ideas made from it."""
    engagement = _workshop(request, pk)
    wrong: dict[int, str] = {}
    if request.method == "POST":
        if not user_may_code(request.user):
            raise PermissionDenied
        cluster = get_object_or_404(
            Cluster.objects.filter(stage__engagement=engagement), pk=_number(request.POST.get("group", ""))
        )
        try:
            _sort(request, cluster)
        except NotPossible as refused:
            wrong = {cluster.pk: str(refused)}
        else:
            return redirect(reverse("note_groups_of", args=[pk]) + f"#group-{cluster.pk}")
    user = actor(request)
    return screen(
        request,
        "changemakers/clusters/staff_one.html",
        title=engagement.title,
        icon=ICON,
        crumbs=_crumbs(),
        status=422 if wrong else 200,
        engagement=engagement,
        when=when_of(engagement),
        groups=[(one, wrong.get(one.cluster.pk, "")) for one in reading.groups(engagement, user)],
        topics=ThemeVersion.objects.in_use() if user_may_code(user) else [],
        ideas=standing.of(Proposal.objects.filter(engagement=engagement).order_by("number")),
        may_sort=user_may_code(user),
        may_propose=user_may_propose(user, engagement),
        may_take=user_may_export(user, engagement),
        here=request.path,
    )


def _sort(request: HttpRequest, cluster: Cluster) -> None:
    """One press: under a topic, or out of it again."""
    by, posted = actor(request), request.POST
    if "undo" in posted:
        rows = ClusterTheme.objects.filter(cluster=cluster)
        row = get_object_or_404(rows, pk=_number(posted["undo"]))
        gone = actions.undo_theme(row, by=by)
        text = ngettext(
            "Taken back for %(n)s note. What was sorted by hand stands.",
            "Taken back for %(n)s notes. What was sorted by hand stands.",
            gone,
        )
        messages.success(request, text % {"n": gone})
        return
    theme = Theme.objects.filter(code=posted.get("theme", "")).first()
    if theme is None:
        raise NotPossible(_("Choose a topic."))
    done = actions.confirm_theme(cluster, theme, by=by)
    text = ngettext(
        "“%(group)s” is sorted under %(topic)s: %(n)s note more.",
        "“%(group)s” is sorted under %(topic)s: %(n)s notes more.",
        done.sorted_now,
    )
    messages.success(request, text % {"group": cluster.title, "topic": theme, "n": done.sorted_now})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else -1


@require_http_methods(["GET", "HEAD", "POST"])
def new_idea(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an idea of one or more groups of this workshop."""
    engagement = _workshop(request, pk)
    if not user_may_propose(request.user, engagement):
        raise PermissionDenied
    start = IdeaForm.fresh(engagement, request.GET.get("group", ""))
    form = IdeaForm(request.POST or None, engagement=engagement, initial=start)
    if request.method == "POST" and form.is_valid():
        key = f"idea:{engagement.pk}:{form.cleaned_data['key']}"[:64]
        try:
            groups = list(form.cleaned_data["groups"])
            row = actions.propose(engagement, groups, form.asked(), by=actor(request), key=key)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept as a draft. Read it again, then put it forward."))
            return redirect("note_idea", pk=row.pk)
    return _idea_screen(request, engagement, form, _("A new idea"))


@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to change, put forward or throw away; afterwards how it stands."""
    bases = Basis.objects.order_by("pk").select_related("cluster")
    rows = Proposal.objects.select_related("engagement__page", "written_by", "put_forward_by")
    proposal = get_object_or_404(rows.prefetch_related(Prefetch("bases", bases)), pk=pk)
    engagement = _workshop(request, proposal.engagement_id)
    if not user_may_propose(request.user, engagement):
        raise PermissionDenied
    start = IdeaForm.standing(proposal)
    kept = request.POST if request.POST.get("do") == "keep" else None
    form = IdeaForm(kept, engagement=engagement, initial=start)
    if request.method == "POST":
        done = _change(request, proposal, form)
        if done is not None:
            return done
    return _idea_screen(request, engagement, form, proposal.title, proposal)


def _change(request: HttpRequest, proposal: Proposal, form: IdeaForm) -> HttpResponse | None:
    by, do = actor(request), request.POST.get("do", "")
    try:
        if do == "put-forward":
            actions.put_forward(proposal, by=by)
            messages.success(
                request, _("It is put forward. Everybody can read it, and it waits for an answer.")
            )
        elif do == "throw-away":
            actions.throw_away(proposal, by=by)
            messages.success(request, _("The draft is thrown away."))
            return redirect("note_groups_of", pk=proposal.engagement_id)
        elif form.is_valid():
            actions.change(proposal, list(form.cleaned_data["groups"]), form.asked(), by=by)
            messages.success(request, _("Kept."))
        else:
            return None
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("note_idea", pk=proposal.pk)


def _idea_screen(
    request: HttpRequest, engagement: Engagement, form: IdeaForm, title: str, proposal: Proposal | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"engagement": engagement, "form": form, "proposal": proposal}
    if proposal is not None:
        context["how"] = standing.of([proposal])[0]
    return screen(
        request,
        "changemakers/clusters/staff_idea.html",
        title=title,
        icon="pick",
        crumbs=_crumbs(engagement),
        status=422 if form.is_bound and form.errors else 200,
        **context,
    )
