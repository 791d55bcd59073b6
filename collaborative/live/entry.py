"""Who may follow which streams: looked up for each account, and once for all strangers who come together.

After a restart everybody comes back at the same moment. Nearly all of them are strangers, to whom one answer
applies; asked for each, two thousand of them would wait longer than the restart took.
"""

import asyncio
import logging
import secrets
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, parse_cookie

from collaborative import limits
from collaborative.live.models import Stream
from collaborative.live.registry import find

logger = logging.getLogger(__name__)

DOORS = 4  # sockets whose right to enter is looked up at the same time
# A school behind one address may open this many at once.
JOINS, JOINS_PER_MINUTE = 1500, 600

FORBIDDEN, TOO_MANY, LATER = 4403, 4429, 1013

Keys = tuple[str, ...]
Found = dict[str, int] | int  # how far each stream is, or the code of the refusal


class Entry:
    """The way into one process."""

    def __init__(self) -> None:
        self._door = asyncio.Semaphore(DOORS)
        self._next: dict[Keys, asyncio.Task[Found]] = {}
        self._looking: set[asyncio.Task[Found]] = set()

    async def enter(self, keys: Keys, scope: Any) -> tuple[str, dict[str, int]] | int:
        """Who it is and how far the streams are, or the code of the refusal."""
        if await _come_too_often(scope):
            return TOO_MANY
        if _is_stranger(scope):
            found = await self._with_other_strangers(keys)
            return found if isinstance(found, int) else (secrets.token_hex(8), found)
        return await self._with_account(keys, scope)

    async def _with_other_strangers(self, keys: Keys) -> Found:
        """Whoever comes while one look is under way waits for the next: only what is read after somebody
        joined the hub tells them truly how far the streams are."""
        task = self._next.get(keys)
        if task is None:
            task = self._next[keys] = asyncio.create_task(self._look_for_strangers(keys))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        return await asyncio.shield(task)

    async def _look_for_strangers(self, keys: Keys) -> Found:
        async with self._door, ThreadSensitiveContext():
            del self._next[keys]
            try:
                return await database_sync_to_async(_look)(AnonymousUser(), keys)
            except Exception:
                logger.exception("live: could not look up who may follow %s", keys)
                return LATER

    async def _with_account(self, keys: Keys, scope: Any) -> tuple[str, dict[str, int]] | int:
        """The thread of the context, which the database needs, lives for this and not for the hours of the
        socket."""
        answer: list[tuple[str, dict[str, int]] | int] = []

        async def ask(scope: Any, receive: Any, send: Any) -> None:
            answer.append(await database_sync_to_async(_look_by_name)(scope["user"], keys))

        async with self._door, ThreadSensitiveContext():
            try:
                await AuthMiddlewareStack(ask)(scope, None, None)
            except Exception:
                logger.exception("live: could not look up who may follow %s", keys)
                return LATER
        return answer[0]


def _is_stranger(scope: Any) -> bool:
    """Without a session there is no account."""
    cookies = (value.decode("latin1") for name, value in scope["headers"] if name == b"cookie")
    return not any(settings.SESSION_COOKIE_NAME in parse_cookie(header) for header in cookies)


def _look(user: Any, keys: Keys) -> Found:
    for key in keys:
        found = find(key)
        if found is None or not found[0].may_follow(user, found[1]):
            return FORBIDDEN
    last = dict(Stream.objects.filter(key__in=keys).values_list("key", "last_seq"))
    return {key: last.get(key, 0) for key in keys}


def _look_by_name(user: Any, keys: Keys) -> tuple[str, dict[str, int]] | int:
    """With the name by which somebody with two windows counts once; a session that has ended has none."""
    found = _look(user, keys)
    name = f"account {user.pk}" if user.is_authenticated else secrets.token_hex(8)
    return found if isinstance(found, int) else (name, found)


@sync_to_async(thread_sensitive=False)  # the cache may be another machine; the database is not asked
def _come_too_often(scope: Any) -> bool:
    return limits.wait_for(_visitor(scope), "live", JOINS, JOINS_PER_MINUTE) > 0


def _visitor(scope: Any) -> HttpRequest:
    """As much of a request as the limits look at."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = (scope.get("client") or ("",))[0]
    forwarded = [value.decode("latin1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    request.META["HTTP_X_FORWARDED_FOR"] = ",".join(forwarded)
    return request
