"""What happens when a page is not there or cannot be made."""

import asyncio
import logging
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from collaborative import errors
from collaborative.asgi import OneThreadHandler
from tests.house import urls


def ask(path: str) -> int:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
        "scheme": "http",
    }

    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(OneThreadHandler()(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.house.urls")
def test_under_asgi_a_wrong_address_is_answered_in_the_thread_of_its_request() -> None:
    urls.threads.clear()
    assert ask("/lost/") == 404
    in_the_view, on_the_404_page = urls.threads
    assert in_the_view == on_the_404_page
    connections.close_all()


@pytest.mark.django_db
def test_a_wrong_address_gets_our_page(stranger: Client) -> None:
    answer = stranger.get("/no/such/page.html")
    assert answer.status_code == 404
    assert b'id="main-content"' in answer.content


def test_a_404_page_that_fails_says_so_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rf: RequestFactory
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(errors, "page_not_found", fail)
    with caplog.at_level(logging.ERROR), pytest.raises(OSError, match="no database"):
        errors.not_found(rf.get("/x/"), Exception())
    assert "no database" in caplog.text
    assert "/x/" in caplog.text
