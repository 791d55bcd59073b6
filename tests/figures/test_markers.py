import pytest
from django.utils import translation

from collaborative.figures import markers
from collaborative.figures.policy import Policy


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en-gb"):
        yield


def test_sdc_1_a_hidden_figure_is_a_word_on_the_page_and_a_marker_in_a_file():
    assert markers.in_words(None) == "hidden"
    assert markers.in_file(None) == "[c]" == markers.marker(None)


def test_a_zero_is_a_zero_and_never_blank():
    assert markers.in_words(0) == markers.in_file(0) == "0"
    assert markers.marker(0) == ""


def test_what_does_not_apply_has_a_marker_of_its_own():
    assert markers.in_file(None, applies=False) == "[z]"


@pytest.mark.parametrize(("base", "expected"), [(9, "[low]"), (10, ""), (0, "[low]"), (None, "")])
def test_a_low_base_is_marked(base, expected):
    assert markers.marker(7, base) == expected


def test_a_figure_is_printed_with_its_base():
    assert markers.of(58, 223) == "58 of 223"
    assert markers.of(None, 223) == "hidden of 223"
    assert markers.of(58, None) == "58 of hidden"
    assert markers.of(None, None) == "hidden"


@pytest.mark.parametrize(
    ("n", "base", "expected"),
    [(58, 223, 26), (0, 10, 0), (10, 10, 100), (1, 200, 1), (3, 200, 2), (2, 500, 0)],
)
def test_percentages_are_whole_with_halves_up(n, base, expected):
    assert markers.percentage(n, base) == expected


@pytest.mark.parametrize(("n", "base"), [(5, 9), (None, 100), (5, None), (None, None)])
def test_sdc_1_no_percentage_from_a_hidden_figure_or_a_base_under_ten(n, base):
    assert markers.percentage(n, base) is None


def test_a_raised_low_base_counts_for_percentages():
    assert markers.percentage(10, 15, Policy(low_base=20)) is None


def test_percentages_in_words():
    assert markers.percentage_in_words(58, 223) == "26%"
    assert markers.percentage_in_words(None, 223) == "hidden"
    assert markers.percentage_in_words(5, 9) == "too few to say"


def test_every_marker_is_explained_in_exports():
    assert set(markers.MEANINGS) == {"[c]", "[z]", "[low]"}
    assert all(str(meaning) for meaning in markers.MEANINGS.values())
