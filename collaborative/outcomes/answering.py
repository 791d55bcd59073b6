"""Which decision answers which topic for whom."""

from collaborative.outcomes.models import Disposition


def answering_decisions() -> dict[tuple[int, int], int]:
    """(engagement, theme) -> the newest live decision that answers the theme there. One query."""
    order = ("decision__decided_on", "decision__number")
    rows = Disposition.objects.current().exclude(decision__engagements=None).order_by(*order)
    # The newest comes last, and is the one that stays.
    return {
        (at, theme): pk for pk, theme, at in rows.values_list("decision", "theme", "decision__engagements")
    }
