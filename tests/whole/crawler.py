"""Reading the whole site as a stranger does: from the front page along every link, and what to look for."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client

HOST = "testserver"
BASE = f"http://{HOST}"
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
LOADS = {  # what makes a browser ask for something by itself
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "use": ("href",),
    "image": ("href",),
}
LINK_LOADS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"})


class Reader(HTMLParser):
    """What one page holds: its links, what it loads, its headings and its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.loads: list[str] = []
        self.h1 = 0
        self.lang = ""
        self.title = ""
        self.faults: list[str] = []
        self._stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._stack.append(tag)
        self.h1 += tag == "h1"
        if tag == "html":
            self.lang = given.get("lang", "")
        self._forbidden(tag, given)
        for name in LOADS.get(tag, ()):
            if given.get(name):
                self.loads.append(given[name].split()[0])
        if tag == "link" and LINK_LOADS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        elif tag in ("a", "area", "link") and given.get("href"):
            self.links.append(given["href"])
        if tag == "form" and given.get("method", "get").lower() == "get" and given.get("action"):
            self.links.append(given["action"])

    def _forbidden(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style":
            self.faults.append("a <style> element")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.faults.append("a <script> with its text in the page")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{tag} {name}={value[:40]!r}")
            if value.strip().lower().startswith("javascript:"):
                self.faults.append(f"{tag} {name}={value[:40]!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._stack[-1:] == ["title"] and "svg" not in self._stack:
            self.title += data


@cache
def read(body: str) -> Reader:
    """Taking a page apart costs as much as making it, and the same page is met again in other walks."""
    reader = Reader()
    reader.feed(body)
    return reader


@dataclass
class Visit:
    """One answer of the site."""

    address: str
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str
    found_on: str

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html"

    @property
    def reader(self) -> Reader:
        return read(self.body if self.is_page else "")


def ask(client: Client, address: str, found_on: str = "", **headers: str) -> Visit:
    """One request, redirects shown as they are."""
    response: Any = client.get(address, headers=headers or None)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Visit(
        address,
        response.status_code,
        {name.lower(): value for name, value in response.items()},
        [morsel.OutputString() for morsel in response.cookies.values()],
        body.decode("utf-8", errors="replace"),
        found_on,
    )


def here(found: str, on: str) -> str | None:
    """The address on this site that a link leads to, without its fragment; None when it leads elsewhere."""
    whole = urldefrag(urljoin(f"{BASE}{on}", found.strip())).url
    parts = urlsplit(whole)
    own = parts.scheme in ("http", "https") and parts.netloc in (HOST, "127.0.0.1:8000")
    if not own:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def crawl(
    starts: Iterable[str], *, at_most: int = 3_000, passing: str = "/static/", **headers: str
) -> dict[str, Visit]:
    """Every address of the site that can be reached from `starts` by following links, breadth first.

    Each request comes from somebody without a cookie. Static files are not opened, and `passing` is the start
    of addresses that are passed by.
    """
    waiting = deque((address, "") for address in starts)
    visits: dict[str, Visit] = {}
    while waiting:
        address, found_on = waiting.popleft()
        if address in visits or address.startswith(("/static/", passing)):
            continue
        assert len(visits) < at_most, f"the site has no end: {address} found on {found_on}"
        visit = visits[address] = ask(Client(), address, found_on, **headers)
        for found in _onward(visit):
            onward = here(found, address)
            if onward is not None and onward not in visits:
                waiting.append((onward, address))
    return visits


def _onward(visit: Visit) -> list[str]:
    if 300 <= visit.status < 400:
        return [visit.headers.get("location", "")]
    if visit.kind.endswith("xml"):
        return _addresses_in_xml(visit.body)
    return visit.reader.links


def _addresses_in_xml(body: str) -> list[str]:
    import xml.etree.ElementTree as ET

    root = ET.fromstring(body)
    found = [e.text or "" for e in root.iter() if e.tag.endswith("}loc")]
    return found + [e.get("href", "") for e in root.iter() if e.tag.endswith("}link")]


def parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
