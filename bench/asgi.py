"""The site, and beside it in the same process the bare view without any of the site's middleware.

/bench/bytes/<n>/ goes the way of every page of the site; /bare/bytes/<n>/ meets nothing but Django.
"""

from typing import Any

from collaborative.asgi import application as site

from django.core.handlers.asgi import ASGIHandler  # isort: skip  # the site's application sets Django up first
from django.test import override_settings  # isort: skip

with override_settings(MIDDLEWARE=[]):
    bare = ASGIHandler()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"].startswith("/bare/"):
        path = scope["path"].replace("/bare/", "/bench/", 1)
        await bare({**scope, "path": path, "raw_path": path.encode()}, receive, send)
    else:
        await site(scope, receive, send)
