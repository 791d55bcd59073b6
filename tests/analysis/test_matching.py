"""Topics whose words a name shares: plain matching, a person decides."""

import pytest

from collaborative.analysis.matching import Match, by_name
from collaborative.analysis.models import ThemeVersion


def version(code: int, label: str, includes: str = "") -> ThemeVersion:
    return ThemeVersion(theme_id=code, number=1, label=label, definition="x", includes=includes)


VERSIONS = [
    version(2, "Too late, too rushed", "a long wait for a meeting"),
    version(7, "Telling my story again", "three numbers for one question; a fresh form at every door"),
    version(12, "Logins and broken sites", "too many passwords; poor signal"),
]


def found(name: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.version.theme_id, one.shared) for one in by_name(name, VERSIONS)]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("By then it was too late", [(2, ("late",))]),
        ("Which number do I ring?", [(7, ("number",))]),  # "numbers" in what belongs in it
        ("NO SIGNAL!", [(12, ("signal",))]),
        ("Come to us", []),  # nothing but words that stand in every sentence
        ("Group 3", []),
        ("", []),
    ],
)
def test_a_name_is_matched_by_its_words_and_by_nothing_else(name: str, wanted: list[object]) -> None:
    assert found(name) == wanted


def test_a_word_of_the_label_weighs_more_than_one_of_what_belongs_in_it() -> None:
    ordered: list[Match] = by_name("A rushed wait for numbers and a story", VERSIONS)
    assert [one.version.theme_id for one in ordered] == [2, 7]
    both = by_name("The signal was late", VERSIONS)
    assert [one.version.theme_id for one in both] == [2, 12]


def test_at_most_three_are_suggested() -> None:
    many = [version(n, f"Ferry {n}") for n in range(9)]
    assert len(by_name("The ferry", many)) == 3
