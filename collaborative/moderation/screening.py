"""What a machine notices before a person looks. It only says what to look at first (SAF-4).

Nothing here refuses, delays or changes a word. Counting lives in the cache under keys that are forgotten
with the day, so no address and no text is kept; when the cache does not answer, nothing is noticed there.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

from collaborative import limits
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import Flag, WatchedWord
from collaborative.moderation.redaction import LOOKS_PRIVATE

# How far up the queue each thing lifts what it was noticed in. A flood must not push what others wrote
# down the queue, so repeated words and bursts are marked, for bulk work, and lift nothing.
WEIGHT: dict[str, int] = {
    Flag.SAFETY: 50,
    Flag.REPORTED: 40,
    Flag.APPEAL: 30,
    Flag.UNKIND: 20,
    Flag.CONTACT: 10,
    Flag.LINK: 10,
    Flag.REPEATED: 0,
    Flag.BURST: 0,
}

LINK = re.compile(
    r"https?://(?P<host>[^\s/]+)|(?<![\w@.-])(?:www\.\w|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|io|co|me|ru|xyz|top|shop|link)\b)",
    re.IGNORECASE,
)
Words = tuple[tuple[str, str], ...]  # what each means, and how it is written

LONG_ENOUGH_TO_REPEAT = 24  # letters; a short answer such as "Ask us first" is often given twice
BURST_SECONDS = 5 * 60
BURST = 10  # pieces of text from one place within that time
BURST_IN_CLASS = 300  # a school sits behind one address


def priority(flags: list[Flag]) -> int:
    return max((WEIGHT[flag] for flag in flags), default=0)


def screen(
    text: str, *, engagement: Engagement, receipt: Receipt | None = None, source: str | None = None
) -> list[Flag]:
    """What to look at in this text, most pressing first. One query; one more when a burst was noticed.

    `source` is `limits.pseudonym(request, …)`; give it once for what is sent at once.
    """
    return screen_all([text], engagement=engagement, receipt=receipt, source=source)[0]


def screen_all(
    texts: Sequence[str],
    *,
    engagement: Engagement,
    receipt: Receipt | None = None,
    source: str | None = None,
) -> list[list[Flag]]:
    """The same for texts that are sent at once; for the count of a burst they are one."""
    words = tuple(WatchedWord.objects.values_list("about", "text"))
    burst = {Flag.BURST} if _burst(engagement, receipt, source) else set()
    found = [_noticed(text, engagement, words) | burst for text in texts]
    return [sorted(flags, key=lambda flag: (-WEIGHT[flag], flag)) for flags in found]


def _noticed(text: str, engagement: Engagement, words: Words) -> set[Flag]:
    said = plain(text)
    found = {Flag(kind) for kind in {about for about, _word in words} if _pattern(kind, words).search(said)}
    if LOOKS_PRIVATE.search(text):
        found.add(Flag.CONTACT)
    if _links_elsewhere(text):
        found.add(Flag.LINK)
    if _repeated(said, engagement):
        found.add(Flag.REPEATED)
    return found


def plain(text: str) -> str:
    """Letters without their dress: no capitals, no accents, one space between words."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


@lru_cache(maxsize=16)
def _pattern(about: str, words: Words) -> re.Pattern[str]:
    found = []
    for kind, word in words:
        stem = plain(word).rstrip("*").strip()
        if kind == about and stem:
            found.append(re.escape(stem) + (r"\w*" if word.rstrip().endswith("*") else ""))
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else re.compile(r"(?!)")


def _links_elsewhere(text: str) -> bool:
    ours = settings.BASE_URL.split("://", 1)[-1].rstrip("/").lower()
    return any((match["host"] or "").lower() != ours for match in LINK.finditer(text))


def _repeated(said: str, engagement: Engagement) -> bool:
    """Whether the same words came before today. Only a keyed hash of them is remembered, and only today."""
    if len(said) < LONG_ENOUGH_TO_REPEAT:
        return False
    return limits.times(f"screen:text:{engagement.pk}", said, limits.DAY) > 1


def _burst(engagement: Engagement, receipt: Receipt | None, source: str | None) -> bool:
    counts = [limits.times("screen:receipt", str(receipt.pk), BURST_SECONDS)] if receipt else []
    if source:
        counts.append(limits.times("screen:source", source, BURST_SECONDS))
    most = max(counts, default=0)
    if most <= BURST:
        return False
    return most > BURST_IN_CLASS or not engagement.class_is_open()
