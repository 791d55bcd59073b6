"""The channel layer: probed without leaving traces, and back by itself after Redis was away."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers, get_channel_layer
from django.conf import settings

from collaborative.health import _channel_layer
from collaborative.live import hints
from tests.live.room import Board
from tests.live.sockets import PATIENCE, listening, say


async def test_a_health_check_leaves_no_subscription() -> None:
    await _channel_layer()
    await asyncio.sleep(0.1)
    assert get_channel_layer().channels == {}


class Redis:
    """A Redis of the test's own, which it may kill."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def own_redis(tmp_path: Path, settings: Any) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    config = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    address = f"redis://127.0.0.1:{redis.port}/0"
    hosts = [{**config["hosts"][0], "address": address}]
    settings.CHANNEL_LAYERS = {
        "default": {**settings.CHANNEL_LAYERS["default"], "CONFIG": {**config, "hosts": hosts}}
    }
    channel_layers.backends.clear()
    yield redis
    redis.kill()
    channel_layers.backends.clear()


@pytest.mark.skipif(
    not settings.REDIS_URL or shutil.which("redis-server") is None,
    reason="restarts a Redis of its own: only in the run with Redis",
)
@pytest.mark.django_db(transaction=True)
async def test_hints_flow_again_after_redis_was_killed(
    board: Board, own_redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "PAUSE", 0.2)
    async with listening("s=slate.3:0") as page:
        await say(board, 1, "before")
        assert (await page.frame("stream"))["first"] == 1

        own_redis.kill()
        async with asyncio.timeout(PATIENCE):
            await say(board, 2, "meanwhile")  # written, and nobody told
        own_redis.start()

        last, heard = 2, None
        async with asyncio.timeout(PATIENCE):
            while heard is None:
                last += 1
                await say(board, last, "afterwards")
                try:
                    async with asyncio.timeout(0.5):
                        heard = await page.frame("stream")
                except TimeoutError:
                    continue
        # What nobody was told comes with it, read once for everybody.
        assert heard["first"] == 2 and heard["upto"] > 2
