"""Plain text that somebody typed, as a page shows it: paragraphs, line breaks, and links that are safe."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from collaborative.moderation.redaction import ADDRESS, HANDLE, NUMBER

# Only these two schemes; an address ends where people end a sentence.
LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]{3,1500}", re.IGNORECASE)
AFTER_A_LINK = ".,;:!?…)*_~’”»"
# Marks that turn the direction of what follows could make a page say what nobody wrote.
TURNING = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
CONTROL = dict.fromkeys(n for n in [*range(32), *range(127, 160)] if chr(n) not in "\n\t")

SPACE = SafeString("&#32;")
EXCERPT = 1_200  # characters of a long comment that stand in a list

_SIGNS = (
    (re.compile(ADDRESS), _("an e-mail address")),
    (re.compile(NUMBER), _("a phone number")),
    (re.compile(HANDLE), _("a user name")),
)


def html(text: str) -> SafeString:
    """The text as HTML. Every character that could be markup is escaped; nothing typed is left out of it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(TURNING).translate(CONTROL)
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", plain)]
    return format_html_join("", "<p>{}</p>", ((_lines(block),) for block in blocks if block.strip()))


def _lines(block: str) -> SafeString:
    first, *others = block.split("\n")
    rest = format_html_join("", "<br>{}", ((_linked(line),) for line in others))
    return format_html("{}{}", _linked(first), rest)


def _linked(line: str) -> SafeString:
    found: list[str] = []
    position = 0
    for match in LINK.finditer(line):
        address = match.group().rstrip(AFTER_A_LINK)
        if "@" in address.split("/")[2]:  # a name before the host pretends to be one
            continue
        found.append(_between(line[position : match.start()]))
        found.append(format_html('<a href="{}" rel="nofollow ugc noopener">{}</a>', address, address))
        position = match.start() + len(address)
    return format_html_join("", "{}", ((part,) for part in [*found, line[position:]]))


def _between(words: str) -> str:
    """Between two links a space stays a space: the templates leave out what stands between tags."""
    return words if words.strip() else format_html_join("", "{}", ((SPACE,) for _space in words))


def excerpt(text: str) -> tuple[str, bool]:
    """The beginning of a long text, cut between words, and whether anything was left out."""
    if len(text) <= EXCERPT:
        return text, False
    head = text[:EXCERPT]
    return head.rsplit(None, 1)[0] + " …", True


def signs(text: str) -> list[str]:
    """What may lead to a person, in words for whoever wrote it. It stops nobody."""
    return [str(words) for pattern, words in _SIGNS if pattern.search(text)]
