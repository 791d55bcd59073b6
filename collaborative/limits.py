"""Token buckets that keep no address.

Each visitor has a bucket per action. Asking takes one token; tokens come back with time. The bucket
is filed under a keyed hash of the visitor's address, and the key is made at random each day, kept in
the cache alone and forgotten with it, so that nobody can turn a bucket back into an address later.

Counting is a little inexact when two requests of one visitor race; that is the price of one read and
one write. A whole class often shares one address: give actions that pupils use room for thirty at once.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from collaborative.errors import too_many

DAY = 24 * 60 * 60


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


def _secret_of_the_day() -> bytes:
    name = f"limits:secret:{timezone.localdate().isoformat()}"
    secret = cache.get(name)
    if secret is None:
        # add() keeps the first of two processes' secrets; whoever was second reads it back.
        cache.add(name, secrets.token_bytes(32), timeout=DAY)
        secret = cache.get(name) or b"cache is off"
    return secret


def keyed(words: str) -> str:
    """64 hexadecimal digits that stand for these words today, and for nothing tomorrow."""
    return hmac.new(_secret_of_the_day(), words.encode(), hashlib.sha256).hexdigest()


def pseudonym(request: HttpRequest, action: str) -> str:
    """What stands for this visitor and action today, and for nothing tomorrow."""
    return keyed(f"{action}\n{address(request)}")


def times(name: str, what: str, seconds: int) -> int:
    """How often this was counted within the time, this once included. `what` is kept as a keyed hash."""
    key = f"limits:times:{name}:{keyed(what)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two lines
        cache.add(key, 1, timeout=seconds)
        return 1


def wait_for(request: HttpRequest, action: str, capacity: int, refill_per_minute: float) -> int:
    """Take a token. 0 when there was one, else the whole seconds until the next."""
    key = f"limits:{pseudonym(request, action)}"
    now = time.time()
    tokens, then = cache.get(key) or (float(capacity), now)
    tokens = min(float(capacity), tokens + max(0.0, now - then) * refill_per_minute / 60)
    if tokens < 1:
        return max(1, math.ceil((1 - tokens) * 60 / refill_per_minute))
    full_again = math.ceil(capacity * 60 / refill_per_minute)
    cache.set(key, (tokens - 1, now), timeout=min(DAY, full_again + 1))
    return 0


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
