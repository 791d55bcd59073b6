"""What became of answers after they were given, as everybody may read it (decision 52).

What somebody found who looked again stands at once; that nobody has looked yet stands after four weeks. How
much moved is for staff alone: a single response could be told from it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from collaborative.outcomes.models import Disposition, Review, Suspicion

SAID_BY_ITSELF = timedelta(days=28)


@dataclass(frozen=True)
class Again:
    """`review`: the newest one. `since`: from when on views have come that nobody has looked at."""

    review: Review | None = None
    since: datetime | None = None


def _found(answers: Iterable[Disposition], key: str) -> dict[int, Again]:
    rows = Review.objects.filter(disposition__in=answers).annotate(under=F(key)).order_by("number")
    reviews = {row.under: row for row in rows}  # the newest of each comes last
    waiting = Suspicion.objects.filter(disposition__in=answers, since__lte=timezone.now() - SAID_BY_ITSELF)
    since = dict(waiting.values_list(key, "since"))
    return {pk: Again(reviews.get(pk), since.get(pk)) for pk in reviews.keys() | since.keys()}


def of(answers: Iterable[Disposition]) -> dict[int, Again]:
    """Disposition id -> what became of it, left out where nothing is to be said. Two queries."""
    return _found(answers, "disposition_id")


def by_topic(answers: Iterable[Disposition]) -> dict[int, Again]:
    """The same by the id of the theme that is answered, for the answers of one decision."""
    return _found(answers, "disposition__theme_id")


def hang(answers: Collection[Disposition]) -> None:
    """Put it on each answer, as `again`: None where nothing is to be said. Two queries."""
    found = of(answers)
    for answer in answers:
        answer.again = found.get(answer.pk)  # type: ignore[attr-defined]
