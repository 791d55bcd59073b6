"""A real server, a real browser, and no patience with errors on the console or requests to other sites."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from collaborative.people.models import User
from tests.browser.chromium import executable
from tests.browser.serving import collect_static
from tests.database import KEPT, ROOT

PHONE, DESKTOP = 360, 1280
CACHES_SINCE = KEPT / f"caches-{os.getpid()}"
without_script: set[Page] = set()
FAULTS_ALONE = {"resultTypes": ["violations"]}  # every rule is asked; what passed is not described


@pytest.fixture(scope="package")
def static_files() -> None:
    collect_static()


@pytest.fixture(scope="package")
def server(django_db_setup: Any, static_files: None) -> Iterator[tuple[str, Path]]:
    """The application under uvicorn, on this process's test database: its address and its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": django_db_setup.url,
        "DEMO_PASSWORD": "",
        "CACHES_SINCE": str(CACHES_SINCE),
    }
    CACHES_SINCE.touch()
    log = KEPT / f"server-{os.getpid()}.log"
    with open(log, "w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "collaborative.asgi:application", "--port", str(port)),
                *("--timeout-graceful-shutdown", "2", "--lifespan", "off", "--no-access-log"),
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, log)
        yield address, log
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        log.unlink()
        CACHES_SINCE.unlink()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Closed after this package: it keeps an event loop running in this thread."""
    path = executable()
    if path is None:
        pytest.fail("There is no Chromium: apt-get install chromium, or set CHROMIUM to its path.")
    # Playwright's loop makes Django think that these plain tests were asynchronous.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # While the loop runs, this thread has another set of connections. One left open in the first set would
    # come back dead after these tests, for on PostgreSQL each of them drops its database.
    connections.close_all()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=[
                *("--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"),
                # One site is all they see, and a process for each of its windows costs more than the page.
                *("--process-per-site", "--disable-features=IsolateOrigins,site-per-process"),
            ],
        )
        yield chromium
        connections.close_all()
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Site:
    """The site as somebody sees it. Every browser window it opens is watched."""

    def __init__(self, address: str, browser: Browser, client_for: Callable[[User], Any]) -> None:
        self.address = address
        self._browser = browser
        self._client_for = client_for
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def window(
        self,
        *,
        width: int = DESKTOP,
        javascript: bool = True,
        user: User | None = None,
        statuses: tuple[int, ...] = (),
        drops: bool = False,
        **options: Any,
    ) -> Page:
        """A new window with cookies of its own, `user` signed in to it (second factor and all).

        `statuses` are answers such as 404 that the test asks for and that are therefore no complaint; so is
        what Chromium says of a line that `drops`.
        """
        context = self._browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **{"locale": "en-GB", **options},
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        if user is not None:
            cookie = self._client_for(user).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page = context.new_page()
        if not javascript:
            without_script.add(page)
        context.on("console", lambda message: self._heard(message, statuses, drops))
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._asked)
        return page

    def _heard(self, message: ConsoleMessage, statuses: tuple[int, ...], drops: bool) -> None:
        expected = any(f"status of {status}" in message.text for status in statuses)
        expected |= drops and "net::ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not expected:
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.complaints.append(f"asked another site: {request.url}")

    def close(self) -> None:
        for context in self._contexts:
            without_script.difference_update(context.pages)
            context.close()


@pytest.fixture
def site(
    transactional_db: None, server: tuple[str, Path], browser: Browser, client_for: Callable[[User], Any]
) -> Iterator[Site]:
    """Open windows with `site.window(...)`; the test fails on any console error or cross-origin request."""
    address, log = server
    CACHES_SINCE.touch()
    said_before = log.stat().st_size
    opened = Site(address, browser, client_for)
    yield opened
    opened.close()
    assert opened.complaints == [], log.read_bytes()[said_before:].decode(errors="replace")[-6000:]


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def assert_axe_clean() -> Callable[..., None]:
    """`assert_axe_clean(page)`: axe finds nothing. `within` limits it to a CSS selector."""

    def check(page: Page, *, within: str | None = None) -> None:
        page.wait_for_load_state()  # half of a page that is under way has no heading yet
        # Without script axe never answers, and a run of the tests would wait for it for ever.
        assert page not in without_script, f"axe cannot look at {page.url}: its window has no script"
        found = Axe().run(page, context=within, options=FAULTS_ALONE).response["violations"]
        lines = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
            + "\n".join(f"    {node['target']} {node['html'][:160]}" for node in rule["nodes"])
            for rule in found
        ]
        assert not found, f"{page.url}\n" + "\n".join(lines)

    return check


def assert_no_sideways_scrolling(page: Page) -> None:
    """Nothing is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the window"
