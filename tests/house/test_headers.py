"""What browsers are told: policies, cookies, and production settings without a warning."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from collaborative.csp import PolicyMiddleware
from collaborative.people.models import User

ROOT = Path(__file__).resolve().parent.parent.parent


def policy(answer: object) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]  # type: ignore[index]
    return {words[0]: words[1:] for words in parts}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/no-such-page/", "/i18n/setlang/"])
def test_public_pages_allow_nothing_unsafe_and_nobody_elses(stranger: Client, address: str) -> None:
    found = policy(stranger.get(address))
    assert found["default-src"] == ["'self'"]
    assert found["img-src"] == ["'self'", "data:"]
    assert found["frame-ancestors"] == ["'none'"]
    assert found["object-src"] == ["'none'"]
    assert not {"script-src", "style-src", "connect-src"} & set(found), "each falls back on default-src"
    words = " ".join(word for values in found.values() for word in values)
    assert "unsafe" not in words
    assert "nonce" not in words
    assert "http" not in words


@pytest.mark.django_db
def test_the_admin_loads_from_this_site_alone(client_for: Callable, editor: User) -> None:
    found = policy(client_for(editor).get("/admin/"))
    assert found["frame-ancestors"] == ["'none'"]
    assert found["script-src-attr"] == ["'none'"]
    assert found["style-src"] == ["'self'"], "no styles in attributes"
    assert found["style-src-elem"] == ["'self'", "'unsafe-inline'"], "for the editor of rich text"
    words = [word for values in found.values() for word in values]
    assert "'unsafe-eval'" not in words
    assert not [word for word in words if "http" in word or word == "*"]


@pytest.mark.django_db
def test_a_preview_is_a_public_page_that_only_the_editor_may_frame(
    rf: RequestFactory,
) -> None:
    inner = PolicyMiddleware(lambda request: HttpResponse())(rf.get("/model/"))
    outer = PolicyMiddleware(lambda request: inner)(rf.get("/admin/pages/3/edit/preview/"))
    found = policy(outer)
    assert found["frame-ancestors"] == ["'self'"]
    assert found["default-src"] == ["'self'"]
    assert "script-src" not in found
    assert outer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_every_answer_carries_the_other_headers(stranger: Client) -> None:
    answer = stranger.get("/accounts/login/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("geolocation", "camera", "microphone"):
        assert f"{feature}=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_the_language_form_needs_no_token_and_sends_nobody_elsewhere() -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/i18n/setlang/", {"language": "gd", "next": "https://evil.example/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert answer.cookies["django_language"].value == "gd"


@pytest.mark.django_db
def test_healthz_names_the_database_and_the_channel_layer(stranger: Client) -> None:
    answer = stranger.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "channel_layer": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_healthz_says_what_failed(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError

    monkeypatch.setattr("collaborative.health._database", fail)
    answer = stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "failed", "channel_layer": "ok"}


@pytest.mark.django_db
@pytest.mark.urls("tests.house.urls")
def test_a_refusal_without_a_form_becomes_a_message_where_the_person_came_from(stranger: Client) -> None:
    answer = stranger.post("/refuse/", headers={"referer": "http://testserver/accounts/login/"}, follow=True)
    assert answer.redirect_chain == [("http://testserver/accounts/login/", 302)]
    assert b"Sentence 3 has no reason." in answer.content
    elsewhere = stranger.post("/refuse/", headers={"referer": "https://evil.example/"})
    assert elsewhere["Location"] == "/"


def production(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """manage.py with the environment of a real site."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    settings = {
        "BASE_URL": "https://have-your-say.example.org",
        "SECRET_KEY": "a-real-site-has-a-long-random-key-" * 3 + "0123456789!?#",
        "DATABASE_URL": "sqlite:///var/test/production.sqlite3",
        "VAR_DIR": str(ROOT / "var" / "test"),
        "TRUSTED_PROXIES": "1",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, **settings, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_djangos_deployment_checks() -> None:
    done = production("check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_a_real_site_without_a_key_does_not_start() -> None:
    done = production("check", SECRET_KEY="")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_cookies_and_transport_are_secure_where_the_address_is_https() -> None:
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.DEMO)"
    )
    assert production("shell", "--no-imports", "-c", asked).stdout.split() == ["True"] * 5 + ["False"] * 2
