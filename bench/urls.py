"""The site's addresses, and the floor: a Django view that returns so many bytes and does nothing else."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from collaborative.urls import handler404, handler500  # noqa: F401 where Django looks for them

BARE = "/bench/bytes/"


@cache
def _bytes(length: int) -> bytes:
    return b"x" * length


def bare(request: HttpRequest, length: int) -> HttpResponse:
    # With its length, as a kept page has it, so that neither is sent in chunks.
    return HttpResponse(_bytes(length), headers={"Content-Length": length})


urlpatterns = [
    path("bench/bytes/<int:length>/", bare),
    path("", include("collaborative.urls")),
]
