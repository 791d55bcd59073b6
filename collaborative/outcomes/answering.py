"""Which decision answers which topic for whom."""

from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import Disposition


def answering_decisions(engagement: Engagement | None = None) -> dict[tuple[int, int], int]:
    """(engagement, theme) -> the newest live decision that answers the theme there; of one engagement, or of
    all. One query."""
    of = {"decision__engagements": engagement} if engagement else {"decision__engagements__isnull": False}
    rows = Disposition.objects.current().filter(**of).order_by("decision__decided_on", "decision__number")
    # The newest comes last, and is the one that stays.
    return {
        (at, theme): pk for pk, theme, at in rows.values_list("decision", "theme", "decision__engagements")
    }
