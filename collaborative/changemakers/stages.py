"""The parts of a workshop: do they fit, and when does each begin."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from collaborative.changemakers.clock import When, agenda


def problem(blocks: Iterable[Any], starts: datetime | None, ends: datetime | None) -> str:
    """Why these stages cannot be published between these times; empty when they can, or without times."""
    if starts is None or ends is None or ends <= starts:
        return ""  # the terms say what is wrong with the times
    needed, there = sum(block.value["minutes"] for block in blocks), When(starts, ends).minutes
    if needed <= there:
        return ""
    words = {"needed": needed, "there": there}
    return (
        _("The parts take %(needed)s minutes, and the workshop lasts %(there)s. Shorten one, or end later.")
        % words
    )


def timed(blocks: Iterable[Any], starts: datetime | None) -> list[dict[str, Any]]:
    """Each stage with the time it begins: {"at", "minutes", "title", "text", "kind", "is_break"}."""
    values = [block.value for block in blocks]
    times = agenda(starts, [value["minutes"] for value in values]) if starts else [""] * len(values)
    return [
        {
            "at": at,
            "minutes": value["minutes"],
            "title": value["title"],
            "text": value["text"],
            "is_break": value["kind"] == "break",
        }
        for at, value in zip(times, values, strict=True)
    ]
