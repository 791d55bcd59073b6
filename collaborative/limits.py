"""Token buckets that keep no address.

Whatever somebody writes takes a token from up to three buckets: of their account, of their receipt, and of
the network they come from; tokens come back with time. `LIMITS` says how many. The bucket of a network is
filed under a keyed hash of its address, and the key is made at random each day, kept in the cache alone and
forgotten with it, so that nobody can turn a bucket back into an address later.

A whole class often shares one address: while a class is at work, its school has a bucket of its own size.
Counting is a little inexact when two requests of one visitor race; that is the price of one read and one
write. When the cache does not answer, nothing is counted and nobody is stopped: a limit protects people from
a flood, and must not itself cost them their words.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from redis.exceptions import RedisError

from collaborative.errors import too_many

DAY = 24 * 60 * 60
NO_CACHE = (RedisError, OSError)


@dataclass(frozen=True)
class Bucket:
    capacity: int
    per_minute: float


@dataclass(frozen=True)
class Limit:
    """`each`: one account or one receipt. `network`: one address. `school`: one with a class at work."""

    each: Bucket
    network: Bucket
    school: Bucket


# A class of thirty saves a screen each every few seconds, and writes a comment each every minute or so.
LIMITS = {
    "join": Limit(each=Bucket(60, 30), network=Bucket(60, 30), school=Bucket(400, 300)),
    "respond": Limit(each=Bucket(300, 200), network=Bucket(300, 200), school=Bucket(900, 600)),
    # A file takes disk, and time to look into.
    "file": Limit(each=Bucket(10, 3), network=Bucket(40, 10), school=Bucket(40, 10)),
    "post": Limit(each=Bucket(8, 6), network=Bucket(40, 20), school=Bucket(200, 120)),
    "change": Limit(each=Bucket(20, 10), network=Bucket(60, 30), school=Bucket(200, 120)),
    # A workshop of sixty comes in within a minute through one network, and writes all at once.
    "enter": Limit(each=Bucket(20, 10), network=Bucket(200, 120), school=Bucket(400, 300)),
    "note": Limit(each=Bucket(30, 20), network=Bucket(400, 600), school=Bucket(400, 600)),
    "support": Limit(each=Bucket(30, 30), network=Bucket(120, 60), school=Bucket(400, 300)),
    # Whatever people do in a workshop that they have joined: a hall with hundreds is one address.
    "room": Limit(each=Bucket(60, 60), network=Bucket(900, 1200), school=Bucket(900, 1200)),
    "wrong": Limit(each=Bucket(10, 4), network=Bucket(40, 10), school=Bucket(80, 40)),
    "ask": Limit(each=Bucket(6, 1), network=Bucket(12, 2), school=Bucket(24, 4)),
    # A library or an office shares one address, and registers together.
    "register": Limit(each=Bucket(6, 2), network=Bucket(40, 10), school=Bucket(80, 20)),
    "appeal": Limit(each=Bucket(6, 2), network=Bucket(30, 10), school=Bucket(60, 30)),
}


class Place(Protocol):
    """What something is given to, as far as this module has to know it."""

    def class_is_open(self) -> bool: ...


def address(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network (/64), since one household has the whole of it.

    X-Forwarded-For is believed only for the last TRUSTED_PROXIES entries: those our own proxies wrote.
    """
    found = request.META.get("REMOTE_ADDR") or ""
    if settings.TRUSTED_PROXIES:
        hops = [
            part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        if len(hops) >= settings.TRUSTED_PROXIES:
            found = hops[-settings.TRUSTED_PROXIES]
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


_lately: tuple[str, float, bytes] = ("", 0.0, b"")  # name, until when it may be used, secret


def _secret_of_the_day() -> bytes:
    """Asked of the cache once a second in each process: one request needs it up to eight times."""
    global _lately
    name = f"limits:secret:{timezone.localdate().isoformat()}"
    known, until, secret = _lately
    if known != name or until < time.monotonic():
        secret = _shared_secret(name)
        _lately = (name, time.monotonic() + 1, secret)
    return secret


def forget() -> None:
    """Ask the cache for the secret at the next request: it was emptied."""
    global _lately
    _lately = ("", 0.0, b"")


def _shared_secret(name: str) -> bytes:
    try:
        secret = cache.get(name)
        if secret is None:
            # add() keeps the first of two processes' secrets; whoever was second reads it back.
            cache.add(name, secrets.token_bytes(32), timeout=DAY)
            secret = cache.get(name)
    except NO_CACHE:
        secret = None
    return secret or b"cache is off"


def keyed(words: str) -> str:
    """64 hexadecimal digits that stand for these words today, and for nothing tomorrow."""
    return hmac.new(_secret_of_the_day(), words.encode(), hashlib.sha256).hexdigest()


def pseudonym(request: HttpRequest, action: str) -> str:
    """What stands for this visitor and action today, and for nothing tomorrow."""
    return keyed(f"{action}\n{address(request)}")


def times(name: str, what: str, seconds: int) -> int:
    """How often this was counted within the time, this once included. `what` is kept as a keyed hash."""
    key = f"limits:times:{name}:{keyed(what)}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key)
    except (ValueError, *NO_CACHE):  # it ran out between the two lines, or nothing counts just now
        return 1


def spend(
    request: HttpRequest,
    action: str,
    *,
    receipt: int | str | None = None,
    engagement: Place | None = None,
) -> int:
    """Take a token for `action`, one of LIMITS. 0 when there was one, else the whole seconds to wait.

    Nothing is taken where any of the buckets is empty. With `engagement`, a school has more room while a
    class is at work there; that is asked (one query) only once the ordinary bucket of the network is empty.
    `receipt`: whatever tells one respondent from another; only a keyed hash of it is kept.
    """
    limit = LIMITS[action]
    buckets = {f"limits:{action}:{pseudonym(request, action)}": limit.network}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        buckets[f"limits:{action}:account:{keyed(str(user.pk))}"] = limit.each
    if receipt is not None:
        buckets[f"limits:{action}:receipt:{keyed(str(receipt))}"] = limit.each
    network, *_others = buckets
    try:
        wait = _take(buckets)
        if not wait or engagement is None or limit.school == limit.network or not engagement.class_is_open():
            return wait
        del buckets[network]
        return _take({f"{network}:school": limit.school, **buckets})
    except NO_CACHE:
        return 0


def _take(buckets: dict[str, Bucket]) -> int:
    """One token from each, or none at all and the seconds until there is one in all of them."""
    now = time.time()
    kept = cache.get_many(buckets)
    tokens, longest = {}, 0
    for key, bucket in buckets.items():
        left, then = kept.get(key) or (float(bucket.capacity), now)
        left = min(float(bucket.capacity), left + max(0.0, now - then) * bucket.per_minute / 60)
        if left < 1:
            longest = max(longest, 1, math.ceil((1 - left) * 60 / bucket.per_minute))
        tokens[key] = (left - 1, now)
    if not longest:
        slowest = max(bucket.capacity / bucket.per_minute for bucket in buckets.values())
        cache.set_many(tokens, timeout=min(DAY, math.ceil(slowest * 60) + 1))
    return longest


def wait_for(request: HttpRequest, action: str, capacity: int, refill_per_minute: float) -> int:
    """Take a token of a bucket that the caller measures. 0 when there was one, else the seconds to wait."""
    try:
        return _take({f"limits:{pseudonym(request, action)}": Bucket(capacity, refill_per_minute)})
    except NO_CACHE:
        return 0


def give_back(request: HttpRequest, action: str, capacity: int, refill_per_minute: float) -> None:
    """Undo one `wait_for`: what was limited was guessing, and this was no guess (KID-2)."""
    key = f"limits:{pseudonym(request, action)}"
    try:
        if kept := cache.get(key):
            full_again = math.ceil(capacity * 60 / refill_per_minute)
            cache.set(key, (min(capacity, kept[0] + 1), kept[1]), timeout=min(DAY, full_again + 1))
    except NO_CACHE:
        return


def allow(request: HttpRequest, action: str, capacity: int, refill_per_minute: float) -> bool:
    """True when this visitor may do `action` now; takes one token of `capacity`."""
    return wait_for(request, action, capacity, refill_per_minute) == 0


def limited(
    action: str, capacity: int, refill_per_minute: float, methods: frozenset[str] = frozenset({"POST"})
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a view: past the limit the visitor gets the 429 page instead. Only `methods` take tokens."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                wait = wait_for(request, action, capacity, refill_per_minute)
                if wait:
                    return too_many(request, wait=wait)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
