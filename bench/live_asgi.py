"""The site, and beside it the floor of everything live: sockets and a broadcast without a framework.

The limits on writing are lifted: a bench is the flood that they are there to stop. What they cost stays in.
"""

import asyncio
import json
import os
import time
from dataclasses import replace
from typing import Any

from collaborative.asgi import application as site

from asgiref.sync import ThreadSensitiveContext  # isort: skip  # the site's application sets Django up first
from channels.db import database_sync_to_async  # isort: skip
import redis.asyncio  # isort: skip
from django.db import transaction  # isort: skip
from collaborative import limits  # isort: skip
from collaborative.live import hints, registry  # isort: skip
from collaborative.live.actions import announce  # isort: skip
from collaborative.moderation import screening  # isort: skip
from collaborative.threads.actions import posting  # isort: skip

PLENTY = 10**9
for action in ("post", "room"):
    limits.LIMITS[action] = replace(
        limits.LIMITS[action],
        **dict.fromkeys(("each", "network", "school"), limits.Bucket(PLENTY, PLENTY)),
    )
posting.BREAK_AT = screening.BURST = PLENTY

# When each hint went out, rendered, by the clock that all processes of a machine share.
stamps: dict[int, float] = {}
_publish = hints.publish


def _stamped(messages: Any) -> None:
    now = time.monotonic()
    for message in messages:
        stamps.update(dict.fromkeys(range(message["first"], message["upto"] + 1), now))
    _publish(messages)


hints.publish = _stamped

bare_sockets: set[Any] = set()
bare_posts = 0
BARE_CHANNEL = f"{os.environ.get('REDIS_PREFIX', '')}:bare"


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket" and scope["path"] == "/bare/ws/":
        await bare_socket(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/bare/post/":
        await bare_post(int(scope["query_string"]), send)
    elif scope["type"] == "http" and scope["path"] == "/bare/announce/":
        await bare_announce(int(scope["query_string"]), send)
    elif scope["type"] == "http" and scope["path"] == "/bench/stamps/":
        await answer(send, stamps)
        stamps.clear()
    else:
        await site(scope, receive, send)


async def bare_socket(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": '{"hello": []}'})
    bare_sockets.add(send)
    await between.begin()
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        bare_sockets.discard(send)


async def bare_post(length: int, send: Any) -> None:
    """Tell everybody so many bytes, in every process, and answer."""
    global bare_posts
    bare_posts += 1
    stamps[bare_posts] = time.monotonic()
    text = json.dumps({"stream": "bare", "first": bare_posts, "upto": bare_posts, "changes": "x" * length})
    await between.tell(text)
    await answer(send, {"id": bare_posts})


async def bare_broadcast(text: str) -> None:
    """To the sockets of this process, one after the other."""
    message = {"type": "websocket.send", "text": text}
    for each in list(bare_sockets):
        await each(message)


class Between:
    """What carries a bare broadcast to all processes: plain Redis pub/sub, where there are several."""

    def __init__(self, url: str) -> None:
        self.redis = redis.asyncio.from_url(url) if url else None
        self.listening: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        if self.redis is not None and self.listening is None:
            self.listening = asyncio.create_task(self._listen(self.redis))

    async def tell(self, text: str) -> None:
        if self.redis is None:
            await bare_broadcast(text)
        else:
            await self.redis.publish(BARE_CHANNEL, text)

    async def _listen(self, link: Any) -> None:
        async with link.pubsub() as channel:
            await channel.subscribe(BARE_CHANNEL)
            async for message in channel.listen():
                if message["type"] == "message":
                    await bare_broadcast(message["data"].decode())


between = Between(os.environ.get("REDIS_URL", ""))


class Nothing:
    """A room in which nothing is to be seen."""

    def may_follow(self, user: Any, object_id: int) -> bool:
        return True

    def render(self, object_id: int, events: Any) -> list[registry.Change]:
        return [registry.Change(event.seq, event.kind, event.object_id, "", {}) for event in events]


registry.register("bench", Nothing())


@database_sync_to_async
def announced(number: int) -> None:
    with transaction.atomic():
        announce((f"bench.{number}", "said", 1))


async def bare_announce(number: int, send: Any) -> None:
    """An event written down, committed and told, without a request's middleware and without words."""
    async with ThreadSensitiveContext():
        await announced(number)
    await answer(send, {"id": number})


async def answer(send: Any, what: Any) -> None:
    body = json.dumps(what).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
