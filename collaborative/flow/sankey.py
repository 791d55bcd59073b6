"""How views became change, as one picture (a Sankey) drawn on the server as SVG, from safe figures only.

Presentation attributes and classes, no inline style: pages do not allow it. Every text goes through
ElementTree, which escapes it. Colours stand here as well as in the style sheet, so that the picture can also
stand alone: in an e-mail, in a report, as a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from collaborative.flow.sankey_layout import (
    ANSWERS,
    CHANGES,
    GROUPS,
    LEFT,
    LINE,
    TONES,
    TOPICS,
    WIDE,
    WIDTH,
    Band,
    Box,
    Layout,
    Link,
    Node,
    fold,
    layout,
    measure,
    number_of,
)

__all__ = ["Link", "Node", "Picture", "draw"]

EDGE = 2
THIN = 30.0
HEAD = 64  # legend and headings of the columns
INK, SOFT, PLAIN, FONT = "#1a1a1a", "#5e5e5e", "#8fa3b5", "Roboto, Arial, sans-serif"
DARK = {
    "yes": "#1a7032",
    "partly": "#00437e",
    "no": "#741e6d",
    "later": "#592c20",
    "out": "#1c5d5d",
    "wait": "#4d4d4d",
}
# Tile of each pattern: size, turn, background, then what is drawn on it.
PATTERNS: dict[str, tuple[int, int, str, list[tuple[str, dict[str, str]]]]] = {
    "yes": (8, 0, "#7fbf95", []),
    "partly": (8, 45, "#cfe3f6", [("path", {"fill": "#4a86bd", "d": "M0 0h3v8H0z"})]),
    "no": (
        8,
        0,
        "#ecd9ea",
        [("path", {"stroke": "#965390", "stroke-width": "1.5", "d": "M0 0l8 8M8 0L0 8"})],
    ),
    "later": (6, 0, "#efe3de", [("path", {"fill": "#86614f", "d": "M0 0h2v6H0z"})]),
    "out": (8, 0, "#d5e8e8", [("path", {"fill": "#3f7f7f", "d": "M0 0h8v2H0z"})]),
    "wait": (8, 0, "#ececec", [("circle", {"cx": "4", "cy": "4", "r": "1.75", "fill": "#777777"})]),
}


@dataclass(frozen=True)
class Picture:
    """The drawing, and its size in its own units."""

    svg: SafeString
    width: int
    height: int


def draw(
    nodes: Iterable[Node],
    links: Iterable[Link],
    *,
    title: str | Promise,
    others_url: str = "",
    prefix: str = "flow",
) -> Picture:
    """The picture as one SVG element, to stand in a page or alone.

    More than twelve topics: the smallest are drawn as "Other topics (n)", which leads to `others_url`. Two
    pictures on one page need a different `prefix`. Raises ValueError when a link does not join boxes of
    neighbouring columns, or a key is used twice. The same input gives the same picture, in whatever order.
    """
    placed = layout(*fold(list(nodes), list(links), others_url))
    return Picture(render(placed, str(title), prefix), WIDTH, round(total_height(placed)))


def render(placed: Layout, title: str, prefix: str) -> SafeString:
    """One svg element. Its size in user units is WIDTH by the height of the layout and its head."""
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"{-EDGE} 0 {WIDTH} {round(total_height(placed))}",
            "role": "group",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
        },
    )
    _text_of(ET.SubElement(svg, "title", {"id": f"{prefix}-title"}), title)
    _text_of(ET.SubElement(svg, "desc", {"id": f"{prefix}-desc"}), _description(placed))
    _patterns(ET.SubElement(svg, "defs"), prefix)
    head = ET.SubElement(svg, "g", {"aria-hidden": "true"})
    _legend(head, placed, prefix)
    _headings(head, placed)
    behind = ET.SubElement(svg, "g", {"aria-hidden": "true"})
    for band in sorted(placed.bands, key=lambda band: band.link.value is None):
        _draw_band(behind, band, prefix)
    for column in placed.columns:
        for box in column:
            _draw_box(svg, box)
    return SafeString(ET.tostring(svg, encoding="unicode", short_empty_elements=True))


def total_height(placed: Layout) -> float:
    return placed.high + HEAD + 2 * EDGE


def _text_of(element: ET.Element, text: str) -> None:
    """XML has no place for control characters, and a page with one in it would not parse."""
    element.text = "".join(mark for mark in text if mark.isprintable() or mark == " ")


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _description(placed: Layout) -> str:
    return gettext(
        "Four columns, from left to right: who we heard from (%(groups)s), topics (%(topics)s), our answers "
        "(%(answers)s), what changed (%(changes)s). The table and the list on this page say the same."
    ) % {
        "groups": len(placed.columns[GROUPS]),
        "topics": len(placed.columns[TOPICS]),
        "answers": len(placed.columns[ANSWERS]),
        "changes": len(placed.columns[CHANGES]),
    }


def _patterns(defs: ET.Element, prefix: str) -> None:
    for tone, (size, turn, ground, marks) in PATTERNS.items():
        side = str(size)
        pattern = ET.SubElement(
            defs,
            "pattern",
            {"id": f"{prefix}-{tone}", "width": side, "height": side, "patternUnits": "userSpaceOnUse"},
        )
        if turn:
            pattern.set("patternTransform", f"rotate({turn})")
        ET.SubElement(pattern, "path", {"fill": ground, "d": f"M0 0h{side}v{side}H0z"})
        for tag, attributes in marks:
            ET.SubElement(pattern, tag, attributes)


def _fill(tone: str, prefix: str) -> dict[str, str]:
    if tone in PATTERNS:
        return {"fill": f"url(#{prefix}-{tone})"}
    return {"fill": PLAIN, "fill-opacity": ".55"}


def _write(parent: ET.Element, text: str, x: float, y: float, kind: str = "", end: bool = False) -> None:
    """`kind`: b for bold, s for the second line; `end`: the text ends at x."""
    names = " ".join(name for name in (kind, "n" if end else "") if name)
    attributes = {"x": _n(x), "y": _n(y), "fill": INK, "font-family": FONT, "font-size": "15"}
    if names:
        attributes["class"] = names
    if kind == "b":
        attributes["font-weight"] = "700"
    if end:
        attributes["text-anchor"] = "end"
    _text_of(ET.SubElement(parent, "text", attributes), text)


def _legend(head: ET.Element, placed: Layout, prefix: str) -> None:
    """One swatch for every tone in the picture: the pattern with its word."""
    used = {band.link.tone for band in placed.bands if band.link.value is not None}
    x = 0.0
    for tone in TONES:
        if tone not in used or tone not in PATTERNS:
            continue
        ET.SubElement(
            head,
            "rect",
            {"x": _n(x), "y": "2", "width": "40", "height": "18", **_fill(tone, prefix)},
        )
        x = _name_swatch(head, answer_word(tone), x)
    if any(band.link.value is None for band in placed.bands):
        ET.SubElement(head, "path", {"d": f"M{_n(x)} 11h40", **_dashes()})
        _name_swatch(head, gettext("Hidden to protect people"), x)


def _name_swatch(head: ET.Element, word: str, x: float) -> float:
    _write(head, word, x + 48, 16)
    return x + 48 + measure(word, 15) + 20


def answer_word(tone: str) -> str:
    """The public word for a tone."""
    return {
        "yes": pgettext("our answer", "Yes"),
        "partly": pgettext("our answer", "Partly"),
        "no": pgettext("our answer", "No"),
        "later": pgettext("our answer", "Later"),
        "out": pgettext("our answer", "Not ours to decide"),
        "wait": pgettext("our answer", "Not yet decided"),
    }[tone]


def _headings(head: ET.Element, placed: Layout) -> None:
    words = (gettext("Who we heard from"), gettext("Topic"), gettext("Our answer"), gettext("What changed"))
    for left, word, column in zip(LEFT, words, placed.columns, strict=True):
        if column:
            _write(head, word, left, 50, "b")


def _dashes() -> dict[str, str]:
    return {"fill": "none", "stroke": SOFT, "stroke-width": "2", "stroke-dasharray": "5 4"}


def _draw_band(parent: ET.Element, band: Band, prefix: str) -> None:
    x1 = LEFT[band.source.node.column] + WIDE[band.source.node.column]
    x2 = LEFT[band.target.node.column]
    bend = _n((x1 + x2) / 2)
    y1, y2 = band.start + HEAD, band.end + HEAD
    if band.link.value is None or (band.link.tone in PATTERNS and band.wide <= THIN):
        # A line keeps its thickness where it is steep; a filled shape would dwindle to a hair there. The many
        # bands from the groups are better fine: what is steep there would cover the rest.
        y1, y2 = y1 + band.wide / 2, y2 + band.wide / 2
        path = f"M{x1} {_n(y1)}C{bend} {_n(y1)} {bend} {_n(y2)} {x2} {_n(y2)}"
        paint = _dashes() if band.link.value is None else _stroke(band, prefix)
        ET.SubElement(parent, "path", {"d": path, **paint})
        return
    y3, y4 = y2 + band.wide, y1 + band.wide
    there = f"M{x1} {_n(y1)}C{bend} {_n(y1)} {bend} {_n(y2)} {x2} {_n(y2)}"
    back = f"V{_n(y3)}C{bend} {_n(y3)} {bend} {_n(y4)} {x1} {_n(y4)}Z"
    ET.SubElement(parent, "path", {"d": there + back, **_fill(band.link.tone, prefix)})


def _stroke(band: Band, prefix: str) -> dict[str, str]:
    return {"fill": "none", "stroke": f"url(#{prefix}-{band.link.tone})", "stroke-width": _n(band.wide)}


def _draw_box(svg: ET.Element, box: Box) -> None:
    node = box.node
    left, wide, top = LEFT[node.column], WIDE[node.column], box.top + HEAD
    said = ", ".join(part for part in (node.title, node.subtitle, number_of(node.value)) if part)
    label = "".join(mark for mark in said if mark.isprintable())
    inner = (
        ET.SubElement(svg, "a", {"href": node.url, "aria-label": label})
        if node.url
        else ET.SubElement(svg, "g")
    )
    ET.SubElement(
        inner,
        "rect",
        {
            "class": "box", "x": str(left), "y": _n(top), "width": str(wide), "height": _n(box.high),
            "fill": "#ffffff", "stroke": SOFT, "stroke-width": "1.5",
        },
    )  # fmt: skip
    icon = node.column == ANSWERS and node.tone in DARK
    first = top + box.high / 2 - len(box.lines) * LINE / 2 + 14
    if icon:
        _draw_icon(inner, node.tone, left + 20, first - 5)
    for i, (line, is_title) in enumerate(box.lines):
        kind = "" if is_title and node.column == TOPICS else "b" if is_title else "s"
        _write(inner, line, left + (34 if icon else 12), first + i * LINE, kind)
    _write(inner, number_of(node.value), left + wide - 10, first, end=True)


def _draw_icon(parent: ET.Element, tone: str, x: float, y: float) -> None:
    """A shape for each answer, the same as beside the word elsewhere on the site."""
    dark = DARK[tone]
    ring = {
        "cx": _n(x), "cy": _n(y), "r": "7.5",
        "fill": dark if tone == "yes" else "#ffffff", "stroke": dark, "stroke-width": "2.5",
    }  # fmt: skip
    if tone == "wait":
        ring["stroke-dasharray"] = "2.5 2.4"
    ET.SubElement(parent, "circle", ring)
    line = {"fill": "none", "stroke": dark, "stroke-width": "2"}
    shapes = {
        "yes": {**line, "stroke": "#ffffff", "d": f"M{_n(x - 3.5)} {_n(y)}l2.5 3 4.5-5.5"},
        "partly": {"fill": dark, "d": f"M{_n(x)} {_n(y - 7.5)}a7.5 7.5 0 0 0 0 15z"},
        "no": {**line, "stroke-width": "2.5", "d": f"M{_n(x - 4)} {_n(y)}h8"},
        "later": {"fill": dark, "d": f"M{_n(x)} {_n(y)}v-7.5a7.5 7.5 0 0 1 7.5 7.5z"},
        "out": {**line, "d": f"M{_n(x - 4)} {_n(y)}h7m-3-3l3 3-3 3"},
    }
    if tone in shapes:
        ET.SubElement(parent, "path", shapes[tone])
