"""Addresses of pages that exist for the tests of the house alone."""

import threading

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.cache import never_cache

from collaborative.errors import Refused
from collaborative.limits import limited
from collaborative.people.models import StakeholderGroup
from collaborative.urls import urlpatterns as the_sites_own


def groups(request: HttpRequest) -> HttpResponse:
    """A public page: the names of all groups, and what was asked for."""
    names = ", ".join(StakeholderGroup.objects.values_list("name", flat=True))
    return HttpResponse(f"<h1>{names}</h1><p>{request.GET.get('group', '')}</p>" + "<p>padding</p>" * 50)


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{request.user}</p>")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<input name=csrfmiddlewaretoken value={get_token(request)}>")


def cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("<p>with a cookie</p>")
    response.set_cookie("seen", "1")
    return response


def session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse("<p>begins a session</p>")


threads: list[int] = []


def lost(request: HttpRequest) -> HttpResponse:
    threads.append(threading.get_ident())
    raise Http404


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    threads.append(threading.get_ident())
    return HttpResponse("<p>lost</p>", status=404)


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused("Sentence 3 has no reason.")


urlpatterns = [
    path("groups/", groups),
    path("who/", who),
    path("form/", form),
    path("cookie/", cookie),
    path("session/", session),
    path("never/", never_cache(groups)),
    path("json/", lambda request: JsonResponse({"a": 1})),
    path("lost/", lost),
    path("refuse/", refuse),
    path("slow/", limited("slow", capacity=3, refill_per_minute=6)(lambda request: HttpResponse("done"))),
    *the_sites_own,
]
