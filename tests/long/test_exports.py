"""Downloads take as much memory of many answers as of few."""

import tracemalloc

import pytest

from bench import exports as bench
from collaborative.consultations.exports import actions
from collaborative.consultations.models import Export
from collaborative.people.models import User
from tests.consultations import making

pytestmark = [pytest.mark.long, pytest.mark.django_db]
MEGABYTES = 8  # beyond what few take; kept whole, the rows of many are several times that


@pytest.mark.parametrize("kind", Export.Format.values)
@pytest.mark.parametrize("shape", ["answers", "responses"])
def test_memory_does_not_grow_with_how_many_answers_there_are(analyst: User, kind: str, shape: str) -> None:
    peaks = []
    for name, responses in (("few", 500), ("many", 6_000)):
        place = making.consultation(slug=name)
        bench.fill(place, responses)
        parts = actions.parts(actions.begin(place, shape, kind, by=analyst))
        tracemalloc.start()
        size = sum(len(part) for part in parts)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        rows = responses + 1
        assert size > 1_000 and Export.objects.latest("pk").rows == rows * (5 if shape == "answers" else 1)
    assert peaks[1] < peaks[0] + MEGABYTES
