"""The receipt page: codes come by POST, never in an address, and nothing on the server ties two together.

Looking up a receipt changes nothing, so the form needs no token and may stand on pages that are cached for
everybody. Other codes set a cookie, so they are opened only with a token: without one, the page asks for one
more press. Whatever changes something asks for the code again and carries a token.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from collaborative import codes, limits
from collaborative.contributions.actions import NotPossible, change_permission, withdraw
from collaborative.contributions.models import Contribution, Permission, Receipt
from collaborative.csrf import forged
from collaborative.engagements.codes_registry import LONGEST_CODE, WRONG_CODE, open_code
from collaborative.errors import too_many
from collaborative.flow import trace
from collaborative.limits import limited
from collaborative.moderation import actions as moderation
from collaborative.people.models import HANDLED_AS_UNDER_16

AT_MOST = 6  # codes shown on one page
COOKIE = "receipts"
MINUTES = 20


def find(text: str) -> Receipt | None:
    return Receipt.objects.filter(code_hash=codes.hashed(text)).select_related("engagement__page").first()


@never_cache
@csrf_exempt  # reading a receipt changes nothing; whatever sets a cookie asks `forged()` first
@limited("code", capacity=60, refill_per_minute=30)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponseBase:
    """The field, or what became of everything that was said under the codes that were typed."""
    if request.method != "POST":
        return render(request, "flow/receipt_form.html")
    typed = request.POST.get("code", "").strip()
    earlier = request.POST.getlist("earlier")[: AT_MOST - 1]
    if find(typed):
        return show(request, [typed, *earlier])
    if not typed:
        return ask_again(request, typed, earlier, _("Type your code."))
    if forged(request):
        return render(request, "flow/receipt_form.html", {"value": typed[:LONGEST_CODE], "again": True})
    return open_code(request, typed) or ask_again(request, typed, earlier)


def open_receipt(request: HttpRequest, text: str) -> HttpResponseBase | None:
    """For the other page that takes codes."""
    return show(request, [text]) if find(text) else None


def show(request: HttpRequest, typed: list[str]) -> HttpResponse:
    """Lead to a page that Back and reload can reach again; the codes go there in a cookie that soon ends.

    A form on another site may not set that cookie: then the page is shown as the answer itself.
    """
    if forged(request) and request.headers.get("Sec-Fetch-Site") != "same-origin":
        return page(request, typed)
    response = redirect("receipt_seen")
    response.set_signed_cookie(
        COOKIE,
        " ".join(codes.normalise(code) for code in typed),
        salt=COOKIE,
        max_age=MINUTES * 60,
        path="/receipt/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD"])
def seen(request: HttpRequest) -> HttpResponseBase:
    """What became of what was said under the codes typed in the last minutes."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=MINUTES * 60)
    typed = [code for code in (kept or "").split() if find(code)]
    return page(request, typed) if typed else redirect("receipt")


@never_cache
@require_POST
def close(request: HttpRequest) -> HttpResponseBase:
    """Forget the codes in this browser, for a computer that others use."""
    response = redirect("receipt")
    response.delete_cookie(COOKIE, path="/receipt/", samesite="Lax")
    return response


def ask_again(
    request: HttpRequest, typed: str, earlier: list[str], error: str | Promise = WRONG_CODE
) -> HttpResponse:
    context = {
        "value": typed[:LONGEST_CODE],
        "error": error,
        "errors": [("code", error)],
        "earlier": earlier,
    }
    return render(request, "flow/receipt_form.html", context, status=422)


def page(request: HttpRequest, typed: list[str], status: int = 200) -> HttpResponse:
    seen: dict[str, str] = {}
    for code in typed:
        seen.setdefault(codes.normalise(code), code)
    shown = [(code, found) for code in seen.values() if (found := find(code))]
    context = {
        "traces": [(as_written(code), trace.of(found)) for code, found in shown],
        "earlier": [code for code, _found in shown],
        "permissions": Permission.choices,
        "no_names": HANDLED_AS_UNDER_16,
        "section": "changed",
    }
    response = render(request, "flow/receipt.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def mine(request: HttpRequest) -> HttpResponse:
    """The same for somebody who was signed in when they wrote: their account is their code."""
    rows = Receipt.objects.filter(contributions__author=request.user.pk).distinct()
    rows = rows.select_related("engagement__page").order_by("-created_at", "-pk")
    shown = Paginator(rows, AT_MOST).get_page(request.GET.get("page"))
    context = {"traces": [("", trace.of(found)) for found in shown], "page_obj": shown, "section": "changed"}
    response = render(request, "flow/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_POST
def second_look(request: HttpRequest) -> HttpResponseBase:
    """Ask, once, for a second person to look: with the code, or signed in as the one who wrote it (KC-6)."""
    code = request.POST.get("code", "")
    found = find(code) if code else None
    wait = limits.spend(request, "appeal", receipt=found.pk if found else None)
    if wait:
        return too_many(request, wait=wait)
    rows = Contribution.objects.filter(reference=codes.as_reference(request.POST.get("reference", "")))
    if found is not None:
        rows = rows.filter(receipt=found)
    elif request.user.is_authenticated and not code:
        rows = rows.filter(author=request.user)
    else:
        return ask_again(request, code, [])
    row = rows.first()
    if row is None:
        return ask_again(request, code, [])
    try:
        moderation.ask_again(row)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("A second person will look at it. What they decide will stand here."))
    return show(request, [code]) if found else redirect("receipt_mine")


def as_written(code: str) -> str:
    """MOSS-4TC9-7W, however it was typed."""
    plain = codes.normalise(code)
    word, letters = plain[: -codes.LETTERS], plain[-codes.LETTERS :]
    return f"{word}-{letters[:4]}-{letters[4:]}"


@never_cache
@require_POST
@limited("code", capacity=60, refill_per_minute=30)
def copy(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept under a code, as a text file (AGE-2: at any age, without an adult)."""
    found = find(request.POST.get("code", ""))
    if found is None:
        return ask_again(request, request.POST.get("code", ""), [])
    context = {"trace": trace.of(found), "code": as_written(request.POST["code"])}
    response = render(request, "flow/receipt_copy.txt", context, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="what-i-said.txt"'
    return response


@never_cache
@require_POST
@limited("code", capacity=60, refill_per_minute=30)
def delete(request: HttpRequest) -> HttpResponseBase:
    """Ask once whether to take everything back; then do it (GDP-2, AGE-2). It leaves public pages at once."""
    code = request.POST.get("code", "")
    found = find(code)
    if found is None:
        return ask_again(request, code, [])
    if request.POST.get("sure") != "yes":
        return render(request, "flow/receipt_delete.html", {"code": as_written(code), "receipt": found})
    withdraw(found)
    messages.success(request, _("What you said is taken back. Nobody can see it on this site any more."))
    return redirect("receipt")


@never_cache
@require_POST
@limited("code", capacity=60, refill_per_minute=30)
def permission(request: HttpRequest) -> HttpResponseBase:
    """Change what may be published, for as long as it is open for answers."""
    code = request.POST.get("code", "")
    found = find(code)
    if found is None:
        return ask_again(request, code, [])
    try:
        if not found.engagement.is_open:
            raise NotPossible(_("This has closed. You can still take back what you said."))
        change_permission(found, request.POST.get("permission", ""))
    except NotPossible as refused:
        messages.error(request, str(refused))
        return page(request, [code], status=422)
    messages.success(request, _("Saved. We will do as you say from now on."))
    return show(request, [code])
