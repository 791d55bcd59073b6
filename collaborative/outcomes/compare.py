"""What differs between two wordings, word by word. Plain text in and out: templates escape it."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# The gap before words that were added or removed: it comes and goes with them, and is not marked with them,
# since a mark that begins with a gap leaves a stripe where the line ends.
GAP_ADDED, GAP_REMOVED = "gap added", "gap removed"

# A piece of a wording: (kind, text). Of the kinds, templates/components/diff.html marks ADDED and REMOVED.
Piece = tuple[str, str]

# A word keeps its apostrophes and hyphens; every other mark and every gap stands alone.
_TOKEN = re.compile(r"\s+|\w+(?:[’'\-]\w+)*|[^\w\s]")


# Below this share of common words a sentence was written anew: odd words that both have would only mislead.
_WRITTEN_ANEW = 0.25


def words(old: str, new: str) -> list[Piece]:
    """The pieces that lead from `old` to `new`, in reading order, removed before added.

    Same and removed pieces joined give `old`; same and added pieces joined give `new`, with the gaps
    of each. A gap between two changed words belongs to the change, so that three new words are one piece and
    not three. Wordings with hardly a word in common are one piece each.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    shared = [token for at, _, size in matcher.get_matching_blocks() for token in before[at : at + size]]
    if _count(shared) < _WRITTEN_ANEW * min(_count(before), _count(after)):
        return _pieces(old, new)
    return _merged(matcher, before, after)


def _count(tokens: list[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _merged(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    gap = cut = put = ""
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if tag == "equal" and removed.isspace() and (cut or put):
            gap = removed
        elif tag == "equal":
            pieces += _pieces(cut, put)
            pieces.append((SAME, removed))
            cut = put = ""
        else:
            cut, put, gap = cut + gap + removed, put + gap + added, ""
    pieces += _pieces(cut, put)
    return [*pieces, (SAME, gap)] if gap else pieces


def _pieces(cut: str, put: str) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, gap, text in ((REMOVED, GAP_REMOVED, cut), (ADDED, GAP_ADDED, put)):
        words_only = text.lstrip()
        led = text[: len(text) - len(words_only)]
        # A change of nothing but gaps is marked: else nothing would show it.
        pieces += [(gap, led), (kind, words_only)] if led and words_only else [(kind, text)] if text else []
    return pieces


def earlier(pieces: Iterable[Piece]) -> list[Piece]:
    """The side of the older wording: what stayed and what was taken out."""
    return [piece for piece in pieces if piece[0] not in (ADDED, GAP_ADDED)]


def later(pieces: Iterable[Piece]) -> list[Piece]:
    """The side of the newer wording: what stayed and what was added."""
    return [piece for piece in pieces if piece[0] not in (REMOVED, GAP_REMOVED)]


def joined(pieces: Iterable[Piece]) -> str:
    return "".join(text for _, text in pieces)
