"""Which decision answers which topic for whom."""

from collections import defaultdict

from collaborative.outcomes.models import DecisionPage, Disposition


def answering_decisions() -> dict[tuple[int, int], int]:
    """(engagement, theme) -> the newest live decision that answers the theme for that engagement."""
    by_decision: dict[int, list[int]] = defaultdict(list)
    for decision, theme in Disposition.objects.current().values_list("decision_id", "theme_id"):
        by_decision[decision].append(theme)
    through = DecisionPage.engagements.through.objects.filter(decisionpage__in=by_decision)
    order = {d.pk: (d.decided_on, d.number) for d in DecisionPage.objects.filter(pk__in=by_decision)}
    answered: dict[tuple[int, int], int] = {}
    for decision, engagement in through.values_list("decisionpage_id", "engagement_id"):
        for theme in by_decision[decision]:
            known = answered.get((engagement, theme))
            if known is None or order[known] < order[decision]:
                answered[(engagement, theme)] = decision
    return answered
