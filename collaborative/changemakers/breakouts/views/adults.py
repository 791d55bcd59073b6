"""The adults who may go with young people into small groups: who saw whose PVG scheme check, and when."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collaborative.changemakers.breakouts import actions, reading
from collaborative.changemakers.breakouts.actions.adults import LONGEST_NAME
from collaborative.changemakers.room import finding
from collaborative.changemakers.room.models import NamedAdult
from collaborative.changemakers.room.permissions import user_may_facilitate, user_may_record_adults
from collaborative.contributions.actions import NotPossible
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.staff import actor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adults(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = finding.by_slug(slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not user_may_record_adults(request.user, engagement):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, engagement)
    try:
        messages.success(request, _do(request, engagement, actor(request)))
    except NotPossible as refused:
        return _page(request, engagement, str(refused), 422)
    return redirect("named_adults", slug)


def _do(request: HttpRequest, engagement: Engagement, by: User) -> str:
    posted = request.POST
    if posted.get("do") != "take-off":
        row = actions.record_adult(engagement, posted.get("name", ""), seen=bool(posted.get("seen")), by=by)
        return _("%(name)s may go with young people now.") % {"name": row.name}
    typed = posted.get("adult", "")
    key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
    found = NamedAdult.objects.select_related("engagement").filter(engagement=engagement, pk=key).first()
    if found is None:
        raise NotPossible(_("This adult is not on the list any more."))
    back = actions.take_off_adult(found, by=by)
    if not back:
        return _("%(name)s is taken off.") % {"name": found.name}
    text = ngettext(
        "%(name)s is taken off. %(n)s person under 18 came back to the main room.",
        "%(name)s is taken off. %(n)s people under 18 came back to the main room.",
        back,
    )
    return text % {"name": found.name, "n": back}


def _page(request: HttpRequest, engagement: Engagement, error: str = "", status: int = 200) -> HttpResponse:
    recording = request.method == "POST" and request.POST.get("do") != "take-off"
    typed = request.POST.get("name", "") if recording else ""
    field = ("seen" if typed.strip() and len(typed) <= LONGEST_NAME else "name") if recording else ""
    runs = user_may_facilitate(request.user, engagement)
    context = {
        "rows": reading.named_adults(engagement),
        "slug": engagement.slug,
        "typed": typed,
        "error": {field: error},
        "errors": [(field, error)] if error else [],
        "title": engagement.page.title,
        "heading": _("Adults who go with young people"),
        "back_to": f"/changemakers/{engagement.slug}/facilitate/" if runs else "/admin/",
    }
    return render(request, "changemakers/breakouts/adults.html", context, status=status)
