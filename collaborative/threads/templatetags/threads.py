"""Days in words, and the link to the comments on a page or on one thing on it."""

from datetime import datetime
from typing import Any

from django import template
from django.db.models import Q

from collaborative.threads import reading
from collaborative.threads.models import Thread

register = template.Library()
register.filter("comment_day", reading.day)


@register.filter
def comment_moment(moment: datetime) -> str:
    """ "8 September, 10:38am"."""
    return f"{reading.day(moment)}, {reading.clock(moment)}"


@register.inclusion_tag("threads/links.html")
def comment_links(page: Any = None, kind: str = "", key: str = "") -> dict[str, Any]:
    """Links to the threads on a page, on what stands on it, of what it asks; or on one thing, by its key.

    One query, and nothing shows where there is none. Without counts: pages are kept for everyone, and a
    count would go stale.
    """
    rows = Thread.objects.readable()
    if kind:
        rows = rows.filter(anchor_kind=kind, anchor_key=key)
    else:
        pk = page.pk or 0
        rows = rows.filter(Q(page_id=pk) | Q(engagement__page_id=pk))
    return {"threads": rows.order_by("-created_at")[:5]}
