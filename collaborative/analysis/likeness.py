"""Which texts are nearly the same, among a hundred thousand, without comparing each with each.

How. Case, punctuation and space aside, texts of the same words have one *mark*. Of every other text a
*sketch* is kept: the smallest hashes of its runs of three words. Two sketches tell how many runs two texts
share (bottom-k MinHash). A text is compared only with texts that lead a group and have one of its few
smallest hashes too, and by no hash that LEADERS of them have, since that is a common phrase: so the cost
grows with the number of texts, not with its square. The text that most people sent is taken first, and so
it leads.

What is found: the same words in another case or with other punctuation, always; a longer text in which a few
words, a sentence or the order of sentences was changed, nearly always. What is missed: texts of fewer than
LEAST_WORDS words, which people write alike by themselves; one changed word in about ten, since that breaks
three runs; half a campaign's text in a letter of one's own; translations; and a variant whose few smallest
hashes are all of phrases so common that LEADERS unlike texts have them. Ticked boxes are not looked
at. It suggests and no more: a person decides.
"""

import difflib
import hashlib
import re
import unicodedata
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

WORD = re.compile(r"\w+")
RUN = 3  # words
LEAST_WORDS = 12
SKETCH = 48  # hashes
KEYS = 8  # of them, by which groups are found
LEADERS = 20
LIKE = 0.5  # share of runs from which on texts are suggested as variants
LEAST_SIZE = 3  # responses; two are more likely one person's double
MIX = 2654435761  # Knuth's; spreads what CRC leaves beside each other
SHOWN_WORDS = 2_000

Sketch = Sequence[int]


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def mark(found: list[str]) -> bytes:
    """16 bytes, the same for the same words in the same order."""
    return hashlib.blake2b(" ".join(found).encode(), digest_size=16).digest()


def sketch(found: list[str]) -> "array[int]":
    """At most SKETCH hashes of 4 bytes, the smallest first."""
    runs = {" ".join(found[i : i + RUN]) for i in range(max(1, len(found) - RUN + 1))}
    hashes = sorted({zlib.crc32(run.encode()) * MIX & 0xFFFFFFFF for run in runs})
    return array("I", hashes[:SKETCH])


def likeness(one: Sketch, other: Sketch) -> float:
    """About which share of all runs of two texts is in both, 0 to 1."""
    both = set(one) & set(other)
    together = sorted({*one, *other})[:SKETCH]
    return sum(run in both for run in together) / len(together)


@dataclass
class Group:
    """Texts that are nearly the same. `varied` holds (id, likeness to the leader)."""

    sketch: Sketch
    identical: list[int]
    varied: list[tuple[int, float]] = field(default_factory=list)

    @property
    def leader(self) -> int:
        return self.identical[0]

    def __len__(self) -> int:
        return len(self.identical) + len(self.varied)


class Grouping:
    """Puts texts into groups; `compared` counts how often two sketches were laid side by side."""

    def __init__(self) -> None:
        self.compared = 0
        self._leading: dict[int, list[Group]] = defaultdict(list)

    def groups(self, texts: Iterable[tuple[int, bytes, Sketch]]) -> list[Group]:
        """From (id, mark, sketch) of each text; the largest first, none smaller than LEAST_SIZE."""
        same: dict[bytes, Group] = {}
        for pk, its_mark, its_sketch in texts:
            if its_mark in same:
                same[its_mark].identical.append(pk)
            else:
                same[its_mark] = Group(its_sketch, [pk])
        found: list[Group] = []
        for group in sorted(same.values(), key=lambda one: (-len(one.identical), one.leader)):
            leader, how = self._nearest(group.sketch)
            if leader is not None:
                leader.varied += [(pk, how) for pk in group.identical]
            else:
                self._lead(group)
                found.append(group)
        return sorted(
            (one for one in found if len(one) >= LEAST_SIZE), key=lambda one: (-len(one), one.leader)
        )

    def _nearest(self, its_sketch: Sketch) -> tuple[Group | None, float]:
        seen: set[int] = set()
        best, how = None, LIKE
        for key in its_sketch[:KEYS]:
            leading = self._leading.get(key, ())
            if len(leading) == LEADERS:
                continue  # a phrase that so many unlike texts have in common tells nothing
            for group in leading:
                if group.leader in seen:
                    continue
                seen.add(group.leader)
                self.compared += 1
                found = likeness(its_sketch, group.sketch)
                if found > how or (found == how and best is None):
                    best, how = group, found
        return best, how

    def _lead(self, group: Group) -> None:
        for key in group.sketch[:KEYS]:
            if len(self._leading[key]) < LEADERS:
                self._leading[key].append(group)


class Stretch(NamedTuple):
    """Words of a variant beside the text of its campaign: "same", "added" or "left-out"."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Stretch]:
    """Word by word what a variant changed. Beyond SHOWN_WORDS words it is not compared any more."""
    old, new = before.split(), after.split()
    rest = new[SHOWN_WORDS:]
    old, new = old[:SHOWN_WORDS], new[:SHOWN_WORDS]
    plain = [[_plain(word) for word in of] for of in (old, new)]
    found: list[Stretch] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch("same", " ".join(new[c:d])))
            continue
        if a < b:
            found.append(Stretch("left-out", " ".join(old[a:b])))
        if c < d:
            found.append(Stretch("added", " ".join(new[c:d])))
    return [*found, Stretch("same", " ".join(rest))] if rest else found


def _plain(word: str) -> str:
    return "".join(words(word)) or word
