"""What the rooms share when they lay the demonstration set: its texts, its days, and the clock turned back.

The set is laid through the same actions as people use, each at the day on which it is said to have happened.
"""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.utils import timezone

MARK = re.compile(r"\[\[([^\]|]+)\|([^\]]*)\]\]")
SECOND_NOTICE = -30  # day on which the privacy notice was written anew
STANCES = {"+": "for", "-": "against", "~": "mixed", "": "none"}


@dataclass(frozen=True)
class Days:
    """Days are counted from the day of loading, so that the set never goes stale."""

    first: date

    def on(self, day: int) -> date:
        return self.first + timedelta(days=day)

    def at(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment in the site's own time zone, correct across the change of summer time."""
        return timezone.make_aware(datetime.combine(self.on(day), time(hour, minute)))


def notice(day: int) -> str:
    """The version of the privacy notice that people were shown on that day."""
    return "1" if day < SECOND_NOTICE else "2"


@dataclass(frozen=True)
class Passage:
    start: int  # code points
    end: int
    theme: str
    stance: str


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at that moment. For this one command: one thread, one process."""
    with mock.patch.object(timezone, "now", lambda: moment):
        yield


def read(room: str, name: str) -> dict[str, Any]:
    """The texts of a room: `read("outcomes", "model")`, `read("home", "pages")`."""
    base = Path(settings.BASE_DIR)
    folder = base / room if room == "home" else base / "collaborative" / room
    return tomllib.loads((folder / "demo_data" / f"{name}.toml").read_text(encoding="utf-8"))


def unmark(text: str) -> tuple[str, list[Passage]]:
    """Take the marks out of a text: the plain words, and which passages are sorted under which themes.

    A mark is [[T4+,T9|the words]]: + for, - against, ~ both ways, nothing for neither.
    """
    plain, passages, last = "", [], 0
    for match in MARK.finditer(text):
        plain += text[last : match.start()]
        start, last = len(plain), match.end()
        plain += match[2]
        for name in match[1].split(","):
            code = name.strip().rstrip("+-~")
            passages.append(Passage(start, len(plain), code, STANCES[name.strip()[len(code) :]]))
    return plain + text[last:], passages


def paragraphs(texts: list[str]) -> str:
    return "\n\n".join(texts)
