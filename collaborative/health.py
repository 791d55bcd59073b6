"""/healthz: can this process reach its database and its channel layer?"""

import asyncio
import logging
from collections.abc import Callable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds that the channel layer may take


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _channel_layer() -> None:
    """Send this process a message the whole way, and leave nothing behind."""
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE):
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "health"})
        await layer.receive(channel)
        # The pub/sub layer gives a channel up only when somebody who waits on it is cancelled: without
        # this each check would leave a subscription in Redis.
        waiting = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """{"database": "ok", "channel_layer": "ok"} and 200; what fails says "failed" and makes it 503."""
    probes: dict[str, Callable[[], None]] = {
        "database": _database,
        "channel_layer": async_to_sync(_channel_layer),
    }
    answer: dict[str, str] = {}
    for name, probe in probes.items():
        try:
            probe()
            answer[name] = "ok"
        except Exception:
            logger.exception("healthz: %s", name)
            answer[name] = "failed"
    return JsonResponse(answer, status=200 if set(answer.values()) == {"ok"} else 503)
