"""What the recommendation pages show."""

from typing import Any

from django.utils.translation import gettext as _

from collaborative.outcomes import wording
from collaborative.outcomes.blocks import NEXT_STEP_STATES
from collaborative.outcomes.models import Assessment, Clause, DecisionPage, RecommendationPage


def index_context() -> dict[str, Any]:
    """Every recommendation by its number."""
    found = RecommendationPage.objects.live().public().defer_streamfields().order_by("number")
    return {"section": "plan", "crumbs": [("", _("Recommendations"))], "recommendations": list(found)}


def page_context(page: RecommendationPage) -> dict[str, Any]:
    """All of one recommendation, with what it leads to and what was decided about it."""
    refs = page.clause_refs()
    states = dict(NEXT_STEP_STATES)
    clauses = {clause.ref: clause for clause in Clause.objects.filter(ref__in=refs)}
    decisions = DecisionPage.objects.live().public().defer_streamfields()
    return {
        "section": "plan",
        "crumbs": [
            ("/recommendations/", _("Recommendations")),
            ("", _("Recommendation %(number)s") % {"number": page.number}),
        ],
        "steps": [
            {**block.value, "state": states.get(block.value["state"], "")} for block in page.next_steps
        ],
        "sentences": [(ref, wording.number_of(clauses[ref].kind, ref)) for ref in refs if ref in clauses],
        "decisions": decisions.filter(recommendations=page.pk).order_by("-decided_on", "-number")
        if page.pk
        else [],
        "assessments": Assessment.objects.filter(pk__in=[one.pk for one in page.assessments.all()]),
        "topics": list(page.themes.all()),
    }
