"""The page that takes a code: of a class, a workshop, a draft, or a receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collaborative.engagements.actions import find_join_code
from collaborative.engagements.codes_registry import LONGEST_CODE, WRONG_CODE, open_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.limits import give_back, limited

# A class shares one address, so there is room for thirty at once; guessing stays hopeless (KID-2).
GUESSES = (60, 30)  # at once, a minute

NO_CODE = gettext_lazy("Type your code.")


@never_cache
@limited("code", *GUESSES)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """A code that opens something was no guess: a whole school may come in at once.

    `?c=`: a class code from a picture, put into the field; opening that address joins nobody. `?cleared`: a
    pupil has finished on a device that others use.
    """
    if request.method != "POST":
        context = {"value": request.GET.get("c", "")[:LONGEST_CODE], "cleared": "cleared" in request.GET}
        return render(request, "engagements/join.html", context)
    text = request.POST.get("code", "")
    if not text.strip():
        return wrong_code(request, "", NO_CODE)
    opened = open_code(request, text)
    if opened is None:
        return wrong_code(request, text)
    give_back(request, "code", *GUESSES)
    return opened


def wrong_code(request: HttpRequest, text: str, message: Any = WRONG_CODE) -> HttpResponse:
    context = {"value": text[:LONGEST_CODE], "error": message, "errors": [("code", message)]}
    return render(request, "engagements/join.html", context, status=422)


def open_session(request: HttpRequest, text: str) -> HttpResponseBase | None:
    """The code of a workshop leads to its page: how to take part on the day, or what came of it."""
    found = find_join_code(text)
    if found is None or found.kind != JoinCode.Kind.SESSION:
        return None
    address = found.engagement.page.get_url(request) or "/changemakers/"
    if found.engagement.state == Engagement.State.CLOSED:
        messages.info(
            request, _("This workshop is over. What people worked out there can be read on this page.")
        )
        return redirect(f"{address}#output")
    line = _("Your code is right. On the day, come back to this page or type the code again, and you are in.")
    messages.info(request, line)
    return redirect(address)
