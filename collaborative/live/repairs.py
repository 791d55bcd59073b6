"""What sockets lack, read once for all of a process: after a lost hint, or when they come back together.

If each page fetched it for itself, one hint that was late on a busy server would bring a thousand requests,
which make the next hint late. Pages still fetch for themselves where this fails.
"""

import asyncio
import logging
from json import dumps
from typing import Any, NamedTuple

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import translation

from collaborative.live import catchup
from collaborative.live.hints import LARGEST
from collaborative.live.registry import find

logger = logging.getLogger(__name__)

MOST = 100  # changes that one frame brings
PATIENCE = 5.0  # seconds that the database may take


class Repair(NamedTuple):
    """A frame as a hint makes it: everything after some number, up to and with `upto`."""

    upto: int
    frame: str


class Repairs:
    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], asyncio.Task[Repair | None]] = {}

    async def since(self, key: str, after: int) -> Repair | None:
        """What came after that number; None where pages have to fetch, or load anew, by themselves."""
        question = key, after
        task = self._under_way.get(question)
        if task is None:
            task = self._under_way[question] = asyncio.create_task(self._make(key, after))
            task.add_done_callback(lambda _task: self._under_way.pop(question, None))
        return await asyncio.shield(task)

    async def _make(self, key: str, after: int) -> Repair | None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self.read(key, after)
        except Exception:
            logger.warning("live: could not read what came after %s in %s", after, key, exc_info=True)
            return None
        return None if answer is None else as_frame(answer)

    async def read(self, key: str, after: int) -> dict[str, Any] | None:
        return await read(key, after)


def as_frame(answer: dict[str, Any]) -> Repair | None:
    """None for what is forgotten, is nothing, or is larger than a slow phone should get unasked."""
    after, upto = answer["after"], answer["upto"]
    size = sum(len(change["html"] or "") for change in answer["changes"])
    if answer["reset"] or upto <= after or size > LARGEST:
        return None
    said = {"stream": answer["stream"], "first": after + 1, "upto": upto, "changes": answer["changes"]}
    return Repair(upto, dumps(said))


@database_sync_to_async
def read(key: str, after: int) -> dict[str, Any] | None:
    """As a page that fetches gets it, in the language of the site."""
    found = find(key)
    if found is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return catchup.since(key, *found, after, MOST)
