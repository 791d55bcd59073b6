"""The application as the server sees it: the demonstration's guard, then sockets, static files, Django."""

import gc
import ipaddress
import os
from typing import Any

import django
from asgiref.sync import sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collaborative.settings")
django.setup(set_prefix=False)

from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponseBase  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from servestatic import ServeStaticASGI  # noqa: E402

from collaborative.live.consumer import LiveSocket  # noqa: E402
from collaborative.turns import Turns  # noqa: E402


class OneThreadHandler(ASGIHandler):
    """Django's handler, with everything between request and response in the request's own thread.

    Left to itself, Django under ASGI renders the page for a 404 in a thread of a shared pool. A query
    made there opens a connection that nobody closes, and enough of them would empty the database's pool.
    """

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns()

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        async with self.turns.turn(request.method):
            return await sync_to_async(self.get_response, thread_sensitive=True)(request)


django_application = OneThreadHandler()
# Every room is loaded before the first request: after a restart all visitors come at once, and each of their
# threads would wait for the same imports.
get_resolver().url_patterns  # noqa: B018
# What is loaded by now stays: the collector of cycles need not look through it again and again.
gc.collect()
gc.freeze()


def is_loopback(host: str) -> bool:
    """True for 127.0.0.0/8 and ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def turned_away(scope: Any) -> bool:
    """A demonstration site, whose logins are in the open, answers this machine only unless told."""
    if not settings.DEMO or settings.DEMO_ANYWHERE or scope["type"] not in ("http", "websocket"):
        return False
    return not is_loopback((scope.get("client") or ("127.0.0.1", 0))[0])


async def application(scope: Any, receive: Any, send: Any) -> None:
    """One application for everything: sockets of live pages, static files, pages."""
    if turned_away(scope):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"A demonstration site. See DEMO_ANYWHERE."})
    elif scope["type"] == "websocket":
        await sockets(scope, receive, send)
    else:
        await static_files(scope, receive, send)


def same_origin_only(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


# Cookies come along with a socket that any other site opens, so only pages of ours may open one.
sockets = AllowedHostsOriginValidator(LiveSocket())

static_files = ServeStaticASGI(
    django_application,
    root=str(settings.STATIC_ROOT) if settings.STATIC_ROOT.exists() else None,
    prefix=settings.STATIC_URL,
    max_age=60,
    allow_all_origins=False,
    # The manifest storage puts a hash of the content into the name, so such a file never changes.
    immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$",
    add_headers_function=same_origin_only,
)
