"""Saying no in a way that a person can use."""

import logging
import sys

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found, server_error

from collaborative.accept import wants_json

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5
# A form with a field of such a name is not written onto a page.
SECRET = ("password", "otp")


class Refused(ValidationError):
    """A rule said no. The message is written for the person who asked.

    Forms show it beside the field as they do any ValidationError; where there is no form,
    RefusalMiddleware shows it as a message on the page that the person came from.
    """


def too_many(request: HttpRequest, *, wait: int) -> HttpResponse:
    """The 429 page: what happened, and after how many seconds to try again."""
    response = render(request, "429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open too long, or in a browser that keeps no cookies."""
    response = render(request, "403_csrf.html", status=403)
    response["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 page. When it cannot be rendered, Django answers 500 without a word in the log: here is one."""
    try:
        return page_not_found(request, exception)
    except Exception:
        logger.exception("The page for a wrong address failed: %s", request.path)
        raise


def failed(request: HttpRequest) -> HttpResponse:
    """The 500 page; where the database was locked, full or away, one that gives back what was sent.

    Every form of ours carries a key for its attempt, so that sending it once more does nothing twice.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError):
        return server_error(request)
    if wants_json(request):
        said = _("We could not save this just now. What you typed is still here. Try again in a moment.")
        response: HttpResponse = JsonResponse({"errors": [{"field": "", "message": said}]}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html", {"again": _sent(request)}), status=503)
    response["Retry-After"] = str(BUSY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _sent(request: HttpRequest) -> dict[str, object] | None:
    """What came in a form, to be sent once more; None where nothing came or it may not be shown again."""
    try:
        posted = request.POST if request.method == "POST" else None
    except (OSError, RawPostDataException):
        return None
    if not posted or request.FILES or any(word in name for name in posted for word in SECRET):
        return None
    fields = [(name, value) for name, values in posted.lists() for value in values]
    typed = [value for _name, value in fields if " " in value.strip()]
    return {"path": request.get_full_path(), "fields": fields, "typed": typed}
