"""Codes that people carry: on paper, on a phone, read out in a class.

Shape: WORD-XXXX-XX, as MOSS-4TC9-7W. No letters or digits that look alike (no 0 O 1 I L 5 S 8 B 2 Z U V).
A code is never stored: only its keyed hash is, so a copy of the database opens nobody's answers.
"""

import hashlib
import hmac
import re
import secrets

from django.conf import settings

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
WORDS = [
    "ALDER",
    "ASH",
    "ASPEN",
    "BARLEY",
    "BEECH",
    "BIRCH",
    "BRACKEN",
    "BRIAR",
    "BROOM",
    "BURN",
    "CAIRN",
    "CLOVER",
    "CORRIE",
    "CRAG",
    "DAISY",
    "DUNE",
    "EDDY",
    "ELM",
    "FERN",
    "FIRTH",
    "GARNET",
    "GLEN",
    "GORSE",
    "GROUSE",
    "HARE",
    "HAZEL",
    "HEATH",
    "HERON",
    "HOLLY",
    "ISLE",
    "IVY",
    "JUNIPER",
    "KELP",
    "KITE",
    "LARCH",
    "LARK",
    "LICHEN",
    "LINDEN",
    "LINNET",
    "LOCH",
    "MACHAIR",
    "MALLOW",
    "MAPLE",
    "MARTEN",
    "MEADOW",
    "MOOR",
    "MOSS",
    "NETTLE",
    "OAK",
    "ORCHID",
    "OSPREY",
    "OTTER",
    "PEAT",
    "PEBBLE",
    "PINE",
    "PLOVER",
    "POPPY",
    "PUFFIN",
    "REED",
    "RIVER",
    "ROBIN",
    "ROWAN",
    "RUSH",
    "SALLOW",
    "SEDGE",
    "SHORE",
    "SKERRY",
    "SKYE",
    "SORREL",
    "SPRUCE",
    "STRATH",
    "SWIFT",
    "TARN",
    "TEASEL",
    "TERN",
    "THISTLE",
    "THRIFT",
    "TIDE",
    "TROUT",
    "VALE",
    "WAVE",
    "WILLOW",
    "WREN",
    "YARROW",
    "YEW",
]
LETTERS = 6
REFERENCE = 10  # of 23: among a million, a new one is like another once in forty million times


def from_bytes(raw: bytes) -> str:
    """The code that 16 or more bytes stand for. The same bytes always make the same code."""
    number = int.from_bytes(raw, "big")
    number, index = divmod(number, len(WORDS))
    letters = ""
    for _ in range(LETTERS):
        number, position = divmod(number, len(ALPHABET))
        letters += ALPHABET[position]
    return f"{WORDS[index]}-{letters[:4]}-{letters[4:]}"


def new() -> str:
    """A fresh random code: one of about 12 thousand million, tried only through a rate limit."""
    return from_bytes(secrets.token_bytes(24))


def derived(purpose: str, token: str) -> str:
    """The code that belongs to a private token, so that a retried request shows the same code."""
    return from_bytes(_keyed(f"{purpose}:{token}"))


def normalise(text: str) -> str:
    """What somebody typed, as letters and digits in capitals: spaces, hyphens and case do not matter."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def written(text: str) -> str:
    """A code as it is shown, whatever way it was typed."""
    plain = normalise(text)
    return f"{plain[:-LETTERS]}-{plain[-LETTERS:-2]}-{plain[-2:]}"


def hashed(text: str) -> str:
    """The keyed hash (64 hex digits) under which a code or token is stored."""
    return _keyed(f"code:{normalise(text)}").hex()


def hashed_token(token: str) -> str:
    """As `hashed`, for a token in which case matters."""
    return _keyed(f"token:{token}").hex()


def reference(prefix: str = "C") -> str:
    """A short public reference, as C-7KQ4M3J6C9. Uniqueness is held by the column that stores it."""
    return prefix + "-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE))


def as_reference(text: str) -> str:
    """The text where it looks like a reference, else "": what strangers put in an address goes no further."""
    prefix, _line, letters = text.partition("-")
    right = (
        prefix.isalpha()
        and prefix.isascii()
        and 8 <= len(letters) <= REFERENCE
        and set(letters) <= set(ALPHABET)
    )
    return text if right else ""


def _keyed(text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
