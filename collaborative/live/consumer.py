"""The WebSocket of a page: `/ws/live/?s=thread.5:40,board.3:9&l=en-gb`, one for all of its streams.

Each stream is named with the last number that the page has seen.

It only tells. Whatever somebody writes goes by ordinary HTTP. The one thing a browser may say is "are you
there?", which is answered with a heartbeat; anything long or frequent closes the socket.

A plain ASGI application rather than one of Channels' consumers: those subscribe a channel each and go
through a thread for every message, and the hub makes both needless.
"""

import asyncio
import random
import re
import time
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from collaborative.live.entry import TOO_MANY
from collaborative.live.hub import Hub, hub
from collaborative.live.listener import Listener
from collaborative.live.registry import find

PATH = "/ws/live/"
SEEN = re.compile(r"([^:,]+)(?::([0-9]{1,18}))?", re.ASCII)
STREAMS = 8  # that one page may follow
LIFETIME = (4 * 60 * 60, 8 * 60 * 60)  # seconds; apart, so that they do not all come back together
LONGEST_QUESTION = 16
QUESTIONS, QUESTIONS_PER_SECOND = 6, 0.2

MALFORMED, RESTART = 4400, 1012


class LiveSocket:
    """The ASGI application behind the check of the origin."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        with suppress(OSError):  # the browser may go away at any point
            if scope["path"] != PATH:
                await send({"type": "websocket.close"})
                return
            query = parse_qs(scope.get("query_string", b"").decode("latin1"))
            seen = wanted(query.get("s", [""])[0])
            if not seen:
                await refuse(send, MALFORMED)
                return
            # Fragments are made in the language of the site; a page in another is told to fetch its own.
            fragments = query.get("l", [settings.LANGUAGE_CODE])[0] == settings.LANGUAGE_CODE
            await follow(hub(), Listener(seen, fragments), seen, scope, receive, send)


def wanted(text: str) -> dict[str, int | None]:
    """The streams of "thread.5:40,board.3" and the last number seen of each; none when anything is wrong."""
    seen: dict[str, int | None] = {}
    for part in text.split(","):
        match = SEEN.fullmatch(part)
        if match is None or find(match[1]) is None:
            return {}
        seen[match[1]] = int(match[2]) if match[2] else None
    return seen if len(seen) <= STREAMS else {}


async def follow(
    home: Hub, listener: Listener, seen: dict[str, int | None], scope: Any, receive: Any, send: Any
) -> None:
    """Let somebody in and tell them things until one side has had enough."""
    # Registered before anything is read, so that no change falls between the two. Nothing is sent yet.
    await home.join(listener)
    opened = False
    try:
        answer = await home.entry.enter(tuple(sorted(seen)), scope)
        if isinstance(answer, int):
            await refuse(send, answer)
            return
        listener.who, last = answer
        home.open(listener, last, seen)
        opened = True
        await send({"type": "websocket.accept"})
        code = await talk(home, listener, receive, send)
        if code is not None:
            await send({"type": "websocket.close", "code": code})
    finally:
        home.leave(listener, opened=opened)


async def refuse(send: Any, code: int) -> None:
    """Accepted first: a browser is told the code only of a socket that stood."""
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


async def talk(home: Hub, listener: Listener, receive: Any, send: Any) -> int | None:
    """The code to close with; None when the browser went."""
    telling = asyncio.create_task(tell(listener, send))
    try:
        async with asyncio.timeout(random.uniform(*LIFETIME)) as clock:  # noqa: S311 it only spreads them
            listener.runs_under(clock)
            return await listen(home, listener, receive)
    except TimeoutError:
        return listener.code or RESTART
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def tell(listener: Listener, send: Any) -> None:
    while True:
        await send({"type": "websocket.send", "text": await listener.next()})


async def listen(home: Hub, listener: Listener, receive: Any) -> int | None:
    """Answer "are you there?", a few times a minute."""
    tokens, then = float(QUESTIONS), time.monotonic()
    while (message := await receive())["type"] != "websocket.disconnect":
        now = time.monotonic()
        tokens, then = min(QUESTIONS, tokens + (now - then) * QUESTIONS_PER_SECOND) - 1, now
        if tokens < 0 or len(message.get("text") or message.get("bytes") or "") > LONGEST_QUESTION:
            return TOO_MANY
        listener.mention(home.beat(listener.keys))
    return None
