"""The numbers in a write-up, through the one system of figures: who came, by group, and how votes stood.

A group is counted with the threshold of the policy; where somebody who is, or may be, under 16 is in it, or
the group is marked sensitive, with the higher one. Left out: who came and never said so in the room.
"""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from collaborative.changemakers.polls import kinds
from collaborative.changemakers.polls import reading as polls
from collaborative.changemakers.polls.kinds import Kind
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.engagements.models import Engagement
from collaborative.figures.policy import TOTAL, Policy, Quantity
from collaborative.figures.suppression import suppress
from collaborative.people.models import HANDLED_AS_UNDER_16

OTHERS = "~others"  # came, and gave no group in the room; no slug has such a key
NO_GROUP = "~none"


def attendance(engagement: Engagement, counted: int | None) -> dict[str, Any]:
    """{"shown": {"total": n or None, "groups": [{"name", "n" or None}], "others": n or None}, "careful":
    whether somebody under 16 was there, for the votes; not to be shown}. One query.

    `counted` is the head-count of the organisers. Groups are those that people named when they came in.
    """
    rows = (
        Participant.objects.filter(engagement=engagement)
        .values("group__slug", "group__name", "group__sensitive")
        .annotate(n=Count("pk"), young=Count("pk", filter=Q(age_band__in=HANDLED_AS_UNDER_16)))
        .order_by("group__order", "group__name")
    )
    atoms: dict[str, int] = {}
    names: dict[str, str] = {}
    quantities = []
    for row in rows:
        slug = row["group__slug"] or NO_GROUP
        sensitive = bool(row["young"] or row["group__sensitive"])
        atoms[slug], names[slug] = row["n"], row["group__name"] or _("No group named")
        quantities.append(Quantity(slug, frozenset({slug}), "group", 0, sensitive=sensitive))
    careful = any(one.sensitive for one in quantities)
    inside = sum(atoms.values())
    atoms[OTHERS] = max((counted or 0) - inside, 0)
    quantities.append(Quantity(OTHERS, frozenset({OTHERS}), "group", 0, sensitive=careful))
    quantities.append(Quantity(TOTAL, frozenset(atoms), "all", 2, sensitive=careful))
    released = suppress(atoms, quantities, Policy())
    groups = [{"name": names[slug], "n": released[slug]} for slug in names]
    shown = {"total": released[TOTAL], "groups": groups, "others": released[OTHERS]}
    return {"shown": shown, "careful": careful}


def votes(stage: Stage, *, careful: bool) -> dict[str, Any]:
    """How a vote stood: {"kind", "base": n or None, "lines": [{"label", "n" or None, "parts"}]}.

    `n` of a line is how many chose it; dots; a mean place. None where it could point at someone, and for
    all of it where few voted. Two queries.
    """
    poll, found = kinds.asked(stage), polls.result(stage)
    policy = Policy()
    if found.base < (policy.k_sensitive if careful else policy.k):
        return {"kind": poll.kind, "base": None, "lines": [{"label": one.label} for one in found.lines]}
    lines = [_line(poll.kind, one, found.base, careful) for one in found.lines]
    if poll.kind == Kind.ONE:
        _share_out(lines, found.lines, found.base, careful)
    return {"kind": poll.kind, "base": found.base, "lines": lines}


def _line(kind: str, line: polls.Line, base: int, careful: bool) -> dict[str, Any]:
    atoms = {"in": line.n, "out": base - line.n}
    quantities = [Quantity(key, frozenset({key}), "part", 0, sensitive=careful) for key in atoms]
    quantities.append(Quantity(TOTAL, frozenset(atoms), "all", 1, sensitive=careful))
    n = suppress(atoms, quantities, Policy())["in"]
    if kind == Kind.AGREE:
        return {"label": line.label, "parts": _scale(line, careful) if n is not None else []}
    if kind in (Kind.DOTS, Kind.RANK):
        return {"label": line.label, "n": line.score if n is not None else None, "voters": n}
    return {"label": line.label, "n": n}


def _scale(line: polls.Line, careful: bool) -> list[dict[str, Any]]:
    atoms = {str(step): n for step, (_words, n) in enumerate(line.parts)}
    released = suppress(atoms, _parts(atoms, careful), Policy())
    return [{"label": words, "n": released[str(step)]} for step, (words, _n) in enumerate(line.parts)]


def _share_out(lines: list[dict[str, Any]], found: list[polls.Line], base: int, careful: bool) -> None:
    """Of one choice each the parts add up to all, so they are hidden together."""
    atoms = {one.key: one.n for one in found} | {OTHERS: base - sum(one.n for one in found)}
    released = suppress(atoms, _parts(atoms, careful), Policy())
    for line, one in zip(lines, found, strict=True):
        line["n"] = released[one.key]


def _parts(atoms: dict[str, int], careful: bool) -> list[Quantity]:
    parts = [Quantity(key, frozenset({key}), "part", 0, sensitive=careful) for key in atoms]
    return [*parts, Quantity(TOTAL, frozenset(atoms), "all", 1, sensitive=careful)]
