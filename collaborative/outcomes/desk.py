"""What waits for the board: the topics of one engagement, with what stands behind each. Reads only.

The counts are exact, for those who decide; what the public reads comes from a release.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from collaborative.analysis import evidence
from collaborative.analysis.models import Campaign, Coding, Stance, Theme
from collaborative.contributions.models import State, not_private
from collaborative.engagements.models import Engagement
from collaborative.outcomes import quotes
from collaborative.outcomes.answering import answering_decisions
from collaborative.outcomes.models import DecisionPage, PutOff
from collaborative.people.models import StakeholderGroup

IN_TURN = [stance.value for stance in Stance]  # for, against, both ways, neither


@dataclass
class Row:
    """What one group said of a topic, as {stance: responses}; one that says both is in both."""

    group: str
    stances: Counter[str] = field(default_factory=Counter)

    @property
    def in_order(self) -> list[int]:
        return [self.stances[stance] for stance in IN_TURN]


@dataclass
class Topic:
    theme: Theme
    responses: int  # each once; the identical ones of a campaign are one
    rows: list[Row]
    decision: DecisionPage | None = None
    put_off: PutOff | None = None
    words: list[quotes.Quote] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.decision is None and self.put_off is None


def engagements() -> QuerySet[Engagement]:
    """Where something was sorted, the newest closing first, with whether it was closed off."""
    sorted_there = Coding.objects.live().filter(wording__contribution__engagement=OuterRef("pk"))
    rows = Engagement.objects.filter(Exists(sorted_there)).select_related("closed_off")
    return rows.order_by("-closes_at", "pk")


def themes(engagement: Engagement) -> list[Theme]:
    """The topics under which something that counts was sorted there. One query."""
    said = "wording__contribution__"
    counting = Coding.objects.live().filter(
        not_private(said),
        theme=OuterRef("pk"),
        **{said + "engagement": engagement, said + "state": State.RELEASED, said + "receipt__exclusion": ""},
    )
    return list(Theme.objects.filter(Exists(counting)).order_by("name"))


def standing(engagement: Engagement) -> dict[int, PutOff]:
    """Theme id -> how it was put off there. One query."""
    rows = PutOff.objects.standing().filter(engagement=engagement)
    return {row.theme_id: row for row in rows}


def waiting(engagement: Engagement) -> list[Theme]:
    """The topics that were neither answered nor put off. Three queries."""
    answered, off = answering_decisions(engagement), standing(engagement)
    return [
        one for one in themes(engagement) if (engagement.pk, one.pk) not in answered and one.pk not in off
    ]


def topics(engagement: Engagement) -> list[Topic]:
    """All of them, what waits first and the most raised first among these. A fixed number of queries."""
    found = themes(engagement)
    stands = evidence.standing([one.pk for one in found], [engagement.pk])
    answered, off = answering_decisions(engagement), standing(engagement)
    decisions = DecisionPage.objects.in_bulk(set(answered.values()))
    names = dict(StakeholderGroup.objects.values_list("slug", "name"))
    words = _words(engagement)
    rows = [
        Topic(
            theme=one,
            responses=len({heard.unit for heard in stands[one.pk].passages.values() if heard.counts}),
            rows=_rows(stands[one.pk], names),
            decision=decisions.get(answered.get((engagement.pk, one.pk), 0)),
            put_off=off.get(one.pk),
            words=words.get(one.pk, []),
        )
        for one in found
    ]
    return sorted(rows, key=lambda topic: (not topic.waits, -topic.responses))


def _rows(stands: evidence.Evidence, names: dict[str, str]) -> list[Row]:
    rows: dict[str, Row] = {}
    for (group, stance), n in stands.weights().items():
        rows.setdefault(group, Row(names.get(group, ""))).stances[stance] += n
    return sorted(rows.values(), key=lambda row: row.group or "￿")  # those who did not say come last


def campaigns(engagement: Engagement) -> QuerySet[Campaign]:
    """Texts that many sent alike, each with `alike`, which count as one, and `varied`, which count each."""
    alike = Count("members", filter=Q(members__varied=False))
    return engagement.campaigns.annotate(
        alike=alike, varied=Count("members", filter=Q(members__varied=True))
    ).order_by("name")


def _words(engagement: Engagement) -> dict[int, list[quotes.Quote]]:
    """Theme id -> words that may be shown, the first for, the first against, and so on. No person is named.
    Two queries."""
    turn = Window(RowNumber(), partition_by=[F("theme"), F("stance")], order_by="pk")
    mine = quotes.quotable().filter(wording__contribution__engagement=engagement)
    first = mine.annotate(turn=turn).filter(turn=1).values_list("theme", "stance", "pk")
    chosen = sorted(first, key=lambda row: IN_TURN.index(row[1]))
    shown = quotes.shown([pk for _theme, _stance, pk in chosen], ())
    found: dict[int, list[quotes.Quote]] = defaultdict(list)
    for theme, _stance, pk in chosen:
        if pk in shown:
            found[theme].append(shown[pk])
    return found
