"""Words of people under 16 that may tell who they are (KC-9). Wide on purpose: what is left out here stands
on the screens of those who check, and one text too few in a spreadsheet costs less than one too many.

What counts: contact details and the words that staff look out for, as screening finds them in the words that
would leave; a mark of screening from when they came in, unless a person has taken words out since; and saying
one's own name, school or postcode.
"""

import re
from collections.abc import Callable

from collaborative.moderation.models import Flag, WatchedWord
from collaborative.moderation.redaction import LOOKS_PRIVATE
from collaborative.moderation.screening import plain

# In plain() letters: no capitals, no accents.
SELF = re.compile(
    r"\b(?:my|our) (?:(?:full|first|last|sur|nick|real) ?)?name(?:['’]?s)? (?:is|was)\b"
    r"|\b(?:my|our) (?:first |last |full |nick)?name['’]s\b"
    r"|\bi(?:['’]m| am|['’]ve been| was) (?:called|named)\b|\bthey call me\b"
    r"|\b(?:my|our) (?:school|academy|teacher|address|street)(?: is|['’]s) (?:called |named )?\b"
    r"|\bi live at\b"
    r"|\b(?:[a-z]{2}|g)[0-9]{1,2}[a-z]? ?[0-9][a-z]{2}\b"  # a postcode; "P7" and "S1" are years at school
)
SCHOOL = re.compile(
    r"\b(?:[Gg]o|[Ww]ent|[Gg]oing|at) (?:to |at )?(?:[A-Z][\w'’.]+ ){1,4}"
    r"(?:School|Primary|Academy|High|College)\b"
)


def finder() -> Callable[[str], bool]:
    """A function that says whether words may tell who wrote them. One query, made now."""
    watched = [
        re.escape(plain(text).rstrip("*").strip()) + (r"\w*" if text.rstrip().endswith("*") else "")
        for text in WatchedWord.objects.filter(about=Flag.CONTACT).values_list("text", flat=True)
        if plain(text).rstrip("*").strip()
    ]
    words = re.compile(rf"(?<!\w)(?:{'|'.join(watched)})(?!\w)") if watched else None

    def tells(text: str) -> bool:
        said = plain(text)
        found = LOOKS_PRIVATE.search(text) or SCHOOL.search(text) or SELF.search(said)
        return bool(found or (words and words.search(said)))

    return tells
