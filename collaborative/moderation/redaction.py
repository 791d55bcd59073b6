"""Taking words out of what somebody wrote, and nothing else (RIF-6)."""

import re
from typing import NamedTuple

REMOVED = "[removed]"  # what readers see in place of redacted words


def redacts(before: str, after: str) -> bool:
    """Whether `after` is `before` with one or more passages replaced by REMOVED, and not a letter more.

    Each REMOVED of `after` stands for at least one character of `before`; what was lost earlier stays lost.
    """
    first, *middle = after.split(REMOVED)
    if not middle or after == before or not before.startswith(first):
        return False
    last = middle.pop()
    position = len(first)
    for piece in middle:
        found = before.find(piece, position + 1)
        if found < 0:
            return False
        position = found + len(piece)
    return before.endswith(last) and len(before) - len(last) > position


def leaves_words(after: str) -> bool:
    return any(character.isalnum() for character in after.replace(REMOVED, ""))


# Wide on purpose: a moderator looks at each, so that one mark too many costs less than one too few.
ADDRESS = r"[^\s@<>()\"']+@[\w.-]+\.\w{2,}"
NUMBER = r"(?<![\w+])(?:\+|\(?0)(?:[\s().-]*\d){8,14}(?!\w)"
HANDLE = r"(?<![\w@.])@\w[\w.]{2,}"
LOOKS_PRIVATE = re.compile(f"{ADDRESS}|{NUMBER}|{HANDLE}")


class Piece(NamedTuple):
    """Part of a text, and whether it looks like a telephone number, an e-mail address or a user name."""

    text: str
    private: bool


def pieces(text: str) -> list[Piece]:
    """The whole text in order, cut where something looks private."""
    found: list[Piece] = []
    position = 0
    for match in LOOKS_PRIVATE.finditer(text):
        if match.start() > position:
            found.append(Piece(text[position : match.start()], False))
        found.append(Piece(match.group(), True))
        position = match.end()
    if position < len(text):
        found.append(Piece(text[position:], False))
    return found
