"""The list of topics and the wording of each, with every earlier wording."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.analysis import actions
from collaborative.analysis.forms import ThemeForm
from collaborative.analysis.models import Theme, ThemeVersion
from collaborative.analysis.permissions import user_may_code, user_may_define_themes
from collaborative.contributions.actions import NotPossible
from collaborative.staff import actor, only, screen


@only(user_may_code)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    used = dict(
        Theme.objects.annotate(n=Count("codings", filter=Q(codings__retraction=None))).values_list("pk", "n")
    )
    versions = ThemeVersion.objects.newest()
    return screen(
        request,
        "analysis/topics.html",
        title=_("List of topics"),
        icon="list-ul",
        topics=[(version, used[version.theme_id]) for version in versions],
    )


@only(user_may_code)
@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """One topic: its wording now, and every wording that it had."""
    theme = get_object_or_404(Theme, code=code)
    versions = list(theme.versions.select_related("created_by").order_by("-number"))
    return screen(
        request,
        "analysis/topic.html",
        title=f"{theme.code} {theme.name}",
        icon="list-ul",
        crumbs=[(reverse("analysis_topics"), _("List of topics"))],
        theme=theme,
        newest=versions[0],
        earlier=versions[1:],
    )


@only(user_may_define_themes)
def new_topic(request: HttpRequest) -> HttpResponse:
    """`?label=` begins its name, `?next=` is an address of the admin to go back to."""
    return _word(request, None)


@only(user_may_define_themes)
def word_topic(request: HttpRequest, code: str) -> HttpResponse:
    return _word(request, get_object_or_404(Theme, code=code))


def _word(request: HttpRequest, theme: Theme | None) -> HttpResponse:
    """Write the first or the next wording of a topic."""
    initial = _parts(theme.newest_version()) if theme else {"label": request.GET.get("label", "")[:100]}
    form = ThemeForm(request.POST or None, existing=theme, initial=initial)
    if request.method == "POST" and form.is_valid():
        parts = dict(form.cleaned_data)
        code = theme.code if theme else parts.pop("code")
        try:
            kept = actions.define_theme(code, **parts, by=actor(request))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            number = kept.newest_version().number
            messages.success(request, _("Kept as version %(number)s.") % {"number": number})
            return redirect(_back(request) or reverse("analysis_topic", args=[kept.code]))
    crumbs = [(reverse("analysis_topics"), str(_("List of topics")))]
    if theme:
        crumbs.append((reverse("analysis_topic", args=[theme.code]), f"{theme.code} {theme.name}"))
    return screen(
        request,
        "analysis/topic_form.html",
        title=_("Word %(code)s anew") % {"code": theme.code} if theme else _("New topic"),
        icon="list-ul",
        crumbs=crumbs,
        form=form,
        theme=theme,
    )


def _back(request: HttpRequest) -> str:
    """Where somebody came from to write a topic, where that is one of our own screens."""
    address = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/admin/")
    return address if ours else ""


def _parts(version: ThemeVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in actions.PARTS}
