"""Token buckets: they fill, they refill, they tell visitors apart, and they keep no address."""

import ipaddress
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from collaborative import limits


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"time": 1_000_000.0}
    monkeypatch.setattr(limits.time, "time", lambda: now["time"])
    return now


def request(address: str = "192.0.2.1", **meta: str) -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=address, **meta)


def test_it_works(at: dict[str, float]) -> None:
    asked = [limits.allow(request(), "respond", capacity=2, refill_per_minute=6) for _ in range(4)]
    assert asked == [True, True, False, False]


def test_a_token_comes_back_with_time(at: dict[str, float]) -> None:
    for _ in range(2):
        limits.allow(request(), "respond", 2, 6)
    assert limits.wait_for(request(), "respond", 2, 6) == 10
    at["time"] += 9
    assert not limits.allow(request(), "respond", 2, 6)
    at["time"] += 1
    assert limits.allow(request(), "respond", 2, 6)
    assert not limits.allow(request(), "respond", 2, 6)


def test_it_never_holds_more_than_its_capacity(at: dict[str, float]) -> None:
    limits.allow(request(), "respond", 2, 6)
    at["time"] += 3600
    assert [limits.allow(request(), "respond", 2, 6) for _ in range(3)] == [True, True, False]


def test_a_clock_set_back_takes_nothing_away(at: dict[str, float]) -> None:
    limits.allow(request(), "respond", 3, 6)
    at["time"] -= 3600
    assert limits.allow(request(), "respond", 3, 6)


def test_actions_and_visitors_have_buckets_of_their_own(at: dict[str, float]) -> None:
    assert limits.allow(request(), "login", 1, 1)
    assert not limits.allow(request(), "login", 1, 1)
    assert limits.allow(request(), "receipt", 1, 1)
    assert limits.allow(request("192.0.2.2"), "login", 1, 1)


def test_one_ipv6_network_is_one_visitor() -> None:
    assert limits.address(request("2001:db8::1")) == limits.address(request("2001:db8::ffff"))
    assert limits.address(request("2001:db8::1")) != limits.address(request("2001:db8:0:1::1"))
    assert limits.address(request("::ffff:192.0.2.1")) == "192.0.2.1"


def test_x_forwarded_for_is_not_believed_without_a_proxy_of_ours() -> None:
    assert limits.address(request(HTTP_X_FORWARDED_FOR="203.0.113.9")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "nonsense", "unknown"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_entries_that_our_own_proxies_wrote_count(
    settings: Any, proxies: int, header: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert limits.address(request(HTTP_X_FORWARDED_FOR=header)) == found


def test_nothing_stored_holds_or_leads_back_to_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[tuple[str, object]] = []
    real = cache.set_many

    def record(data: dict[str, object], **options: Any) -> list[str]:
        stored.extend(data.items())
        return real(data, **options)

    monkeypatch.setattr(cache, "set_many", record)
    limits.allow(request("203.0.113.77"), "respond", 5, 5)
    assert stored
    assert all("203.0.113.77" not in f"{key} {value}" for key, value in stored)
    before = limits.pseudonym(request("203.0.113.77"), "respond")
    monkeypatch.setattr(limits.timezone, "localdate", lambda: __import__("datetime").date(2030, 1, 1))
    assert limits.pseudonym(request("203.0.113.77"), "respond") != before
    assert ipaddress.ip_address("203.0.113.77")


@pytest.mark.django_db
@pytest.mark.urls("tests.house.urls")
def test_the_page_past_the_limit_says_how_long_to_wait(stranger: Client, at: dict[str, float]) -> None:
    answers = [stranger.post("/slow/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "10"
    assert b"10 seconds" in answers[3].content
    assert stranger.get("/slow/").status_code == 200
