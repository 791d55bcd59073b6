"""A demonstration site, whose logins are known, answers this machine alone unless told."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest

from collaborative import asgi
from collaborative.people.models import User
from tests.database import ROOT


def ask(client: str) -> int:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    asgi.static_files, kept = inner, asgi.static_files
    try:
        asyncio.run(asgi.application({"type": "http", "client": (client, 1)}, None, send))
    finally:
        asgi.static_files = kept  # type: ignore[assignment]
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("demo", "anywhere", "client", "status"),
    [
        (True, False, "127.0.0.1", 200),
        (True, False, "::1", 200),
        (True, False, "192.0.2.1", 403),
        (True, True, "192.0.2.1", 200),
        (False, False, "192.0.2.1", 200),
    ],
)
def test_other_machines_are_turned_away(
    settings: Any, demo: bool, anywhere: bool, client: str, status: int
) -> None:
    settings.DEMO, settings.DEMO_ANYWHERE = demo, anywhere
    assert ask(client) == status


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_the_server_does_not_start_beyond_this_machine(host: str) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/serve.py"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DEMO": "1", "HOST": host, "PORT": "1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert f"does not listen on {host}" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_staff_read_on_every_screen_that_this_is_a_demonstration(
    settings: Any, demo: bool, moderator: User, client_for: Any
) -> None:
    """Made-up cases must not look like real ones."""
    settings.DEMO = demo
    for address in ("/admin/", "/admin/waiting/", "/admin/account/"):
        page = client_for(moderator).get(address)
        assert page.status_code == 200
        assert ("Demonstration site." in page.text) is demo
