"""The figures in the Wagtail admin: which releases there were, and cutting the next by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collaborative.figures.models import Release
from collaborative.figures.reconcile import NotReconciled
from collaborative.flow.actions import cut_release
from collaborative.flow.permissions import user_may_cut_release
from collaborative.staff import actor, only, paged, screen

A_PAGE = 20


@only(user_may_cut_release)
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest) -> HttpResponseBase:
    """Every release, newest first; and a form that cuts one now, with the reason why it cannot wait."""
    reason = request.POST.get("reason", "").strip()
    error = ""
    if request.method == "POST":
        if not reason:
            error = _("Say why the figures are counted now.")
        else:
            before = Release.objects.current()
            try:
                after = cut_release(by=actor(request), reason=reason[:200])
            except NotReconciled as refused:
                error = _("Nothing was published, since the figures do not add up. %(where)s") % {
                    "where": refused
                }
            else:
                told = (
                    _("The figures are the same as before.")
                    if after == before
                    else _("New figures are public.")
                )
                messages.success(request, told)
                return redirect("flow_releases")
    rows = paged(request, Release.objects.select_related("cut_by").order_by("-number"), A_PAGE)
    return screen(
        request,
        "flow/releases.html",
        title=_("Figures"),
        icon="history",
        status=422 if error else 200,
        error=error,
        reason=reason,
        **rows,
    )
