"""The figures of one consultation or workshop: received, left out and why, analysed, and by whom (ANA-2)."""

from collections import Counter, defaultdict
from typing import Any

from collaborative.analysis.models import Campaign
from collaborative.analysis.reckoning import (
    ANALYSED,
    GONE,
    OUT,
    WAITING,
    Atom,
    agree,
    members,
    tally,
)
from collaborative.analysis.reckoning import atoms as _atoms
from collaborative.contributions.models import Channel, Exclusion, Permission, Receipt, RespondentKind
from collaborative.engagements.models import Engagement
from collaborative.figures.reconcile import NotReconciled
from collaborative.figures.suppression import Policy, Quantity, Released, suppress
from collaborative.flow.counts import Counts

Sizes = Counter[tuple[int, int, bool]]


def build(found: Counts, groups: dict[str, str], policy: Policy) -> dict[str, Any]:
    """One table for each engagement that received anything.

    Raises NotReconciled when parts and totals disagree.
    """
    received = tally(Receipt.objects.order_by(), "engagement_id")
    atoms = _atoms()
    sizes = members()
    small = _small(sizes, policy)
    campaigns = _campaigns(sizes, policy)
    tables = {}
    for engagement in Engagement.objects.filter(pk__in=[pk for (pk,) in received]):
        pk = engagement.pk
        wrong = agree(received[(pk,)], atoms[pk])
        if wrong:
            raise NotReconciled(wrong)
        counted = sum(n for (of, _group), n in found.units.items() if of == pk)
        tables[f"engagement.{engagement.slug}"] = _table(atoms[pk], groups, policy) | {
            "counted": None if pk in small or 0 < counted < policy.k else counted,
            "campaigns": campaigns[pk],
        }
    return tables


def small_campaigns(policy: Policy) -> set[int]:
    """Engagements in which a campaign is too small to tell its size: how many count would give it away."""
    return _small(members(), policy)


def _small(sizes: Sizes, policy: Policy) -> set[int]:
    return {
        engagement for (engagement, _campaign, varied), n in sizes.items() if not varied and 1 < n < policy.k
    }


def _campaigns(sizes: Sizes, policy: Policy) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for campaign in Campaign.objects.order_by("pk"):
        at = (campaign.engagement_id, campaign.pk)
        identical, varied = sizes[(*at, False)], sizes[(*at, True)]
        found[campaign.engagement_id].append(
            {
                "name": campaign.name,
                "identical": None if 0 < identical < policy.k else identical,
                "varied": None if 0 < varied < policy.k else varied,
            }
        )
    return found


def _table(found: Counter[Atom], groups: dict[str, str], policy: Policy) -> dict[str, Any]:
    channels = _channels(found)
    safe = _make_safe(found, groups, channels, policy)
    return {
        "received": safe["received"],
        "excluded": safe[OUT],
        "excluded_by": {why: safe[(OUT, why)] for why in Exclusion.values},
        "waiting": safe[(WAITING,)],
        "gone": safe[(GONE,)],
        "analysed": safe[ANALYSED],
        "kinds": {kind: safe[("kind", kind)] for kind in RespondentKind.values},
        "permissions": {one: safe[("permission", one)] for one in Permission.values},
        "groups": [{"slug": slug, "name": name, "n": safe[("group", slug)]} for slug, name in groups.items()],
        "channels": {one: safe[("channel", one)] for one in channels},
    }


def _channels(found: Counter[Atom]) -> list[str]:
    """Those by which an analysed response came. That none came by another is no small number: it is told by
    not naming it, and the system to make safe stays as small as that."""
    used = {atom[4] for atom, n in found.items() if atom[0] == ANALYSED and n}
    return [one for one in Channel.values if one in used]


def _make_safe(found: Counter[Atom], groups: dict[str, str], channels: list[str], policy: Policy) -> Released:
    """All lines of the table in one system, since they share their total.

    Of the finest cells (kind by permission by group by channel) only those that somebody stands in are given
    to the engine: no page prints one. What it finds possible with these is possible with all of them, so
    that every hidden line stays hidden; and with all of them it finds whole tables too seldom and hides
    most lines for want of one.
    """
    atoms: dict[Atom, int] = {(OUT, why): 0 for why in Exclusion.values} | {(WAITING,): 0, (GONE,): 0}
    atoms |= {atom: n for atom, n in found.items() if n}

    def of(state: str, place: int = 0, value: str = "") -> frozenset[Atom]:
        return frozenset(a for a in atoms if a[0] == state and (not place or a[place] == value))

    lines = [Quantity((OUT, why), frozenset({(OUT, why)}), OUT, 0) for why in Exclusion.values]
    lines += [Quantity((state,), frozenset({(state,)}), "state", 1) for state in (WAITING, GONE)]
    told_apart = [
        ("kind", RespondentKind.values),
        ("permission", Permission.values),
        ("group", list(groups)),
        ("channel", channels),
    ]
    for place, (name, values) in enumerate(told_apart, start=1):
        lines += [Quantity((name, value), of(ANALYSED, place, value), name, 2) for value in values]
    lines.append(Quantity(OUT, of(OUT), "state", 3))
    lines.append(Quantity(ANALYSED, of(ANALYSED), "state", 4))
    lines.append(Quantity("received", frozenset(atoms), "all", 5))
    return suppress(atoms, lines, policy)


def moved(before: dict[str, Any], after: dict[str, Any]) -> int:
    """How many responses at least stand elsewhere in the second of two such tables, as a reader can tell.

    Whoever moves leaves one line and comes to another, or is new; of each list of lines the larger of what
    was lost and what was gained, and of all lists the most. Hidden lines tell nothing.
    """
    lists = [
        [(before.get(name), after.get(name)) for name in ("analysed", "excluded", "waiting", "gone")],
        [(before.get(name), after.get(name)) for name in ("received",)],
        [(before.get(name), after.get(name)) for name in ("counted",)],
    ]
    for name in ("excluded_by", "kinds", "permissions", "channels"):
        old, new = before.get(name) or {}, after.get(name) or {}
        lists.append([(old.get(key, 0), new.get(key, 0)) for key in {*old, *new}])
    old, new = ({row["slug"]: row["n"] for row in of.get("groups") or []} for of in (before, after))
    lists.append([(old.get(key, 0), new.get(key, 0)) for key in {*old, *new}])
    found = 0
    for lines in lists:
        steps = [new - old for old, new in lines if old is not None and new is not None]
        found = max(found, sum(n for n in steps if n > 0), -sum(n for n in steps if n < 0))
    return found
