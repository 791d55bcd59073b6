"""Where each response of a consultation or workshop stands, counted from the record, and whether it adds up.

received = analysed + left out (by reason) + waiting + gone (ANA-2); a campaign's identical responses count
once (ANA-3). These counts are exact: they are not for the public before `figures` has made them safe.
"""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Q

from collaborative.analysis.models import Campaign, CampaignMember
from collaborative.contributions.models import Channel, Exclusion, Permission, Receipt, RespondentKind
from collaborative.figures.reconcile import Disagreement, Part, reconcile
from collaborative.people.models import StakeholderGroup

NO_GROUP = "not-said"
ANALYSED, OUT, WAITING, GONE = "analysed", "out", "waiting", "gone"
# What a response that is analysed is told apart by, in the order of its atom.
LINES = ("respondent_kind", "permission", "group_id", "channel")

# Where a response stands: ("analysed", kind, permission, group, channel), ("out", why), ("waiting",) or
# ("gone",).
Atom = tuple[str, ...]


def main_groups() -> dict[int, str]:
    """Each group's id to the slug of the group at the top of its branch: small groups are counted with it."""
    rows = {g.pk: g for g in StakeholderGroup.objects.all()}

    def top(group: StakeholderGroup) -> str:
        while group.parent_id:
            group = rows[group.parent_id]
        return group.slug

    return {pk: top(group) for pk, group in rows.items()}


def atoms() -> dict[int, Counter[Atom]]:
    """Every response of every engagement, once, by the engagement's id. Five queries."""
    top = main_groups()
    found: dict[int, Counter[Atom]] = defaultdict(Counter)
    analysed = Receipt.objects.analysed().order_by()
    for (pk, kind, permission, group, channel), n in tally(analysed, "engagement_id", *LINES).items():
        found[pk][(ANALYSED, kind, permission, top.get(group, NO_GROUP), channel)] += n
    left_out = Receipt.objects.exclude(exclusion="").order_by()
    for (pk, why), n in tally(left_out, "engagement_id", "exclusion").items():
        found[pk][(OUT, why)] += n
    for state, rows in ((WAITING, Receipt.objects.waiting()), (GONE, Receipt.objects.gone())):
        for (pk,), n in tally(rows.order_by(), "engagement_id").items():
            found[pk][(state,)] += n
    return found


def tally(rows: Any, *fields: str) -> Counter[tuple]:
    """How many rows there are of each combination of these fields."""
    counted = rows.values_list(*fields).annotate(n=Count("pk", distinct=True))
    return Counter({tuple(row[:-1]): row[-1] for row in counted})


def members() -> Counter[tuple[int, int, bool]]:
    """How many analysed responses are in each campaign: (engagement, campaign, varied) -> n. One query.

    Who took theirs back, or was left out, is in none: a size that counted them would add up with nothing.
    """
    rows = CampaignMember.objects.filter(receipt__in=Receipt.objects.analysed()).order_by()
    return tally(rows, "campaign__engagement_id", "campaign_id", "varied")


def agree(received: int, found: Counter[Atom]) -> list[Disagreement]:
    """Where what was received and where it stands disagree; empty: it adds up."""
    by_state: Counter[str] = Counter()
    for atom, n in found.items():
        by_state[atom[0]] += n
    left_out = {why: found[(OUT, why)] for why in Exclusion.values}
    return reconcile(received, _states(by_state, left_out), "received")


def _states(by_state: Counter[str], left_out: dict[str, int]) -> list[Part]:
    return [
        Part("analysed", by_state[ANALYSED]),
        Part("left out", by_state[OUT], [Part(why, n) for why, n in left_out.items()]),
        Part("waiting to be checked", by_state[WAITING]),
        Part("taken back or not shown", by_state[GONE]),
    ]


def disagreements(engagement: int) -> list[Disagreement]:
    """Every place where parts and totals of one engagement disagree, each counted by a query of its own.

    Ten queries, none for each response. What is sent or taken back while they run may make them disagree:
    then asking again does.
    """
    rows = Receipt.objects.filter(engagement=engagement)
    analysed = Receipt.objects.analysed().filter(engagement=engagement)
    by_state: Counter[str] = Counter()
    by_state[ANALYSED] = analysed.count()
    by_state[OUT] = rows.exclude(exclusion="").count()
    by_state[WAITING] = Receipt.objects.waiting().filter(engagement=engagement).count()
    by_state[GONE] = Receipt.objects.gone().filter(engagement=engagement).count()
    reasons = tally(rows.exclude(exclusion="").order_by(), "exclusion")
    left_out = {why: reasons[(why,)] for why in Exclusion.values}
    found = reconcile(rows.count(), _states(by_state, left_out), "received")
    for name, parts in _broken_down(analysed).items():
        found += reconcile(by_state[ANALYSED], parts, f"analysed, {name}")
    return found + _campaigns(engagement, by_state[ANALYSED])


def _broken_down(analysed: Any) -> dict[str, list[Part]]:
    """Analysed responses by each thing they are told apart by. Only what the site knows the name of counts:
    a response with a kind, channel or group that no table prints would stand nowhere."""
    top = main_groups()
    counts = {field: tally(analysed.order_by(), field) for field in LINES}
    groups: Counter[str] = Counter()
    for (group,), n in counts["group_id"].items():
        groups[top.get(group, NO_GROUP)] += n
    known = {
        "by who answered": ("respondent_kind", RespondentKind.values),
        "by what may be published": ("permission", Permission.values),
        "by channel": ("channel", Channel.values),
    }
    parts = {name: [Part(v, counts[field][(v,)]) for v in values] for name, (field, values) in known.items()}
    return {"by group": [Part(slug, n) for slug, n in sorted(groups.items())], **parts}


def _campaigns(engagement: int, analysed: int) -> list[Disagreement]:
    """analysed = those that count in topics + what each campaign counts only once."""
    sizes = {
        campaign: n for (of, campaign, varied), n in members().items() if of == engagement and not varied
    }
    if not sizes:
        return []
    names = dict(Campaign.objects.filter(pk__in=sizes).values_list("pk", "name"))
    alone = Receipt.objects.analysed().filter(engagement=engagement)
    alone = alone.filter(Q(campaign_member=None) | Q(campaign_member__varied=True))
    parts = [Part("count in topics", alone.count() + len(sizes))]
    parts += [Part(f"repeat the text of {names[pk]}", n - 1) for pk, n in sizes.items()]
    return reconcile(analysed, parts, "analysed, campaigns once")
