"""From raw rows to counts: how often each group raised each topic, and which decision answered that.

The unit is the response: one receipt in one engagement; the identical receipts of a confirmed campaign are
one unit (ANA-3). A *mention* is one unit raising one topic. Its decision is the live decision that answers
the topic and took that engagement into account; where there are several, the newest. So every mention
stands in exactly one cell, and parts add up to totals.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from collaborative.analysis.models import CampaignMember, Coding, Stance, Theme
from collaborative.analysis.reckoning import NO_GROUP, main_groups
from collaborative.contributions.models import Receipt, State, not_private
from collaborative.outcomes.answering import answering_decisions

BATCH = 5_000

Unit = tuple[str, int]  # ("receipt", id) or ("campaign", id)


@dataclass(frozen=True)
class Path:
    """A topic and the decision that answered it; `decision` is None while nobody has."""

    theme: int
    decision: int | None


@dataclass
class Counts:
    """Everything that a release is made from: plain counts, not yet safe to show to anyone."""

    # How many mentions: (group slug, path, stance) -> n. The finest cells; all else is sums of these.
    mentions: Counter[tuple[str, Path, str]] = field(default_factory=Counter)
    # How many responses count, by (engagement id, group slug).
    units: Counter[tuple[int, str]] = field(default_factory=Counter)
    # How many responses raised anything at all, by group slug.
    heard: Counter[str] = field(default_factory=Counter)


def stance_of(stances: Iterable[str]) -> str:
    """One stance for a response that took several towards one topic."""
    found = set(stances)
    if Stance.MIXED in found or {Stance.FOR, Stance.AGAINST} <= found:
        return Stance.MIXED
    if Stance.FOR in found:
        return Stance.FOR
    return Stance.AGAINST if Stance.AGAINST in found else Stance.NONE


def count() -> Counts:
    """Count everything there is. A fixed number of queries; memory for one entry a response and topic."""
    counts = Counts()
    groups = main_groups()
    campaign = dict(CampaignMember.objects.filter(varied=False).values_list("receipt_id", "campaign_id"))
    group_of: dict[Unit, str] = {}
    engagement_of: dict[Unit, int] = {}

    def unit_of(receipt: int) -> Unit:
        return ("campaign", campaign[receipt]) if receipt in campaign else ("receipt", receipt)

    receipts = Receipt.objects.analysed().order_by("pk")
    for pk, engagement, group in receipts.values_list("pk", "engagement_id", "group_id").iterator(BATCH):
        unit = unit_of(pk)
        if unit not in group_of:  # a campaign is counted where its first response stands
            group_of[unit] = groups.get(group, NO_GROUP)
            engagement_of[unit] = engagement
            counts.units[(engagement, group_of[unit])] += 1

    stances: dict[tuple[Unit, int], set[str]] = defaultdict(set)
    coded = Coding.objects.live().filter(
        not_private("wording__contribution__"),
        wording__contribution__state=State.RELEASED,
        wording__contribution__receipt__exclusion="",
    )
    rows = coded.values_list("wording__contribution__receipt_id", "theme_id", "stance").order_by().distinct()
    for receipt, theme, stance in rows.iterator(BATCH):
        stances[(unit_of(receipt), theme)].add(stance)

    answered = answering_decisions()
    for (unit, theme), found in stances.items():
        path = Path(theme, answered.get((engagement_of[unit], theme)))
        counts.mentions[(group_of[unit], path, stance_of(found))] += 1
    for unit in {unit for unit, _theme in stances}:
        counts.heard[group_of[unit]] += 1
    return counts


def themes_by_id() -> dict[int, Theme]:
    return {theme.pk: theme for theme in Theme.objects.all()}
