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


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _channel_layer() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "health"})
    await asyncio.wait_for(layer.receive(channel), timeout=2)


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
