"""What people see of their place, without an account: registering, and the private page of what they have."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative import limits
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions, calendars, keys, words
from collaborative.changemakers.seats.forms import ChangeForm, RegisterForm
from collaborative.changemakers.seats.models import AccessNeed, Registration
from collaborative.csrf import checks_itself, forged
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused

PASTED = re.compile(r"/changemakers/([-\w]+)/place/([0-9a-f]{40})/?\s*$")
A_DAY, A_DAY_EACH = 24 * 60 * 60, 6  # letters that one address may be sent because somebody typed it


def find(slug: str) -> tuple[SessionPage, Engagement]:
    """A workshop that anybody may see. Raises Http404."""
    page = SessionPage.objects.live().public().filter(slug=slug).select_related("engagement").first()
    if page is None:
        raise Http404
    return page, page.engagement


@checks_itself
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """A place, or one on the waiting list. Nothing typed is lost, whatever is wrong."""
    page, engagement = find(slug)
    places = words.of(engagement, timezone.now())
    if places is None:
        raise Http404
    if not places["open"]:
        return redirect(page.get_url(request))
    if request.method != "POST":
        form = RegisterForm(initial=RegisterForm.known(request.user), engagement=engagement)
        return _register_page(request, page, form, places)
    form = RegisterForm(request.POST, engagement=engagement)
    if forged(request):
        form.add_error(None, _("This page was open too long. What you typed is still here: send it again."))
        return _register_page(request, page, form, places, status=403)
    if not form.is_valid():
        return _register_page(request, page, form, places, status=422)
    wait = limits.spend(request, "register", engagement=engagement)
    if wait or limits.times("place", form.cleaned_data["email"].lower(), A_DAY) > A_DAY_EACH:
        form.add_error(None, _too_soon(wait or A_DAY))
        response = _register_page(request, page, form, places, status=429)
        response["Retry-After"] = str(wait or A_DAY)
        return response
    account = request.user if request.user.is_authenticated else None
    try:
        actions.register(engagement, form.wish(), key=form.fresh_key(), account=account)
    except Refused as refused:
        for message in refused.messages:
            form.add_error(None, message)
        return _register_page(request, page, form, places, status=422)
    return redirect("place_sent", slug)


def _too_soon(wait: int) -> str:
    if wait >= A_DAY:
        return _("This address was typed many times today. What you typed is still here: try it tomorrow.")
    text = ngettext(
        "Many people register from where you are. What you typed is still here: send it in %(n)s second.",
        "Many people register from where you are. What you typed is still here: send it in %(n)s seconds.",
        wait,
    )
    return text % {"n": wait}


def _crumbs(page: SessionPage, request: HttpRequest, label: str) -> list[tuple[str, str]]:
    return [("/changemakers/", _("Workshops")), (page.get_url(request) or "", page.title), ("", label)]


def _register_page(
    request: HttpRequest, page: SessionPage, form: RegisterForm, places: dict[str, Any], status: int = 200
) -> HttpResponse:
    wrong = [(name, form.errors[name][0]) for name in form.fields if name in form.errors]
    engagement = page.engagement
    context = {
        "page": page,
        "section": "workshops",
        "crumbs": _crumbs(page, request, _("Register")),
        "when": when_of(engagement),
        "places": places,
        "form": form,
        "key": form.fresh_key(),
        "ages": form.fields["age_band"].choices,  # type: ignore[attr-defined]
        "groups": form.fields["group"].choices,  # type: ignore[attr-defined]
        "young": engagement.invites_under_18,
        "errors": [*wrong, *(("", message) for message in form.non_field_errors())],
    }
    return render(request, "changemakers/seats/register.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everyone: whether the address was registered before, nobody learns here."""
    page, _engagement = find(slug)
    context = {
        "page": page,
        "section": "workshops",
        "page_url": page.get_url(request),
        "crumbs": _crumbs(page, request, _("Look into your e-mail")),
    }
    return render(request, "changemakers/seats/sent.html", context)


# The private link -------------------------------------------------------------------------------


def _mine(slug: str, token: str) -> Registration:
    """Raises Http404 for a link that we did not make, or whose owner was forgotten."""
    row = _row(slug, token)
    if row is None:
        raise Http404
    return row


def _row(slug: str, token: str) -> Registration | None:
    engagement = Engagement.objects.filter(slug=slug, kind=Engagement.Kind.SESSION).first()
    return keys.find(engagement, token) if engagement else None


def open_place(request: HttpRequest, text: str) -> HttpResponse | None:
    """A private link that somebody pasted for a code. Only its path counts: it leads nowhere else."""
    found = PASTED.search(text)
    if found is None or _row(found[1], found[2]) is None:
        return None
    return redirect("place", found[1], found[2])


@checks_itself
def place(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What they have, where it is, change what they told us, give it back. Opening it changes nothing."""
    row = _mine(slug, token)
    need = AccessNeed.objects.filter(registration=row).first()
    known = {"name": row.name, "needs": need.text if need else ""}
    if request.method != "POST":
        return _place_page(request, row, token, ChangeForm(initial=known))
    if "cancel" in request.POST:
        form = ChangeForm(initial=known)
        if forged(request):
            messages.info(request, _("Nothing was done: this page was open too long. Try again."))
        else:
            _give_back(request, row)
        return redirect("place", slug, token)
    form = ChangeForm(request.POST)
    if forged(request):
        form.add_error(None, _("This page was open too long. What you typed is still here: send it again."))
        return _place_page(request, row, token, form, status=403)
    if not form.is_valid():
        return _place_page(request, row, token, form, status=422)
    try:
        actions.change(row, name=form.cleaned_data["name"], needs=form.cleaned_data["needs"])
    except Refused as refused:
        form.add_error(None, refused.messages[0])
        return _place_page(request, row, token, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("place", slug, token)


def _give_back(request: HttpRequest, row: Registration) -> None:
    try:
        actions.cancel(row)
    except Refused as refused:
        messages.error(request, refused.messages[0])


def _place_page(
    request: HttpRequest, row: Registration, token: str, form: ChangeForm, status: int = 200
) -> HttpResponse:
    engagement, seating = row.engagement, row.engagement.seating
    wrong = [(name, form.errors[name][0]) for name in form.fields if name in form.errors]
    context = {
        "row": row,
        "token": token,
        "title": engagement.title,
        "section": "workshops",
        "page_url": engagement.page.get_url(request) if engagement.page.live else "",
        "when": when_of(engagement),
        "seating": seating,
        "is_off": seating.called_off_at is not None,
        "is_on": engagement.is_open,
        "is_over": engagement.state == Engagement.State.CLOSED,
        "slug": engagement.slug,
        "form": form,
        "errors": [*wrong, *(("", message) for message in form.non_field_errors())],
    }
    return render(request, "changemakers/seats/place.html", context, status=status)


@never_cache
@require_safe
def calendar(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """For whoever has a place, or had one: then the entry goes."""
    row = _mine(slug, token)
    if row.seated_at is None:
        raise Http404
    response = HttpResponse(calendars.whole(row), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response
