"""Catching up over HTTP: everything that the socket says can also be had here."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from collaborative.limits import limited
from collaborative.live import catchup
from collaborative.live.registry import find

MOST = 200
DIGITS = 18  # as many as fit into a number of the database


def _number(request: HttpRequest, name: str, default: int) -> int | None:
    text = request.GET.get(name, str(default))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


# Three hundred pupils behind one address ask every ten seconds where the school blocks sockets.
@require_safe
@limited("catch-up", capacity=2000, refill_per_minute=2400, methods=frozenset({"GET", "HEAD"}))
def catch_up(request: HttpRequest) -> HttpResponse:
    """`?s=thread.5&after=40&limit=100`: what happened in that stream since, rendered as it is now."""
    after, limit = _number(request, "after", 0), _number(request, "limit", 100)
    found = find(request.GET.get("s", ""))
    if found is None:
        response = JsonResponse({"error": "no such stream"}, status=404)
    elif after is None or limit is None or not 1 <= limit <= MOST:
        response = JsonResponse({"error": "after and limit are numbers"}, status=400)
    elif not found[0].may_follow(request.user, found[1]):
        response = JsonResponse({"error": "forbidden"}, status=403)
    else:
        response = JsonResponse(catchup.since(request.GET["s"], *found, after, limit))
    response["Cache-Control"] = "no-store"
    return response
