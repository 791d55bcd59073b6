"""deploy/nginx.conf.template as it ships, before two web processes on PostgreSQL and Redis."""

import json
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.browser.serving import Server
from tests.services.fleet import Nginx, fleet
from tests.threads import talking

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.REDIS_URL, reason="several processes need Redis"),
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@pytest.fixture
def webs(django_db_setup: Any, transactional_db: None) -> Iterator[list[Server]]:
    with fleet(2, django_db_setup.url, "tests.services.settings") as running:
        yield running


@pytest.fixture
def proxy(webs: list[Server], tmp_path: Path) -> Iterator[tuple[str, ssl.SSLContext]]:
    nginx = Nginx(tmp_path, webs)
    with nginx.running() as address:
        yield address, ssl.create_default_context(cafile=str(nginx.certificate))


def asked(
    proxy: tuple[str, ssl.SSLContext], path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Message]:
    """The status and the headers of the answer; redirects are followed, as a browser does."""
    address, trust = proxy
    request = urllib.request.Request(address + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, context=trust, timeout=20) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_a_page_comes_through_by_https_and_stays_there(proxy: tuple[str, ssl.SSLContext]) -> None:
    status, headers = asked(proxy, "/groups/")
    assert status == 200, "SECURE_SSL_REDIRECT is on: without the proxy's word this goes round in a ring"
    assert "max-age=3600" in headers["Strict-Transport-Security"]


def test_an_address_that_a_visitor_claims_is_not_believed(
    proxy: tuple[str, ssl.SSLContext], webs: list[Server]
) -> None:
    webs[0].kill()  # in tests each process keeps a cache of its own, and so limits of its own
    statuses = [
        asked(proxy, "/receipt/", b"", **{"X-Forwarded-For": f"203.0.113.{n}"})[0] for n in range(1, 120)
    ]
    assert 429 in statuses


def test_a_post_in_one_process_reaches_a_socket_of_the_other_through_the_proxy(
    proxy: tuple[str, ssl.SSLContext], webs: list[Server]
) -> None:
    address, trust = proxy
    thread = talking.thread()
    where = f"{address.replace('https', 'wss')}/ws/live/?s=thread.{thread.pk}:0"
    with ExitStack() as stack:
        sockets = [stack.enter_context(connect(where, ssl=trust, origin=Origin(address))) for _ in webs * 2]
        for one in sockets:
            assert "hello" in json.loads(one.recv(20))
        talking.shown(thread, "The bus leaves before the office opens.")
        for one in sockets:
            changes: list[dict[str, Any]] = []
            while not changes or changes[-1]["seq"] < 2:  # first, that the thread was opened
                changes += json.loads(one.recv(20)).get("changes", [])
            assert [change["seq"] for change in changes] == [1, 2]
            assert "The bus leaves" in changes[-1]["html"]


def test_a_process_that_was_killed_is_not_missed(
    proxy: tuple[str, ssl.SSLContext], webs: list[Server]
) -> None:
    webs[0].kill()
    assert {asked(proxy, "/groups/")[0] for _ in range(20)} == {200}
