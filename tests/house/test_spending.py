"""Every write takes a token: of the account, of the receipt, of the network; a school at work has more."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisIsDown

from collaborative import limits
from collaborative.engagements.models import JoinCode
from collaborative.people.models import User
from tests.moderation.giving import engagement

POST = limits.LIMITS["post"]


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"time": 1_000_000.0}
    monkeypatch.setattr(limits.time, "time", lambda: now["time"])
    return now


class Nowhere:
    """A place without a class; it counts how often that was asked."""

    asked = 0

    def class_is_open(self) -> bool:
        self.asked += 1
        return False


def request(address: str = "192.0.2.1", user: Any = None) -> Any:
    found = RequestFactory().post("/", REMOTE_ADDR=address)
    found.user = user or AnonymousUser()
    return found


def spent(times: int, **how: Any) -> int:
    """How many of so many went through."""
    asked = how.pop("request", None) or request()
    return sum(limits.spend(asked, "post", **how) == 0 for _ in range(times))


def test_one_receipt_has_its_own_bucket_wherever_it_comes_from() -> None:
    assert spent(POST.each.capacity + 3, receipt=7) == POST.each.capacity
    assert spent(3, receipt=7, request=request("192.0.2.99")) == 0
    assert spent(3, receipt=8) == 3


def test_one_account_has_its_own_bucket_wherever_it_comes_from() -> None:
    pat = User(pk=1, email="pat@example.org")
    assert spent(POST.each.capacity + 3, request=request(user=pat)) == POST.each.capacity
    assert spent(3, request=request("192.0.2.99", user=pat)) == 0
    assert spent(3, request=request(user=User(pk=2, email="kim@example.org"))) == 3


def test_a_flood_of_a_thousand_from_one_source_stops_itself_and_nobody_else() -> None:
    one = request("203.0.113.1")
    through = sum(limits.spend(one, "post", receipt=n) == 0 for n in range(1000))  # a new receipt each time
    assert through == POST.network.capacity
    assert spent(POST.each.capacity, request=request("198.51.100.1"), receipt="other") == POST.each.capacity


def test_being_refused_takes_nothing() -> None:
    assert spent(POST.each.capacity + 500, receipt=7) == POST.each.capacity
    left = POST.network.capacity - POST.each.capacity
    assert sum(limits.spend(request(), "post", receipt=n) == 0 for n in range(100, 200)) == left


def test_it_says_how_long_and_keeps_its_word(at: dict[str, float]) -> None:
    spent(POST.each.capacity, receipt=7)
    wait = limits.spend(request(), "post", receipt=7)
    assert wait == 60 / POST.each.per_minute
    at["time"] += wait
    assert limits.spend(request(), "post", receipt=7) == 0


@pytest.mark.django_db
def test_a_school_behind_one_address_has_room_while_its_class_is_open() -> None:
    here, now = engagement(), timezone.now()
    pupils = range(POST.school.capacity)
    before = sum(limits.spend(request(), "post", receipt=n, engagement=here) == 0 for n in pupils)
    assert before == POST.network.capacity
    code = JoinCode.objects.create(
        engagement=here,
        kind="class",
        code_hash="x",
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(hours=1),
    )
    assert sum(limits.spend(request(), "post", receipt=-n, engagement=here) == 0 for n in pupils) == len(
        pupils
    )
    code.valid_until = now
    code.save()
    assert limits.spend(request(), "post", receipt="late", engagement=here) > 0


def test_whether_a_class_is_open_is_asked_only_when_it_matters() -> None:
    place = Nowhere()
    assert spent(POST.network.capacity // 2, engagement=place) == POST.network.capacity // 2
    assert place.asked == 0


def test_no_address_account_or_receipt_stands_in_the_cache() -> None:
    cache.clear()  # what other tests of this process left there is theirs
    pat = User(pk=424242, email="pat@example.org")
    limits.spend(request("203.0.113.77", user=pat), "post", receipt="MOSS-4TC9-7W")
    kept = repr(getattr(cache, "_cache", {}))
    assert not any(word in kept for word in ("203.0.113.77", "424242", "MOSS"))


def test_without_a_cache_nobody_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise RedisIsDown

    for name in ("get", "add", "set", "incr", "get_many", "set_many"):
        monkeypatch.setattr(cache, name, away)
    assert spent(100, receipt=7) == 100


def test_an_action_that_nobody_measured_is_an_error() -> None:
    with pytest.raises(KeyError):
        limits.spend(request(), "dance")
