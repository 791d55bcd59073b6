"""From a released table to what the flow page shows: the answers in panels, and the picture."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.flow.sankey import Link, Node, draw
from collaborative.flow.tables import COLUMNS, NOTHING, WAIT, topic_tone


@dataclass
class Panel:
    """One answer and the topics that got it."""

    tone: str
    paths: list[dict[str, Any]] = field(default_factory=list)

    @property
    def topics(self) -> list[tuple[str, str, list[dict[str, Any]]]]:
        """(slug, name, its paths): a topic stands in one panel once, with all that was answered to it."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for path in self.paths:
            found[path["theme"]].append(path)
        return [(slug, paths[0]["topic"], paths) for slug, paths in found.items()]


def answers(content: dict[str, Any]) -> list[Panel]:
    """A panel for each answer that was given, in a fixed order; "no" is as large as "yes".

    A topic stands in one panel, with each of its paths: yes here and later there is partly.
    """
    by_topic: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in content["paths"]:
        by_topic[path["theme"]].append(path)
    panels = {tone: Panel(tone) for tone in COLUMNS}
    for paths in by_topic.values():
        tone = topic_tone({path["tone"] for path in paths})
        panels[tone].paths += [p for p in paths if p["tone"] != WAIT] if tone != WAIT else paths
    return [panel for panel in panels.values() if panel.paths]


@dataclass
class Topic:
    """One topic of the list that says in words what the picture draws."""

    name: str
    slug: str
    n: int | None
    groups: list[tuple[str, int]]  # those that may be shown
    some_hidden: bool
    paths: list[dict[str, Any]]


def topics(content: dict[str, Any]) -> list[Topic]:
    """Every topic with who raised it and each of its paths, in the order of the release."""
    names = {row["slug"]: row["name"] for row in content["rows"]}
    bands: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for band in content["picture"]["bands"]:
        bands[band["theme"]].append(band)
    found: dict[str, Topic] = {}
    for path in content["paths"]:
        slug = path["theme"]
        if slug not in found:
            shown = [(names[b["group"]], b["n"]) for b in bands[slug] if b["n"]]
            hidden = any(b["n"] is None for b in bands[slug])
            total = content["picture"]["themes"][slug]
            found[slug] = Topic(path["topic"], slug, total, sorted(shown, key=lambda g: -g[1]), hidden, [])
        found[slug].paths.append(path)
    return list(found.values())


def svg(content: dict[str, Any]) -> str:
    """The picture of everybody as SVG, from figures that are safe already."""
    nodes = [*_groups(content), *_topics(content), *_boxes(content), *_changes(content)]
    return draw(
        nodes,
        _links(content),
        title=_("From what people said to what changed"),
        others_url=reverse("themes"),
    ).svg


def _groups(content: dict[str, Any]) -> list[Node]:
    names = {row["slug"]: row["name"] for row in content["rows"]}
    return [
        Node(0, f"group.{slug}", names[slug], "", n, _group_address(slug), "")
        for slug, n in content["picture"]["groups"].items()
        if n != 0
    ]


def _group_address(slug: str) -> str:
    return reverse("groups") if slug == "not-said" else reverse("group", args=[slug])


def _topics(content: dict[str, Any]) -> list[Node]:
    names = {path["theme"]: path["topic"] for path in content["paths"]}
    return [
        Node(1, f"theme.{slug}", names[slug], "", n, reverse("theme", args=[slug]), "")
        for slug, n in content["picture"]["themes"].items()
        if slug in names
    ]


def _boxes(content: dict[str, Any]) -> list[Node]:
    waiting = content["topics"][WAIT]
    return [
        Node(
            2,
            f"box.{box['key']}",
            answer_word(box["tone"]),
            box["title"] or _("%(n)s topics") % {"n": waiting},
            box["n"],
            f"/decisions/{box['decision']}/" if box["decision"] else reverse("themes"),
            box["tone"],
        )
        for box in content["picture"]["boxes"]
        if box["n"] != 0
    ]


def _changes(content: dict[str, Any]) -> list[Node]:
    return [
        Node(3, f"change.{one['key']}", *_change_words(one), one["n"], _change_address(one), "")
        for one in content["picture"]["changes"]
        if one["n"] != 0
    ]


def _change_words(change: dict[str, Any]) -> tuple[str, str]:
    if change["key"] == NOTHING:
        return _("No change"), _("and the reason")
    if change["key"] == "waiting":
        return _("Waiting"), _("for the board")
    if change["refs"]:
        return _("Our plan"), change["title"]
    due = change["due"]
    by = date_format(date.fromisoformat(due), "F Y") if due else ""
    return _("A promise"), _("by %(month)s") % {"month": by} if by else ""


def _change_address(change: dict[str, Any]) -> str:
    if change["key"] == NOTHING:
        return "/decisions/?answer=no"
    if change["key"] == "waiting":
        return reverse("themes")
    if change["refs"]:
        return reverse("model_clause", args=[change["refs"][0]])
    return f"/decisions/{change['decision']}/"


def _links(content: dict[str, Any]) -> list[Link]:
    picture = content["picture"]
    box_of = {(box["decision"], box["tone"]): f"box.{box['key']}" for box in picture["boxes"]}
    links = [
        Link(f"group.{band['group']}", f"theme.{band['theme']}", band["n"], "")
        for band in picture["bands"]
        if band["n"] != 0
    ]
    links += [
        Link(f"theme.{path['theme']}", box_of[(path["decision"], path["tone"])], path["n"], path["tone"])
        for path in content["paths"]
        if path["n"] != 0
    ]
    links += [
        Link(f"box.{box['key']}", f"change.{box['change']}", box["n"], box["tone"])
        for box in picture["boxes"]
        if box["n"] != 0
    ]
    return links


def answer_word(tone: str) -> str:
    return {
        "yes": _("Yes"),
        "partly": _("Partly"),
        "no": _("No"),
        "later": _("Later"),
        "out": _("Not ours to decide"),
        WAIT: _("Not yet decided"),
    }[tone]
