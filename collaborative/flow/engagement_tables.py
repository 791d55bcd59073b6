"""The figures of one consultation or workshop: received, left out and why, analysed, and by whom (ANA-2)."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count

from collaborative.analysis.models import Campaign, CampaignMember
from collaborative.contributions.models import Exclusion, Permission, Receipt, RespondentKind
from collaborative.engagements.models import Engagement
from collaborative.figures.reconcile import Part, require_reconciled
from collaborative.figures.suppression import Policy, Quantity, Released, suppress
from collaborative.flow.counts import NO_GROUP, Counts, main_groups

ANALYSED, OUT, WAITING, GONE = "analysed", "out", "waiting", "gone"

# Where a response stands: ("analysed", kind, permission, group), ("out", why), ("waiting",) or ("gone",).
Atom = tuple[str, ...]


def build(found: Counts, groups: dict[str, str], policy: Policy) -> dict[str, Any]:
    """One table for each engagement that received anything.

    Raises NotReconciled when parts and totals disagree.
    """
    received = _tally(Receipt.objects.order_by(), "engagement_id")
    atoms = _atoms()
    small = small_campaigns(policy)
    campaigns = _campaigns(policy)
    tables = {}
    for engagement in Engagement.objects.filter(pk__in=[pk for (pk,) in received]):
        pk = engagement.pk
        _reconcile(received[(pk,)], atoms[pk])
        counted = sum(n for (of, _group), n in found.units.items() if of == pk)
        tables[f"engagement.{engagement.slug}"] = _table(atoms[pk], groups, policy) | {
            "counted": None if pk in small or 0 < counted < policy.k else counted,
            "campaigns": campaigns[pk],
        }
    return tables


def small_campaigns(policy: Policy) -> set[int]:
    """Engagements in which a campaign is too small to tell its size: how many count would give it away."""
    sizes = _tally(
        CampaignMember.objects.filter(varied=False).order_by(), "campaign__engagement_id", "campaign_id"
    )
    return {engagement for (engagement, _campaign), n in sizes.items() if 1 < n < policy.k}


def _atoms() -> dict[int, Counter[Atom]]:
    """Every response of every engagement, once."""
    top = main_groups()
    atoms: dict[int, Counter[Atom]] = defaultdict(Counter)
    analysed = Receipt.objects.analysed().order_by()
    for (pk, kind, permission, group), n in _tally(
        analysed, "engagement_id", "respondent_kind", "permission", "group_id"
    ).items():
        atoms[pk][(ANALYSED, kind, permission, top.get(group, NO_GROUP))] += n
    for (pk, why), n in _tally(
        Receipt.objects.exclude(exclusion="").order_by(), "engagement_id", "exclusion"
    ).items():
        atoms[pk][(OUT, why)] += n
    for state, rows in ((WAITING, Receipt.objects.waiting()), (GONE, Receipt.objects.gone())):
        for (pk,), n in _tally(rows.order_by(), "engagement_id").items():
            atoms[pk][(state,)] += n
    return atoms


def _tally(rows: Any, *fields: str) -> Counter[tuple]:
    counted = rows.values_list(*fields).annotate(n=Count("pk", distinct=True))
    return Counter({tuple(row[:-1]): row[-1] for row in counted})


def _reconcile(received: int, atoms: Counter[Atom]) -> None:
    by_state: Counter[str] = Counter()
    for atom, n in atoms.items():
        by_state[atom[0]] += n
    left_out = [Part(why, atoms[(OUT, why)]) for why in Exclusion.values]
    parts = [
        Part("analysed", by_state[ANALYSED]),
        Part("left out", by_state[OUT], left_out),
        Part("waiting to be checked", by_state[WAITING]),
        Part("taken back or not shown", by_state[GONE]),
    ]
    require_reconciled(received, parts, "received")


def _campaigns(policy: Policy) -> dict[int, list[dict[str, Any]]]:
    sizes = _tally(CampaignMember.objects.order_by(), "campaign_id", "varied")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for campaign in Campaign.objects.order_by("pk"):
        identical, varied = sizes[(campaign.pk, False)], sizes[(campaign.pk, True)]
        found[campaign.engagement_id].append(
            {
                "name": campaign.name,
                "identical": None if 0 < identical < policy.k else identical,
                "varied": None if 0 < varied < policy.k else varied,
            }
        )
    return found


def _table(found: Counter[Atom], groups: dict[str, str], policy: Policy) -> dict[str, Any]:
    safe = _make_safe(found, groups, policy)
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
    }


def _make_safe(found: Counter[Atom], groups: dict[str, str], policy: Policy) -> Released:
    """All lines of the table in one system, since they share their total."""
    atoms: dict[Atom, int] = {
        (ANALYSED, kind, permission, group): 0
        for kind in RespondentKind.values
        for permission in Permission.values
        for group in [*groups, NO_GROUP]
    }
    atoms |= {(OUT, why): 0 for why in Exclusion.values} | {(WAITING,): 0, (GONE,): 0}
    atoms |= found

    def of(state: str, place: int = 0, value: str = "") -> frozenset[Atom]:
        return frozenset(a for a in atoms if a[0] == state and (not place or a[place] == value))

    lines = [Quantity((OUT, why), frozenset({(OUT, why)}), OUT, 0) for why in Exclusion.values]
    lines += [Quantity((state,), frozenset({(state,)}), "state", 1) for state in (WAITING, GONE)]
    for place, (name, values) in enumerate(
        [("kind", RespondentKind.values), ("permission", Permission.values), ("group", list(groups))], start=1
    ):
        lines += [Quantity((name, value), of(ANALYSED, place, value), name, 2) for value in values]
    lines.append(Quantity(OUT, of(OUT), "state", 3))
    lines.append(Quantity(ANALYSED, of(ANALYSED), "state", 4))
    lines.append(Quantity("received", frozenset(atoms), "all", 5))
    return suppress(atoms, lines, policy)
