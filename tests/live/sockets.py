"""Real sockets against the real application, without a network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from json import loads
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.db import transaction

from collaborative.asgi import application
from collaborative.live.actions import announce
from tests.live.room import Board

ORIGIN = "http://127.0.0.1:8000"
PATIENCE = 20  # seconds; other work shares this machine


class Socket(ApplicationCommunicator):
    """`await socket.frame("stream")` is the next frame of that sort; others are passed over.

    Channels has a communicator of its own, whose package cannot be imported without the server daphne.
    """

    def __init__(
        self, query: str = "s=slate.3", *, path: str = "/ws/live/", origin: str = ORIGIN, cookie: str = ""
    ) -> None:
        headers = [(b"origin", origin.encode())] if origin else []
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        self.asked = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
        }
        super().__init__(application, self.asked)

    async def opened(self) -> bool:
        """Knock. False when it is closed before it opened, which a server answers with 403."""
        await self.send_input({"type": "websocket.connect"})
        return str((await self.receive_output(PATIENCE))["type"]) == "websocket.accept"

    async def say(self, words: str | bytes) -> None:
        kind = "text" if isinstance(words, str) else "bytes"
        await self.send_input({"type": "websocket.receive", kind: words})

    async def next(self) -> dict[str, Any]:
        """The next frame; {"close": code} when it closes instead."""
        message = await self.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            return {"close": message["code"]}
        return dict(loads(message["text"]))

    async def frame(self, name: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):  # heartbeats come for ever
            while name not in (frame := await self.next()):
                assert "close" not in frame, frame
        return frame

    async def bye(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)


@asynccontextmanager
async def listening(query: str = "s=slate.3", **how: str) -> AsyncIterator[Socket]:
    socket = Socket(query, **how)
    assert await socket.opened()
    await socket.frame("hello")
    try:
        yield socket
    finally:
        await socket.bye()


@database_sync_to_async
def say(board: Board, number: int, words: str | None = None, key: str = "slate.3") -> None:
    """Put words on the board, or take them away, and announce it."""
    with transaction.atomic():
        if words is None:
            board.words.pop(number, None)
        else:
            board.words[number] = words
        announce((key, "said", number))
