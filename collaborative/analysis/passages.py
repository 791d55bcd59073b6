"""Words and passages of a text, counted in Unicode code points from 0, the end left out.

Python counts code points; browsers count UTF-16 units and convert in static/js/workbench.js.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from collaborative.analysis.models import Coding
from collaborative.contributions.actions import NotPossible

WORD = re.compile(r"\S+")


class Segment(NamedTuple):
    """A stretch of text over which nothing begins or ends. `word` counts from 1; 0 for the space between."""

    start: int
    end: int
    text: str
    word: int
    begins_word: bool
    codings: list[Coding]
    ends: list[Coding]


def words(text: str) -> list[tuple[int, int]]:
    """Start and end of every word: what stands between white space, so that no emoji is cut in two."""
    return [match.span() for match in WORD.finditer(text)]


def between_words(text: str, first: int, last: int) -> tuple[int, int]:
    """The passage from word `first` to word `last` (from 1, both inside), or NotPossible."""
    found = words(text)
    if not 1 <= first <= last <= len(found):
        raise NotPossible(_("Choose words from 1 to %(n)s, the first before the last.") % {"n": len(found)})
    return found[first - 1][0], found[last - 1][1]


def segments(text: str, codings: Sequence[Coding]) -> list[Segment]:
    """The whole text in order, cut at the ends of words and codings, each with the codings that cover it."""
    spans = words(text)
    number_at = {start: number for number, (start, _end) in enumerate(spans, start=1)}
    cuts = {0, len(text)}
    for start, end in [*spans, *((one.start, one.end) for one in codings)]:
        cuts |= {min(start, len(text)), min(end, len(text))}
    edges = sorted(cuts)
    found: list[Segment] = []
    word, word_end = 0, 0
    for start, end in pairwise(edges):
        begins = start in number_at
        if begins:
            word = number_at[start]
            word_end = spans[word - 1][1]
        found.append(
            Segment(
                start,
                end,
                text[start:end],
                word if start < word_end else 0,
                begins,
                [one for one in codings if one.start <= start and end <= one.end],
                [one for one in codings if one.end == end],
            )
        )
    return found
