"""The write-up on the public side: what is published, and before that what those who took part read."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative import limits
from collaborative.changemakers.room import finding
from collaborative.changemakers.writeup import access, actions, correcting, drafting, reading
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.correcting import Put
from collaborative.changemakers.writeup.models import WriteUp, WriteUpVersion
from collaborative.contributions.models import Contribution
from collaborative.csrf import checks_itself, forged
from collaborative.engagements.codes_registry import WRONG_CODE
from collaborative.engagements.models import Engagement
from collaborative.engagements.views import GUESSES
from collaborative.errors import Refused, too_many
from collaborative.limits import give_back, limited

MOST_OWN = 60  # of somebody's own words to choose from


def _crumbs(engagement: Engagement) -> list[tuple[str, str]]:
    page = engagement.page
    return [
        ("/changemakers/", _("Workshops")),
        (page.get_url() or "", engagement.title),
        ("", _("What came of it")),
    ]


@require_safe
def published(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """What stands, or an earlier one by its number; before the first, the door for those who took part."""
    engagement = finding.by_slug(slug)
    rows = WriteUpVersion.objects.filter(write_up__engagement=engagement)
    newest = rows.first()
    if newest is None and number is None and _shared(engagement):
        return redirect("write_up_yours", slug)
    version = newest if number is None else rows.filter(number=number).first()
    if version is None or newest is None:
        raise Http404
    context = {
        "engagement": engagement,
        "version": version,
        "by_number": number is not None,  # at an address of its own, and so under a title of its own
        "newest": newest,
        "versions": rows.defer("content") if newest.number > 1 else [],
        "told": reading.shown(version.content),
        "section": "workshops",
        "crumbs": _crumbs(engagement),
    }
    return render(request, "changemakers/writeup/published.html", context)


def _shared(engagement: Engagement) -> bool:
    return WriteUp.objects.filter(engagement=engagement, shared_at__isnull=False).exists()


# Those who took part ----------------------------------------------------------------------------


def _to_check(slug: str) -> WriteUp:
    """Raises Http404 before it is shown to anyone."""
    engagement = finding.by_slug(slug)
    rows = WriteUp.objects.filter(shared_at__isnull=False).select_related("engagement__page")
    return get_object_or_404(rows, engagement=engagement)


@checks_itself
def yours(request: HttpRequest, slug: str) -> HttpResponse:
    """Read it before everyone does, and put right what is wrong. Who has no way in is asked for a code."""
    write_up = _to_check(slug)
    reader = access.reader_of(request, write_up.engagement)
    if request.method == "POST":
        if request.POST.get("do") == "close":
            response = redirect("write_up_yours", slug)
            access.forget(response, write_up.engagement)
            return response
        if reader is not None:
            return _correct(request, write_up, reader)
    return _door(request, write_up) if reader is None else _page(request, write_up, reader)


@limited("code", *GUESSES)
@checks_itself
def with_code(request: HttpRequest, slug: str) -> HttpResponse:
    """A receipt code of this workshop, from this door or from the page of the receipt."""
    write_up = _to_check(slug)
    typed = request.POST.get("code", "").strip()
    if request.method != "POST":
        return redirect("write_up_yours", slug)
    if forged(request):
        return _door(request, write_up, typed, _("This page was open too long. Press once more."), 403)
    if access.by_code(write_up.engagement, typed) is None:
        return _door(request, write_up, typed, str(WRONG_CODE), 422)
    give_back(request, "code", *GUESSES)  # a whole room may come at once
    response = redirect("write_up_yours", slug)
    access.remember(response, write_up.engagement, access.CODE, typed)
    return response


@never_cache
@require_safe
def with_link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The private link of a letter."""
    write_up = _to_check(slug)
    if access.by_link(write_up.engagement, token) is None:
        raise Http404
    response = redirect("write_up_yours", slug)
    access.remember(response, write_up.engagement, access.LINK, token)
    return response


def _door(
    request: HttpRequest, write_up: WriteUp, value: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "write_up": write_up,
        "engagement": write_up.engagement,
        "value": value,
        "error": error,
        "errors": [("code", error)] if error else [],
        "is_published": WriteUpVersion.objects.standing(write_up.engagement) is not None,
        "section": "workshops",
    }
    return _private(render(request, "changemakers/writeup/door.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store, private"
    return response


def _page(
    request: HttpRequest,
    write_up: WriteUp,
    reader: Reader,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    engagement = write_up.engagement
    newest = WriteUpVersion.objects.standing(engagement)
    content = newest.content if newest else drafting.arrange(write_up, actions.page_of(engagement))
    receipt = reader.known_receipt()
    own = Contribution.objects.public().filter(receipt=receipt).order_by("pk") if receipt else None
    typed = typed or {"text": "", "about": "", "key": secrets.token_urlsafe(12), "error": ""}
    context = {
        "write_up": write_up,
        "engagement": engagement,
        "told": reading.shown(content),
        "newest": newest,
        "own": [(str(row.pk), row.public_text) for row in own[:MOST_OWN]] if own is not None else [],  # type: ignore[attr-defined]
        "mine": correcting.mine(receipt) if receipt else [],
        "form": typed,
        "most": correcting.MOST_CHARACTERS,
        "may_close": reader.participant is None,
        "errors": [("text", typed["error"])] if typed["error"] else [],
        "section": "workshops",
    }
    return _private(render(request, "changemakers/writeup/yours.html", context, status=status))


def _correct(request: HttpRequest, write_up: WriteUp, reader: Reader) -> HttpResponse:
    posted = request.POST
    typed = {name: posted.get(name, "") for name in ("text", "about", "key")}
    if forged(request):
        error = _("This page was open too long. What you typed is still here: send it again.")
        return _page(request, write_up, reader, typed | {"error": error}, 403)
    wait = limits.spend(request, "post", receipt=reader.whose)
    if wait:
        return too_many(request, wait=wait)
    about = typed["about"]
    put = Put(
        text=typed["text"],
        key=typed["key"][:64],
        about=int(about) if about.isascii() and about.isdecimal() and len(about) < 18 else None,
        source=limits.pseudonym(request, "post"),
    )
    try:
        correcting.correct(write_up, reader, put)
    except Refused as refused:
        return _page(request, write_up, reader, typed | {"error": refused.messages[0]}, 422)
    messages.success(request, _("Thank you. Whoever wrote this reads it and answers you here."))
    return redirect("write_up_yours", write_up.engagement.slug)
