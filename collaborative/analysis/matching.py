"""Which topics a name could mean, by the words that they share. Plain matching of normalised words.

Left out: meaning. What nobody would call a likeness by its words is not suggested, and what shares a word may
still mean something else: a person decides (`changemakers.clusters` sorts nothing by itself).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from collaborative.analysis.likeness import words
from collaborative.analysis.models import ThemeVersion

MOST = 3  # suggestions for one name
LABEL, INCLUDES = 3, 1  # how much a shared word weighs, by where it stands
# Words that stand in any sentence and tell no topic from another.
COMMON = frozenset(
    words(
        "a about after again all an and any are as at be been before but by can come could did do "
        "does for from get go got had has have he her here him his how i if in into is it its like "
        "me more my no nobody not of off on once one only or other our out over she so some "
        "somebody someone something than that the their them then there they thing this those to "
        "too up us was way we were what when where which who whose why will with would you your"
    )
)


@dataclass(frozen=True)
class Match:
    version: ThemeVersion
    shared: tuple[str, ...]  # as they stand in the name
    weight: int


def by_name(name: str, versions: Iterable[ThemeVersion]) -> list[Match]:
    """The topics whose label or “what belongs in it” has words of this name, likeliest first. No query."""
    wanted = {stem(word): word for word in reversed(words(name)) if word not in COMMON and len(word) > 1}
    found = []
    for version in versions:
        label, includes = _stems(version.label), _stems(version.includes)
        shared = tuple(word for key, word in sorted(wanted.items()) if key in label | includes)
        weight = sum(LABEL if stem(word) in label else INCLUDES for word in shared)
        if weight:
            found.append(Match(version, shared, weight))
    return sorted(found, key=lambda one: -one.weight)[:MOST]


def stem(word: str) -> str:
    """Without the ending of more than one: "numbers" and "number" are the same word here."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in COMMON}
