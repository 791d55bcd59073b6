"""The figures of one consultation or workshop: received, left out and why, analysed, and by whom (ANA-2)."""

from collections import Counter
from typing import Any

from django.db.models import Count

from collaborative.analysis.models import Campaign
from collaborative.contributions.models import Exclusion, Permission, Receipt, RespondentKind
from collaborative.engagements.models import Engagement
from collaborative.figures.reconcile import Part, require_reconciled
from collaborative.figures.suppression import TOTAL, Policy, suppress_list
from collaborative.flow.counts import NO_GROUP, Counts, main_groups


def build(found: Counts, groups: dict[str, str], policy: Policy) -> dict[str, Any]:
    """One table for each engagement that received anything.

    Raises NotReconciled when parts and totals disagree.
    """
    everything = Receipt.objects.order_by()
    received = _tally(everything, "engagement_id")
    excluded = _tally(everything.exclude(exclusion=""), "engagement_id", "exclusion")
    waiting = _tally(Receipt.objects.waiting().order_by(), "engagement_id")
    gone = _tally(Receipt.objects.gone().order_by(), "engagement_id")
    analysed = Receipt.objects.analysed().order_by()
    kinds = _tally(analysed, "engagement_id", "respondent_kind")
    permissions = _tally(analysed, "engagement_id", "permission")
    by_group = _tally(analysed, "engagement_id", "group_id")
    campaigns = Campaign.objects.annotate(size=Count("members"))
    members = _tally(Campaign.objects.order_by(), "engagement_id", "name", "members__varied")
    top = main_groups()
    result = {}
    for engagement in Engagement.objects.filter(pk__in=[key[0] for key in received]):
        pk = engagement.pk
        group_counts: Counter[str] = Counter()
        for (of, group), n in by_group.items():
            if of == pk:
                group_counts[top.get(group, NO_GROUP)] += n
        result[f"engagement.{engagement.slug}"] = _table(
            pk, received, excluded, waiting, gone, kinds, permissions, group_counts, groups, policy
        ) | {
            "counted": sum(n for (of, _group), n in found.units.items() if of == pk),
            "campaigns": [
                {
                    "name": campaign.name,
                    "identical": members[(pk, campaign.name, False)],
                    "varied": _safe_count(members[(pk, campaign.name, True)], policy),
                }
                for campaign in campaigns
                if campaign.engagement_id == pk
            ],
        }
    return result


def _tally(rows: Any, *fields: str) -> Counter[tuple]:
    counted = rows.values_list(*fields).annotate(n=Count("pk", distinct=True))
    return Counter({tuple(row[:-1]): row[-1] for row in counted})


def _safe_count(n: int, policy: Policy) -> int | None:
    return None if 0 < n < policy.k else n


def _table(
    pk: int,
    received: Counter,
    excluded: Counter,
    waiting: Counter,
    gone: Counter,
    kinds: Counter,
    permissions: Counter,
    group_counts: Counter[str],
    groups: dict[str, str],
    policy: Policy,
) -> dict[str, Any]:
    total = received[(pk,)]
    out = {why: excluded[(pk, why)] for why in Exclusion.values}
    analysed = sum(kinds[(pk, kind)] for kind in RespondentKind.values)
    pending = waiting[(pk,)]
    taken_back = gone[(pk,)]
    require_reconciled(
        total,
        [
            Part("analysed", analysed, [Part(k, kinds[(pk, k)]) for k in RespondentKind.values]),
            Part("left out", sum(out.values()), [Part(why, n) for why, n in out.items()]),
            Part("waiting", pending),
            Part("taken back or not shown", taken_back),
        ],
    )
    # One line of parts, so that no part can be worked out from the others.
    safe = suppress_list(
        {
            **{f"out.{why}": n for why, n in out.items()},
            "analysed": analysed,
            "waiting": pending,
            "gone": taken_back,
        },
        policy,
    )
    out_shown = None if any(safe[f"out.{why}"] is None for why in out) else sum(out.values())
    return {
        "received": safe[TOTAL],
        "excluded": out_shown,
        "excluded_by": {why: safe[f"out.{why}"] for why in out},
        "waiting": safe["waiting"],
        "gone": safe["gone"],
        "analysed": safe["analysed"],
        "kinds": _line({kind: kinds[(pk, kind)] for kind in RespondentKind.values}, policy),
        "permissions": _line({one: permissions[(pk, one)] for one in Permission.values}, policy),
        "groups": [
            {"slug": slug, "name": name, "n": n}
            for (slug, name), n in zip(
                groups.items(),
                _line({slug: group_counts[slug] for slug in groups}, policy).values(),
                strict=False,
            )
        ],
    }


def _line(parts: dict[str, int], policy: Policy) -> dict[str, int | None]:
    safe = suppress_list(parts, policy)
    return {key: safe[key] for key in parts}
