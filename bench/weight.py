"""What the first page of a consultation costs somebody who has never been here, in bytes over the wire.

Counted by Chromium where Playwright has one: everything that the browser fetches, headers included. Else
from the page: what its links name, compressed as a browser would ask for it. Fonts are left out of both.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from bench.figure import MOST, Figure
from bench.site import Server

PATH = "/consultations/starting-the-conversation-in-p7/"
GOAL_KB = 100
FONTS = (".woff2", ".woff", ".ttf", ".otf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STATUS_LINE = len("HTTP/1.1 200 OK\r\n\r\n")


def figures(server: Server) -> Iterator[Figure]:
    by_browser = _by_browser(server)
    sizes, how = (by_browser, "Chromium") if by_browser else (_by_links(server), "counted from the page")
    for path, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"  {size / 1000:7.1f} kB  {path}")
    yield Figure(
        name=f"first consultation page, fonts aside ({how})",
        value=sum(sizes.values()) / 1000,
        unit="kB",
        goal=GOAL_KB,
        side=MOST,
        measured=len(sizes),
        per="files",
    )


def _by_browser(server: Server) -> dict[str, int]:
    """Bytes by path as Chromium's network log has them; empty where there is no Chromium or Playwright."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with contextlib.suppress(ImportError):
        from playwright.sync_api import sync_playwright

        if executable:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"]
                )
                try:
                    return _fetched(browser.new_context().new_page(), server)
                finally:
                    browser.close()
    return {}


def _fetched(page: Any, server: Server) -> dict[str, int]:
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    link.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def begun(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        path = asked.get(event["requestId"], "").removeprefix(server.address)
        if path.startswith("/") and not path.endswith(FONTS):
            sizes[path] = sizes.get(path, 0) + int(event["encodedDataLength"])

    link.on("Network.requestWillBeSent", begun)
    link.on("Network.loadingFinished", finished)
    page.goto(server.address + PATH, wait_until="networkidle")
    return sizes


class _Links(HTMLParser):
    """What a browser fetches for a page: style sheets, scripts, pictures and icons."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kinds = set(given.get("rel", "").split())
        if tag == "link" and kinds & {"stylesheet", "icon", "modulepreload", "preload", "manifest"}:
            self.paths.append(given.get("href", ""))
        elif tag in {"script", "img"}:
            self.paths.append(given.get("src", ""))
        elif tag == "use":
            self.paths.append(given.get("href", "").partition("#")[0])


def _by_links(server: Server) -> dict[str, int]:
    parser = _Links()
    parser.feed(server.page(PATH).decode())
    paths = {path for path in parser.paths if path.startswith("/") and not path.endswith(FONTS)}
    return {path: _size(server, path) for path in {PATH, *paths}}


def _size(server: Server, path: str) -> int:
    status, headers, body = server.get(path, {"Accept-Encoding": "gzip, br", "Accept": "*/*"})
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return len(body) + STATUS_LINE + sum(len(name) + len(value) + 4 for name, value in headers.items())
