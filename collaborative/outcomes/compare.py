"""What differs between two wordings, word by word. Plain text in and out: templates escape it."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"

# A piece of a wording: (kind, text). The kinds are those of templates/components/diff.html.
Piece = tuple[str, str]

# A word keeps its apostrophes and hyphens; every other mark and every gap stands alone.
_TOKEN = re.compile(r"\s+|\w+(?:[’'\-]\w+)*|[^\w\s]")


def words(old: str, new: str) -> list[Piece]:
    """The pieces that lead from `old` to `new`, in reading order, removed before added.

    Same and removed pieces joined give `old`; same and added pieces joined give `new`. A gap between two
    changed words belongs to the change, so that three new words are one piece and not three.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    gap = cut = put = ""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
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
    return [(kind, text) for kind, text in ((REMOVED, cut), (ADDED, put)) if text]


def earlier(pieces: Iterable[Piece]) -> list[Piece]:
    """The side of the older wording: what stayed and what was taken out."""
    return [piece for piece in pieces if piece[0] != ADDED]


def later(pieces: Iterable[Piece]) -> list[Piece]:
    """The side of the newer wording: what stayed and what was added."""
    return [piece for piece in pieces if piece[0] != REMOVED]


def joined(pieces: Iterable[Piece]) -> str:
    return "".join(text for _, text in pieces)
