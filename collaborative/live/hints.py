"""The hint that goes out after a commit: rendered once, sent through the channel layer to every process.

It may be lost: the layer drops messages when a reader is slow or Redis is away. The numbers tell whoever
listens that one is missing, and the database has it. So nothing here may fail the request of the writer.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils import translation

from collaborative.live.models import Event
from collaborative.live.registry import Change, find

logger = logging.getLogger(__name__)

GROUP = "live"
LARGEST = 32 * 1024  # characters of words in one hint; past it browsers come and fetch
PATIENCE = 2.0  # seconds that a writer waits for the layer at most
PAUSE = 5.0  # seconds without hints after the layer failed

_quiet_until = 0.0


def send(events: Sequence[Event]) -> None:
    """Tell every process. Called after the commit, in the writer's thread."""
    by_stream = sorted(events, key=lambda event: (event.stream.key, event.seq))
    messages = [
        message(key, list(of_stream)) for key, of_stream in groupby(by_stream, key=lambda e: e.stream.key)
    ]
    publish(messages)


def message(key: str, events: Sequence[Event]) -> dict[str, Any]:
    """What the processes are told about one stream. `changes` is None when browsers should fetch."""
    changes = [change._asdict() for change in render(key, events) or ()]
    size = sum(len(change["html"] or "") for change in changes)
    return {
        "type": "live.hint",
        "stream": key,
        "first": events[0].seq,
        "upto": events[-1].seq,
        "changes": changes if changes and size <= LARGEST else None,
    }


def render(key: str, events: Sequence[Event]) -> list[Change] | None:
    """In the language of the site, whoever wrote: everyone gets the same words. None when that failed."""
    found = find(key)
    if found is None:
        return None
    room, object_id = found
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return room.render(object_id, events)
    except Exception:
        logger.exception("live: %s could not be rendered", key)
        return None


def publish(messages: Sequence[dict[str, Any]]) -> None:
    """Hand the messages to the channel layer, in order. What fails is logged: a hint is no more than that."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        async_to_sync(_publish)(messages)
    except Exception:
        # Without a pause each writer would wait for a layer that is known to be away.
        _quiet_until = time.monotonic() + PAUSE
        logger.exception("live: the channel layer did not take a hint")


async def _publish(messages: Sequence[dict[str, Any]]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE):
        for each in messages:
            await layer.group_send(GROUP, each)
