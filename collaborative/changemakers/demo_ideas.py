"""What became of the groups of notes in the demonstration set: five have their topic, three became ideas that
the board answers. Two groups are left with a suggestion, for whoever looks at the screen."""

from datetime import timedelta
from typing import Any

from collaborative import demonstration
from collaborative.analysis.models import Theme
from collaborative.changemakers.clusters import actions
from collaborative.changemakers.demo import ISLANDS
from collaborative.changemakers.demo_room import SORTED_AFTER
from collaborative.changemakers.models import Cluster
from collaborative.demonstration import as_of
from collaborative.engagements.models import Engagement
from collaborative.outcomes.actions import Proposed
from collaborative.outcomes.models import Clause, Proposal, RecommendationPage
from collaborative.people.demo import somebody
from collaborative.people.roles import Role


def load_ideas() -> dict[int, tuple[Proposal, str, str]]:
    """Number of a decision -> the idea that it answers, the answer and its reason."""
    texts = demonstration.read("changemakers", "notes")
    engagement = Engagement.objects.get(slug=ISLANDS)
    assert engagement.closes_at is not None
    groups = {row["n"]: Cluster.objects.get(name=row["title"]) for row in texts["cluster"]}
    themes = {theme.code: theme for theme in Theme.objects.all()}
    with as_of(engagement.closes_at + timedelta(days=SORTED_AFTER, minutes=30)):
        for row in texts["cluster"]:
            if "theme" in row:
                actions.confirm_theme(groups[row["n"]], themes[row["theme"]], by=somebody(Role.ANALYSTS))
    with as_of(engagement.closes_at + timedelta(hours=4)):
        return {
            row["decision"]: (_put_forward(engagement, row, groups), row["answer"], row["reason"])
            for row in texts["proposal"]
        }


def _put_forward(engagement: Engagement, row: dict[str, Any], groups: dict[int, Cluster]) -> Proposal:
    femi = somebody(Role.FACILITATORS)
    assert engagement.decides_by is not None
    asked = Proposed(
        title=row["title"],
        words=row["text"],
        who_decides=engagement.who_decides,
        answer_by=engagement.decides_by,
        clauses=list(Clause.objects.filter(ref__in=row["clauses"])),
        recommendations=list(RecommendationPage.objects.filter(number__in=row["recommendations"])),
    )
    made_from = [groups[n] for n in row["clusters"]]
    draft = actions.propose(engagement, made_from, asked, by=femi, key=f"demo:idea:{row['decision']}")
    return actions.put_forward(draft, by=femi)
