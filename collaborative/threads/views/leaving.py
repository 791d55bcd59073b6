"""Leaving a device that others use: nothing of the visit stays in it, not even behind the Back button."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from collaborative.threads.views.pages import shell, thread_url
from collaborative.threads.visit import SHARED, Visit, forget, set_cookie


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Forget who spoke here, sign out, and let the browser throw away what it kept."""
    if request.method != "POST":
        visit = Visit(request, number)
        return render(request, "threads/finished.html", {**shell(visit), "done": "done" in request.GET})
    response = redirect(f"{reverse('thread_finish', args=[number])}?done")
    if request.user.is_authenticated:
        logout(request)
    forget(request, response)
    # Also what scripts kept: drafts of whoever wrote here.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@require_POST
def shared(request: HttpRequest, number: int) -> HttpResponse:
    """Say that others use this device: from now on nothing that is typed is kept in it."""
    response = redirect(thread_url(number))
    set_cookie(response, SHARED, "1")
    response["Clear-Site-Data"] = '"storage"'
    return response
