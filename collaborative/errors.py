"""Saying no in a way that a person can use."""

import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

logger = logging.getLogger(__name__)


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
