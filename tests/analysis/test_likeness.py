"""Texts that are nearly the same are found, others are not, and the cost grows with their number alone."""

import random
from array import array

import pytest

from collaborative.analysis.likeness import (
    KEYS,
    LEADERS,
    Group,
    Grouping,
    differences,
    likeness,
    mark,
    sketch,
    words,
)

LETTER = (
    "We run a small workshop with three people and we like to show young people what we do. "
    "Please keep the paperwork to one page, tell us before the school year begins, and do not ask us "
    "to promise what only a large firm can. Travel should be paid before the day, not after it."
)
VOCABULARY = [f"{a}{b}" for a in "bcdfghklmnprst" for b in ("an", "ell", "ist", "om", "urd", "ave", "oken")]


def text(rng: random.Random, n: int = 60) -> str:
    return " ".join(rng.choices(VOCABULARY, k=n))


def grouped(texts: list[str]) -> tuple[list[Group], Grouping]:
    grouping = Grouping()
    found = [words(one) for one in texts]
    return grouping.groups((n, mark(one), sketch(one)) for n, one in enumerate(found)), grouping


def test_ana_3_case_punctuation_and_space_aside_the_same_words_are_the_same() -> None:
    shout = LETTER.upper().replace(",", " –").replace(". ", "!\n\n")
    (group,), _how = grouped([LETTER, shout, f"  {LETTER}"])
    assert group.identical == [0, 1, 2] and group.varied == []


@pytest.mark.parametrize(
    "changed",
    [
        LETTER.replace("three people", "five people"),
        LETTER + " My son would have liked that when he was at school, and so would I.",
        "Dear all, I have lived here for years. " + LETTER,
        LETTER.replace("Please keep the paperwork to one page, ", ""),
    ],
)
def test_ana_3_a_letter_with_something_changed_is_a_variant(changed: str) -> None:
    (group,), _how = grouped([LETTER, LETTER, changed])
    assert group.identical == [0, 1]
    assert [pk for pk, _likeness in group.varied] == [2]


def test_ana_3_nearly_every_variant_among_many_other_texts_is_found() -> None:
    rng = random.Random(7)
    texts = [text(rng) for _n in range(2_000)] + [LETTER] * 5
    variants = []
    for _n in range(200):
        found = LETTER.split()
        for place in rng.sample(range(len(found)), 3):
            found[place] = rng.choice(VOCABULARY)
        variants.append(" ".join(found))
    groups, _how = grouped(texts + variants)
    assert len(groups) == 1
    assert set(groups[0].identical) == set(range(2_000, 2_005))
    assert len(groups[0].varied) >= 195


def test_texts_on_one_subject_are_no_campaign() -> None:
    rng = random.Random(3)
    frames = ["I think that {} should come before {} in {}", "For us {} matters more than {} does to {}"]
    texts = [
        " ".join(rng.choice(frames).format(*rng.sample(VOCABULARY, 3)) for _s in range(6))
        for _n in range(300)
    ]
    assert grouped(texts)[0] == []


def test_the_cost_grows_with_the_number_of_texts_and_not_with_its_square() -> None:
    """Also where everybody begins with the same polite sentence."""
    rng = random.Random(5)
    made = [f"Thank you very much for asking us about this. {text(rng)}" for _n in range(4_000)]
    few, many = grouped(made[:1_000])[1].compared, grouped(made)[1].compared
    assert many <= 8 * max(few, 1_000)
    assert many <= 4_000 * KEYS * LEADERS


def test_likeness_is_one_for_the_same_and_nothing_for_strangers() -> None:
    one, other = sketch(words(LETTER)), sketch(words(text(random.Random(1))))
    assert likeness(one, one) == 1.0 and likeness(one, other) == 0.0
    assert array("I", one.tobytes()) == one and one.itemsize == 4


def test_what_was_changed_is_told_word_by_word() -> None:
    found = differences("Keep it to one page, please.", "Keep IT to two pages please.")
    assert [(one.kind, one.text) for one in found] == [
        ("same", "Keep IT to"),
        ("left-out", "one page,"),
        ("added", "two pages"),
        ("same", "please."),
    ]


def test_very_long_texts_are_compared_at_their_beginning_and_shown_whole() -> None:
    long = "word " * 9_000
    assert sum(len(one.text.split()) for one in differences(long, long)) == 9_000
