"""What a thread is doing now, in words for whoever stands before its composer."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.engagements.models import Engagement
from collaborative.threads.models import Thread
from collaborative.threads.reading import clock, day


@dataclass(frozen=True)
class Condition:
    """`code` is for scripts: open, paused, closed, coming. `words` say it, `more` is how to go about it.
    `seconds`: until it opens by itself, where it does."""

    code: str
    words: str
    more: str = ""
    seconds: int = 0

    @property
    def takes_comments(self) -> bool:
        return self.code == "open"


def condition(thread: Thread, now: datetime | None = None) -> Condition:
    now = now or timezone.now()
    state = thread.engagement.state_at(now)
    if thread.closed_at is not None:
        on = _("Closed on %(day)s. Everything that was said stays here to read.")
        return Condition("closed", on % {"day": day(thread.closed_at)})
    if state == Engagement.State.COMING:
        left = _seconds(thread.engagement.opens_at, now)
        return Condition("coming", _("Not open yet.") + _opens(thread), seconds=left)
    if state == Engagement.State.CLOSED:
        return Condition("closed", _("Closed. Everything that was said stays here to read."))
    if thread.is_paused_at(now) and thread.paused_until:
        until = _("Nobody can post until %(time)s. You can read on, and what you type stays here.")
        left = _seconds(thread.paused_until, now)
        return Condition("paused", until % {"time": clock(thread.paused_until)}, seconds=left)
    return Condition("open", _until(thread), _slow(thread))


def _opens(thread: Thread) -> str:
    opens = thread.engagement.opens_at
    return " " + _("It opens on %(day)s.") % {"day": day(opens)} if opens else ""


def _seconds(until: datetime | None, now: datetime) -> int:
    return math.ceil((until - now).total_seconds()) if until else 0


def _until(thread: Thread) -> str:
    closes = thread.engagement.closes_at
    if closes is None:
        return _("Open.")
    return _("Open until %(day)s.") % {"day": date_format(timezone.localtime(closes), "j F Y")}


def _slow(thread: Thread) -> str:
    """So that everyone gets a word in; said before anyone runs into it."""
    seconds = thread.slow_mode_seconds
    if not seconds:
        return ""
    if seconds < 60:
        how_long = ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        how_long = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return _("So that everyone gets a turn, wait %(how_long)s between two comments.") % {"how_long": how_long}
