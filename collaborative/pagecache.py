"""Whole pages, kept in memory for visitors without a session.

A page is filed under its address, language and the epoch: one number in the database that moves in
the same transaction as anything public. When it moves, every kept page is out of reach at once, and
when that transaction rolls back, nothing happened. Each process remembers the epoch for a second, so
a text taken down can linger that long. Time moves without a transaction ("3 days left"), so a page
is kept for PAGE_CACHE_SECONDS at most.

Kept in the process rather than in Redis, because a hit then asks nobody anything. Left out: pages
with a cookie or for anyone signed in, and anything that is not a plain 200 page of HTML.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request

from collaborative.accept import wants_json

EPOCH_SECONDS = 1.0
LARGEST_PAGE = 2 * 1024 * 1024
PRIVATE_PREFIXES = ("/admin/", "/accounts/", "/documents/", "/media/")

Key = tuple[Any, ...]


class Page(NamedTuple):
    body: bytes
    headers: list[tuple[str, str]]
    until: float


class Shelf:
    """Pages in the order of their last use, never more than `limit()` bytes of them."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.until <= time.monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.body)
            while self._bytes > settings.PAGE_CACHE_BYTES and self._pages:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def _drop(self, key: Key) -> None:
        self._bytes -= len(self._pages.pop(key).body)


class RememberedEpoch:
    """The epoch as this process last read it, and when."""

    def __init__(self) -> None:
        self._number = 0
        self._read_at = float("-inf")

    def fresh(self) -> int | None:
        """The number, or None when it was read more than a second ago."""
        return self._number if time.monotonic() - self._read_at < EPOCH_SECONDS else None

    def read(self) -> int | None:
        """Ask the database (one query). None when it does not answer: then nothing is served or kept."""
        from collaborative.models import Epoch

        asked_at = time.monotonic()
        try:
            number = Epoch.objects.filter(pk=1).values_list("number", flat=True).first()
        except DatabaseError:
            return None
        # Counted from before the question: the answer may be as old as that.
        self._number, self._read_at = number or 0, asked_at
        return self._number

    def forget(self) -> None:
        self._read_at = float("-inf")


shelf = Shelf()
epoch = RememberedEpoch()


def touch() -> None:
    """Something public changed: move the epoch, in the caller's transaction (one UPDATE).

    On PostgreSQL the row stays locked until that transaction ends, so call it near the end of one.
    """
    from collaborative.models import Epoch

    if not Epoch.objects.filter(pk=1).update(number=F("number") + 1):
        Epoch.objects.update_or_create(
            pk=1, defaults={"number": F("number") + 1}, create_defaults={"number": 1}
        )
    transaction.on_commit(epoch.forget)


def watch(*watched: type[models.Model]) -> None:
    """Move the epoch whenever a row of these models is saved, deleted or related anew.

    For models whose every row is public. It clears the cache and carries no rule; QuerySet.update()
    and bulk_create() send no signal, so whoever uses them calls touch().
    """
    for model in watched:
        name = f"pagecache:{model._meta.label}"
        post_save.connect(_on_change, sender=model, dispatch_uid=f"{name}:save")
        post_delete.connect(_on_change, sender=model, dispatch_uid=f"{name}:delete")
        for field in model._meta.many_to_many:
            through = field.remote_field.through  # type: ignore[union-attr]
            m2m_changed.connect(_on_change, sender=through, dispatch_uid=f"{name}:{field.name}")


def _on_change(**kwargs: Any) -> None:
    if not kwargs.get("raw"):
        touch()


def key_for(request: HttpRequest) -> Key | None:
    """What the page is filed under, the epoch aside; or None when the cache is not for this request."""
    meta = request.META
    if request.method not in ("GET", "HEAD") or request.path_info.startswith(PRIVATE_PREFIXES):
        return None
    if "HTTP_AUTHORIZATION" in meta or "HTTP_HX_REQUEST" in meta or "HTTP_RANGE" in meta:
        return None
    if wants_json(request):
        return None
    cookies = request.COOKIES
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies:
        return None
    query: tuple[tuple[str, str], ...] = ()
    if meta.get("QUERY_STRING"):
        if not settings.PAGE_CACHE_QUERY.issuperset(request.GET):
            return None
        query = tuple(sorted((name, value) for name, values in request.GET.lists() for value in values))
    return (
        meta.get("HTTP_HOST") or meta.get("SERVER_NAME"),
        request.scheme,
        request.path,
        query,
        get_language_from_request(request),
        "gzip" in meta.get("HTTP_ACCEPT_ENCODING", ""),
    )


def may_keep(request: HttpRequest, response: HttpResponseBase) -> bool:
    """True for a whole public page: 200, HTML, no cookie set or about to be, nobody signed in."""
    if request.method != "GET" or response.status_code != 200 or response.streaming or response.cookies:
        return False
    if not response.get("Content-Type", "").startswith("text/html"):
        return False
    control = response.get("Cache-Control", "").lower()
    if "private" in control or "no-store" in control or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return False
    user = getattr(request, "user", None)
    session = getattr(request, "session", None)
    if (user is not None and user.is_authenticated) or (session is not None and session.modified):
        return False
    return len(response.content) <= LARGEST_PAGE  # type: ignore[attr-defined]


def serve(request: HttpRequest, page: Page) -> HttpResponseBase:
    """The kept page as a response, or 304 when the visitor has it already."""
    response = HttpResponse(page.body)
    response.headers._store = {name.lower(): (name, value) for name, value in page.headers}  # type: ignore[attr-defined]
    if "HTTP_IF_NONE_MATCH" in request.META:
        answer = get_conditional_response(request, etag=page_etag(page), response=response)
        return answer if answer is not None else response
    return response


def page_etag(page: Page) -> str | None:
    return next((value for name, value in page.headers if name.lower() == "etag"), None)


def keep(key: Key, response: HttpResponseBase) -> Page:
    """File the page. Browsers may store it too, but must ask before they show it again."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-cache"
    body: bytes = response.content  # type: ignore[attr-defined]
    response["Content-Length"] = str(len(body))
    page = Page(body, list(response.items()), time.monotonic() + settings.PAGE_CACHE_SECONDS)
    shelf.put(key, page)
    return page


class PageCacheMiddleware:
    """First of all middleware: a hit returns before any of the others has done anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = key_for(request)
        if address is None:
            return self.get_response(request)
        number = epoch.fresh()
        if number is None:
            number = epoch.read()
        if number is None:
            return self.get_response(request)
        key = (number, *address)
        page = shelf.get(key)
        if page is not None:
            return serve(request, page)
        # Whoever has an old copy asks "has it changed?"; the page itself must be made all the same.
        asked = request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = self.get_response(request)
        # The epoch was read before the page was made: a change in between makes this page unreachable
        # within the second, never the other way round.
        if not may_keep(request, response):
            return response
        page = keep(key, response)
        if asked is None:
            return response
        request.META["HTTP_IF_NONE_MATCH"] = asked
        return serve(request, page)
