"""What a reader can work out, checked against trying every table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collaborative.figures.audit import Inconsistent, Interval, Reader, audit
from collaborative.figures.linear import Polytope
from tests.figures.enumeration import possible_values

LINE = {"a": frozenset("a"), "b": frozenset("b"), "c": frozenset("c"), "all": frozenset("abc")}


def test_sdc_1_a_single_hidden_part_is_worked_out_from_its_total():
    assert audit(LINE, {"all": 11, "a": 6, "b": 3}) == {"c": Interval(2, 2)}
    assert Interval(2, 2).determined


def test_two_hidden_parts_leave_room():
    assert audit(LINE, {"all": 11, "a": 6}) == {"b": Interval(0, 5), "c": Interval(0, 5)}
    assert Interval(0, 5).width == 6


def test_floors_narrow_what_is_possible():
    assert audit(LINE, {"all": 11, "a": 6}, {"b": 1, "c": 1})["b"] == Interval(1, 4)


def test_without_a_total_there_is_no_upper_limit():
    found = audit(LINE, {"a": 6}, {"all": 1})
    assert found["b"] == Interval(0, None)
    assert found["all"] == Interval(6, None)
    assert found["b"].width is None and not found["b"].determined


def test_a_shown_zero_settles_everything_in_it():
    assert audit(LINE, {"all": 0}) == {name: Interval(0, 0) for name in "abc"}


def test_a_figure_limited_by_a_floor_of_a_larger_one():
    structure = {"ab": frozenset("ab"), "a": frozenset("a"), "abc": frozenset("abc")}
    assert audit(structure, {"abc": 5}, {"ab": 3})["ab"] == Interval(3, 5)


@pytest.mark.parametrize(
    "published", [{"all": 3, "a": 6}, {"all": 0, "a": 6}, {"a": 1, "b": 1, "c": 1, "all": 4}]
)
def test_published_figures_that_contradict_one_another_are_refused(published):
    with pytest.raises(Inconsistent):
        audit(LINE, published)


def test_the_figures_that_give_one_away_are_named():
    reader = Reader(LINE | {"other": frozenset("d")}, {"all": 11, "a": 6, "b": 3, "other": 9})
    assert reader.rests_on("c") == {"all", "a", "b"}


def test_a_limit_between_whole_numbers_is_rounded_inwards():
    pairs = {"ab": frozenset("ab"), "bc": frozenset("bc"), "ac": frozenset("ac"), "a": frozenset("a")}
    assert audit(pairs, {"ab": 3, "bc": 5, "ac": 4})["a"] == Interval(1, 1)


def test_the_search_ends_on_a_system_that_sends_a_naive_one_round_in_circles():
    # Beale's example, scaled to whole numbers.
    space = Polytope(
        7,
        [
            ({0: 25, 1: -6000, 2: -4, 3: 900, 4: 100}, 0),
            ({0: 50, 1: -9000, 2: -2, 3: 300, 5: 100}, 0),
            ({2: 1, 6: 1}, 1),
        ],
    )
    assert space.maximise({0: 75, 1: -15000, 2: 2, 3: -600}).value == 5


@st.composite
def systems(draw):
    atoms = "abcde"[: draw(st.integers(2, 5))]
    values = {atom: draw(st.integers(0, 4)) for atom in atoms}
    sets = draw(
        st.lists(st.frozensets(st.sampled_from(atoms), min_size=1), min_size=1, max_size=6, unique=True)
    )
    structure = dict(enumerate([*sets, frozenset(atoms)]))
    shown = draw(st.sets(st.sampled_from(range(len(sets)))))
    published = {i: sum(values[atom] for atom in structure[i]) for i in shown | {len(sets)}}
    return structure, published


@given(systems())
@settings(max_examples=200, deadline=None)
def test_no_possible_table_lies_outside_the_interval_and_both_ends_are_tight(case):
    structure, published = case
    possible = possible_values(structure, published, ceiling=published[len(structure) - 1])
    for name, interval in audit(structure, published).items():
        low, high = min(possible[name]), max(possible[name])
        assert interval.low <= low and high <= interval.high
        if all(len(atoms) in (1, len(structure[len(structure) - 1])) for atoms in structure.values()):
            assert (interval.low, interval.high) == (low, high)
