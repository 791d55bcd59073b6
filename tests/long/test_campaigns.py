"""ANA-3 with 100,000 answers: what is found, and that the work grows with their number alone."""

import random

import pytest

from collaborative.analysis.likeness import Grouping, mark, sketch, words
from tests.analysis.test_likeness import LETTER, text

pytestmark = pytest.mark.long
MANY = 100_000


def work(n: int) -> tuple[int, int, int]:
    """Comparisons for n texts of which one in fifty is a campaign's; and how much of that was found."""
    rng = random.Random(n)

    def made() -> list[str]:
        # People on one subject say some things alike.
        opening = rng.choice(("Thank you for asking us.", "I think that", "In our school", "As a parent"))
        return words(f"{opening} {text(rng, rng.randint(12, 80))}")

    def sent() -> list[str]:
        if rng.random() < 0.7:
            return words(LETTER)
        return words(f"{text(rng, 4)} {LETTER} {text(rng, rng.randint(2, 8))}")

    texts = (sent() if pk % 50 == 0 else made() for pk in range(n))
    grouping = Grouping()
    groups = grouping.groups((pk, mark(one), sketch(one)) for pk, one in enumerate(texts))
    found = groups[0]
    assert all(pk % 50 == 0 for pk in found.identical)
    return grouping.compared, len(found.identical), len(found.varied)


def test_the_work_grows_with_the_number_of_answers() -> None:
    """Each with each would be 50,000 for every text, and the caps allow 152. Among few texts hardly any
    phrase is shared by chance, so they cost nearly nothing: the bound is for each text, not against fewer.
    """
    many, identical, varied = work(MANY)
    print(f"{many:,} comparisons for {MANY:,} texts")
    assert many <= 20 * MANY
    assert identical + varied >= 0.99 * MANY / 50
