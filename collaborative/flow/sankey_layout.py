"""Where the boxes and bands of the picture stand: who we heard from, topics, our answers, what changed.

Everything here comes from figures that are safe already: a value is a number that may be printed, or None for
hidden. Heights follow the printed numbers alone and a hidden band has one fixed width, so that nothing can be
measured off the picture that the table does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

GROUPS, TOPICS, ANSWERS, CHANGES = range(4)
TONES = ("yes", "partly", "later", "out", "no", "wait", "")  # from the top of the column of answers
MOST_TOPICS = 12
OTHER = "other-topics"

LEFT = (0, 288, 628, 952)
WIDE = (176, 228, 204, 168)
WIDTH = 1124
LEAST_BOX, GAP, LINE = 44.0, 12.0, 19.0
BANDS_HIGH = 400.0  # what all bands of a full column take together
MOST_PER_ONE, THINNEST, HIDDEN_WIDE = 6.0, 1.5, 4.0
SWEEPS = 8


@dataclass(frozen=True)
class Node:
    """A box. `column` 0 to 3; `value` None: hidden; `tone` yes, partly, no, later, out, wait or none."""

    column: int
    key: str
    title: str
    subtitle: str
    value: int | None
    url: str
    tone: str = ""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("/", "#", "https://", "http://")):
            raise ValueError(f"Not an address that a box may lead to: {self.url!r}")


@dataclass(frozen=True)
class Link:
    """A band from one box to another in the next column, by their keys."""

    source: str
    target: str
    value: int | None
    tone: str = ""


@dataclass
class Box:
    """A node with its place. `lines`: (text, is it the title) from top to bottom."""

    node: Node
    lines: list[tuple[str, bool]]
    bands_high: float = 0.0
    high: float = LEAST_BOX
    top: float = 0.0
    left: list[Band] = field(default_factory=list)
    right: list[Band] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.top + self.high / 2


@dataclass
class Band:
    """A link with its place: `start` and `end` are its upper edges at either side."""

    link: Link
    source: Box
    target: Box
    wide: float
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True)
class Layout:
    """All four columns from left to right, the bands, and how high it stands."""

    columns: tuple[list[Box], ...]
    bands: list[Band]
    high: float


def fold(nodes: list[Node], links: list[Link], url: str = "") -> tuple[list[Node], list[Link]]:
    """No more than twelve topics: the smallest become one box, and their bands are added up."""
    topics = sorted((n for n in nodes if n.column == TOPICS), key=lambda n: (-(n.value or 0), n.title, n.key))
    if len(topics) <= MOST_TOPICS:
        return nodes, links
    folded = topics[MOST_TOPICS - 1 :]
    away = {node.key for node in folded}
    title = gettext("Other topics (%(n)s)") % {"n": len(folded)}
    other = Node(TOPICS, OTHER, title, "", _add(node.value for node in folded), url)
    merged: dict[tuple[str, str, str], list[int | None]] = {}
    for link in links:
        source = OTHER if link.source in away else link.source
        target = OTHER if link.target in away else link.target
        merged.setdefault((source, target, link.tone), []).append(link.value)
    kept = [node for node in nodes if node.key not in away]
    return [*kept, other], [Link(s, t, _add(values), tone) for (s, t, tone), values in merged.items()]


def _add(values: Iterable[int | None]) -> int | None:
    """A sum of printed numbers; hidden as soon as one of them is."""
    found = list(values)
    return None if any(value is None for value in found) else sum(value or 0 for value in found)


def layout(nodes: Sequence[Node], links: Sequence[Link]) -> Layout:
    """Give every box and band its place."""
    boxes = {node.key: Box(node, _lines(node)) for node in nodes}
    if len(boxes) < len(nodes):
        raise ValueError("Two boxes have the same key.")
    scale = _scale(nodes)
    bands = [_band(link, boxes, scale) for link in sorted(links, key=lambda k: (k.source, k.target, k.tone))]
    for band in bands:
        band.source.right.append(band)
        band.target.left.append(band)
    for box in boxes.values():
        sides = [sum(band.wide for band in side) for side in (box.left, box.right)]
        box.bands_high = max(sides)
        box.high = max(LEAST_BOX, (box.node.value or 0) * scale, box.bands_high, len(box.lines) * LINE + 8)
    columns = tuple([box for box in boxes.values() if box.node.column == column] for column in range(4))
    high = max(
        (sum(b.high for b in column) + GAP * (len(column) - 1) for column in columns if column), default=0
    )
    _put_in_order(columns, high)
    _attach(columns)
    return Layout(columns, bands, high)


def _scale(nodes: Sequence[Node]) -> float:
    """Height for each response, the same in all columns."""
    fullest = max((sum(n.value or 0 for n in nodes if n.column == column) for column in range(4)), default=0)
    return min(MOST_PER_ONE, BANDS_HIGH / fullest) if fullest else MOST_PER_ONE


def _band(link: Link, boxes: dict[str, Box], scale: float) -> Band:
    source, target = boxes.get(link.source), boxes.get(link.target)
    if source is None or target is None or target.node.column != source.node.column + 1:
        raise ValueError(f"{link.source} and {link.target} are not boxes of neighbouring columns.")
    wide = HIDDEN_WIDE if link.value is None else max(THINNEST, link.value * scale)
    return Band(link, source, target, wide)


def _put_in_order(columns: tuple[list[Box], ...], high: float) -> None:
    """Answers stand by tone; every other box goes to the mean height of what it is joined to."""
    for column in columns:
        column.sort(key=lambda box: (TONES.index(box.node.tone), -(box.node.value or 0), box.node.key))
        _spread(column, high)
    fewest, best = _crossings(columns), [list(column) for column in columns]
    for _ in range(SWEEPS):
        for index in (TOPICS, ANSWERS, CHANGES, GROUPS):
            columns[index].sort(key=_pull)
            _spread(columns[index], high)
        crossed = _crossings(columns)
        if crossed < fewest:
            fewest, best = crossed, [list(column) for column in columns]
    for column, order in zip(columns, best, strict=True):
        column[:] = order
        _spread(column, high)


def _pull(box: Box) -> tuple:
    """Sort key: the tone for answers; then where the bands lead, the next column before the last one."""
    column = box.node.column
    bands = box.right if column in (GROUPS, TOPICS) else box.left
    far = [(band.target if column in (GROUPS, TOPICS) else band.source, band.wide) for band in bands]
    weight = sum(wide for _, wide in far)
    middle = sum(other.middle * wide for other, wide in far) / weight if weight else box.middle
    tone = TONES.index(box.node.tone) if column == ANSWERS else 0
    return (tone, round(middle, 3), -(box.node.value or 0), box.node.key)


def _crossings(columns: tuple[list[Box], ...]) -> float:
    """How much band crosses band, thick ones counting more."""
    bands = [band for column in columns for box in column for band in box.right]
    total = 0.0
    for i, one in enumerate(bands):
        for other in bands[i + 1 :]:
            if one.source.node.column == other.source.node.column:
                apart = (one.source.top - other.source.top) * (one.target.top - other.target.top)
                total += one.wide * other.wide if apart < 0 else 0
    return round(total, 3)


def _spread(column: list[Box], high: float) -> None:
    """Boxes one under another over the whole height, with equal gaps."""
    left = high - sum(box.high for box in column)
    if len(column) == 1:
        column[0].top = left / 2
        return
    top = 0.0
    for box in column:
        box.top = top
        top += box.high + left / (len(column) - 1)


def _attach(columns: tuple[list[Box], ...]) -> None:
    """Bands leave and reach a box in the order of their other ends, so that they do not cross at it."""
    for column in columns:
        for box in column:
            box.right.sort(key=lambda band: (band.target.top, band.link.tone))
            box.left.sort(key=lambda band: (band.source.top, band.link.tone))
            at = box.middle - sum(band.wide for band in box.right) / 2
            for band in box.right:
                band.start, at = at, at + band.wide
            at = box.middle - sum(band.wide for band in box.left) / 2
            for band in box.left:
                band.end, at = at, at + band.wide


def _lines(node: Node) -> list[tuple[str, bool]]:
    """Title and subtitle, wrapped. Nothing is cut; the box grows instead."""
    room = WIDE[node.column] - 24 - (22 if node.column == ANSWERS else 0)
    number = number_of(node.value)
    title = wrap(node.title, room, room - measure(number, 15) - 8, bold=node.column != TOPICS)
    return [(line, True) for line in title] + [(line, False) for line in wrap(node.subtitle, room, room)]


def number_of(value: int | None) -> str:
    """What stands in a box for its figure."""
    return gettext("hidden") if value is None else str(value)


def wrap(text: str, room: float, first_room: float, bold: bool = False) -> list[str]:
    """Lines no wider than `room` (the first no wider than `first_room`); only a very long word is divided."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text.split(), first_room, bold):
        longer = f"{line} {word}".strip()
        if line and measure(longer, 15, bold) > (room if lines else first_room):
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _pieces(words: list[str], room: float, bold: bool) -> Iterable[str]:
    for word in words:
        while measure(word, 15, bold) > room:
            fits = next(
                n for n in range(len(word) - 1, 0, -1) if n == 1 or measure(word[:n], 15, bold) <= room
            )
            yield word[:fits]
            word = word[fits:]
        yield word


def measure(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text runs in Roboto or Arial; rather too wide than too narrow."""
    ems = sum(
        0.3
        if mark in "ijltfrI.,:;'’!|()[] -"
        else 0.9
        if mark in "mwMW@%—…"
        else 0.7
        if mark.isupper()
        else 0.57
        for mark in text
    )
    return ems * size * (1.06 if bold else 1)
