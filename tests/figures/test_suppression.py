"""SDC-1: small counts are hidden, and cannot be worked out from what is shown."""

import os
import random
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collaborative.figures.audit import audit
from collaborative.figures.suppression import (
    PRIMARY,
    SECONDARY,
    TOTAL,
    WITHHELD,
    Policy,
    Quantity,
    suppress,
    suppress_list,
    suppress_table,
)
from tests.figures.enumeration import possible_values
from tests.figures.shapes import flow_quantities, structure_of, table_structure


def leaks(structure, released):
    return [name for name, interval in audit(structure, released.shown()).items() if interval.determined]


class TestLists:
    def test_sdc_1_the_smallest_two_of_three_reasons_are_hidden(self):
        released = suppress_list({"duplicates": 6, "blank": 3, "test": 2})
        assert released.values == {"duplicates": 6, "blank": None, "test": None, TOTAL: 11}

    def test_sdc_1_unknown_leavers_take_training_with_them(self):
        leavers = {
            "university": 39,
            "college": 36,
            "job": 22,
            "apprenticeship": 11,
            "training": 6,
            "unknown": 4,
        }
        released = suppress_list(leavers)
        assert released[TOTAL] == 118
        assert {name for name in leavers if released.is_hidden(name)} == {"training", "unknown"}
        assert released.reasons == {"unknown": PRIMARY, "training": SECONDARY}

    def test_sdc_1_a_true_zero_is_shown_and_never_reads_as_hidden(self):
        released = suppress_list({"a": 0, "b": 12, "c": 7})
        assert released.values == {"a": 0, "b": 12, "c": 7, TOTAL: 19}

    def test_sdc_1_one_to_four_are_hidden_and_five_is_not(self):
        for count in range(1, 5):
            assert suppress_list({"a": count}).is_hidden("a")
        assert suppress_list({"a": 5})["a"] == 5

    def test_sdc_1_two_hidden_parts_that_sum_to_less_than_k_take_a_third(self):
        released = suppress_list({"a": 1, "b": 2, "c": 30, "d": 40})
        assert released.values == {"a": None, "b": None, "c": None, "d": 40, TOTAL: 73}

    def test_sdc_1_a_total_goes_when_its_only_part_must(self):
        assert suppress_list({"a": 3, "b": 0}).values == {"a": None, "b": 0, TOTAL: None}

    def test_sdc_1_a_sensitive_part_is_hidden_below_ten(self):
        released = suppress_list(
            {"care experienced": 9, "others": 40, "not said": 20}, sensitive=["care experienced"]
        )
        assert released.is_hidden("care experienced")
        assert released.is_hidden("not said")
        assert released["others"] == 40

    def test_nothing_to_hide_hides_nothing(self):
        released = suppress_list({"a": 20, "b": 30})
        assert released.audit.hidden == 0
        assert released.audit.narrowest is None
        assert released.reasons == {}

    def test_an_empty_list_has_a_total_of_zero(self):
        assert suppress_list({}).values == {TOTAL: 0}


class TestTables:
    ROWS, COLUMNS = ("young", "adults", "parents"), ("yes", "partly", "no")
    CELLS = {
        ("young", "yes"): 50, ("young", "partly"): 33, ("young", "no"): 17,
        ("adults", "yes"): 32, ("adults", "partly"): 10, ("adults", "no"): 4,
        ("parents", "yes"): 40, ("parents", "partly"): 24, ("parents", "no"): 9,
    }  # fmt: skip

    def test_sdc_1_one_small_cell_hides_a_square_so_that_rows_and_columns_both_hold(self):
        released = suppress_table(self.ROWS, self.COLUMNS, self.CELLS)
        hidden = {name for name in released.values if released.is_hidden(name)}
        assert hidden == {("adults", "no"), ("adults", "partly"), ("parents", "no"), ("parents", "partly")}
        assert leaks(table_structure(self.ROWS, self.COLUMNS, TOTAL), released) == []

    def test_sdc_1_a_group_that_stands_whole_in_one_cell_is_not_given_away(self):
        cells = self.CELLS | {("adults", "yes"): 0, ("adults", "partly"): 12, ("adults", "no"): 0}
        released = suppress_table(self.ROWS, self.COLUMNS, cells)
        assert released.is_hidden(("adults", "partly"))
        assert any(released.is_hidden(("adults", column)) for column in ("yes", "no"))
        assert leaks(table_structure(self.ROWS, self.COLUMNS, TOTAL), released) == []
        plain = suppress_table(self.ROWS, self.COLUMNS, cells, guard_rows=False)
        assert plain["adults", "partly"] == 12

    def test_sdc_1_a_sensitive_row_is_hidden_below_ten_and_so_is_its_total(self):
        cells = {("a", "x"): 20, ("a", "y"): 30, ("b", "x"): 4, ("b", "y"): 5, ("c", "x"): 15, ("c", "y"): 12}
        released = suppress_table("abc", "xy", cells, sensitive_rows="b")
        assert released.is_hidden(("b", TOTAL))
        assert released.is_hidden(("b", "x")) and released.is_hidden(("b", "y"))
        assert leaks(table_structure("abc", "xy", TOTAL), released) == []

    def test_sdc_1_hiding_small_cells_alone_would_give_nearly_all_away(self):
        given_away = safe = 0
        for cells, rows, columns in random_tables(40):
            structure = table_structure(rows, columns, TOTAL)
            truth = {name: sum(cells[c] for c in atoms) for name, atoms in structure.items()}
            if not any(0 < value < 5 for value in truth.values()):
                continue
            primary_only = {name: value for name, value in truth.items() if not 0 < value < 5}
            given_away += any(i.determined for i in audit(structure, primary_only).values())
            safe += leaks(structure, suppress_table(rows, columns, cells)) == []
        assert given_away > 0.9 * safe > 0


def random_tables(count, seed=7):
    dice = random.Random(seed)
    for _ in range(count):
        rows, columns = range(dice.randint(3, 8)), [f"c{i}" for i in range(dice.randint(3, 6))]
        mean = dice.choice([3, 10, 20])
        yield {(r, c): int(dice.expovariate(1 / mean)) for r in rows for c in columns}, rows, columns


def random_flow(seed, groups=8, paths=20, mean=8):
    dice = random.Random(seed)
    ways = [
        (
            f"t{i % 12}",
            f"d{dice.randrange(8)} {dice.choice(['yes', 'partly', 'no'])}",
            f"c{dice.randrange(9)}",
        )
        for i in range(paths)
    ]
    names = [f"g{i}" for i in range(groups)]
    cells = {
        (group, *way): int(dice.expovariate(1 / mean)) if dice.random() < 0.7 else 0
        for group in names
        for way in ways
    }
    return cells, flow_quantities(names, sorted(set(ways)), sensitive={"g7"})


class TestOverlappingFigures:
    def test_sdc_1_figures_of_several_pages_are_made_safe_together(self):
        cells, quantities = random_flow(3)
        released = suppress(cells, quantities)
        assert leaks(structure_of(quantities), released) == []
        assert released.audit.primary > 20
        assert released["all",] == sum(cells.values())

    def test_sdc_1_a_leak_over_a_detour_of_tables_is_found(self):
        # a+b and b+c and a+c are printed: no line has a single hidden part, yet a, b and c follow exactly.
        atoms = {"a": 3, "b": 4, "c": 4, "d": 60}
        quantities = [
            Quantity("a", frozenset("a"), "cell"), Quantity("b", frozenset("b"), "cell"),
            Quantity("c", frozenset("c"), "cell"), Quantity("d", frozenset("d"), "cell"),
            Quantity("ab", frozenset("ab"), "ab", 1), Quantity("bc", frozenset("bc"), "bc", 1),
            Quantity("ac", frozenset("ac"), "ac", 2), Quantity("all", frozenset("abcd"), "all", 3),
        ]  # fmt: skip
        structure = structure_of(quantities)
        printed = {"ab": 7, "bc": 8, "ac": 7, "d": 60, "all": 71}
        assert audit(structure, printed)["a"].determined
        released = suppress(atoms, quantities)
        assert leaks(structure, released) == []

    def test_sdc_1_no_two_printed_figures_differ_by_a_small_count(self):
        atoms = {"a": 30, "b": 3}
        released = suppress(
            atoms,
            [Quantity("this week", frozenset("a"), "then"), Quantity("next week", frozenset("ab"), "now", 1)],
        )
        assert released.values == {"this week": None, "next week": 33}

    def test_sdc_1_neither_do_figures_of_a_kind_that_overlap(self):
        atoms = {"a": 20, "b": 10, "c": 3}
        windows = [Quantity(window, frozenset(window), "window") for window in ("ab", "bc")]
        released = suppress(atoms, [*windows, Quantity("all", frozenset("abc"), "all", 1)])
        assert released.values == {"ab": None, "bc": 13, "all": 33}

    def test_sdc_1_what_is_withheld_stays_hidden_and_cannot_be_worked_out(self):
        atoms = {"a": 30, "b": 40, "c": 50}
        quantities = [Quantity(name, frozenset(name), "cell", withheld=name == "a") for name in "abc"]
        quantities.append(Quantity("all", frozenset("abc"), "all", 1))
        released = suppress(atoms, quantities)
        assert released.reasons["a"] == WITHHELD
        assert leaks(structure_of(quantities), released) == []

    def test_sdc_1_when_everything_is_small_nothing_is_printed_and_that_is_safe(self):
        atoms = dict.fromkeys("abc", 1)
        pairs = [Quantity(pair, frozenset(pair), pair) for pair in ("ab", "bc", "ac")]
        released = suppress(atoms, pairs)
        assert released.shown() == {}
        assert released.audit.narrowest is None

    def test_figures_that_count_the_same_are_hidden_together(self):
        released = suppress(
            {"a": 7, "b": 20, "c": 30},
            [
                Quantity("group", frozenset("a"), "group", 3),
                Quantity("cell", frozenset("a"), "cell", sensitive=True),
                Quantity("other", frozenset("b"), "cell"),
                Quantity("third", frozenset("c"), "cell"),
            ],
        )
        assert released.is_hidden("group") and released.is_hidden("cell")
        assert released["other"] == 20

    @pytest.mark.parametrize("mean", [4, 10**12])
    def test_a_flow_of_eight_groups_and_twenty_paths_takes_under_two_seconds(self, mean):
        cells, quantities = random_flow(1, mean=mean)
        assert len(cells) >= 150
        began = time.process_time()
        suppress(cells, quantities)
        assert time.process_time() - began < 2


class TestTheSameEveryTime:
    def test_the_order_of_the_input_does_not_matter(self):
        cells, quantities = random_flow(5, groups=4, paths=8, mean=5)
        shuffled = random.Random(0).sample(quantities, len(quantities))
        backwards = dict(reversed(list(cells.items())))
        assert suppress(cells, quantities).values == suppress(backwards, shuffled).values

    def test_neither_does_the_seed_of_pythons_hashes(self):
        script = (
            "from tests.figures.test_suppression import random_flow, suppress;"
            "print(sorted(map(repr, suppress(*random_flow(5, 5, 10, 5)).values.items())))"
        )
        outputs = {
            subprocess.run(
                [sys.executable, "-c", script],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(outputs) == 1
        assert len(outputs.pop()) > 500


class TestPolicyAndInput:
    @pytest.mark.parametrize("change", [{"k": 4}, {"k_sensitive": 9}, {"low_base": 5}, {"k": 12}])
    def test_sdc_1_thresholds_may_be_raised_not_lowered(self, change):
        with pytest.raises(ValueError, match="not lowered"):
            Policy(**change)

    def test_sdc_1_a_raised_threshold_counts(self):
        policy = Policy(version="2", k=8, k_sensitive=12)
        assert suppress_list({"a": 7, "b": 20, "c": 30}, policy).is_hidden("a")
        assert policy.as_dict() == {"version": "2", "k": 8, "k_sensitive": 12, "low_base": 10}

    def test_a_single_figure_may_ask_for_more_protection_but_not_for_less(self):
        asked = [Quantity("a", frozenset("a"), k=20), Quantity("b", frozenset("b"), k=1)]
        assert suppress({"a": 15, "b": 3}, asked).values == {"a": None, "b": None}

    def test_wrong_input_is_refused(self):
        with pytest.raises(ValueError, match="whole number"):
            suppress({"a": -1}, [])
        with pytest.raises(ValueError, match="not among the atoms"):
            suppress({"a": 1}, [Quantity("b", frozenset("b"))])
        with pytest.raises(ValueError, match="Two quantities"):
            suppress({"a": 1}, [Quantity("a", frozenset("a")), Quantity("a", frozenset())])


counts = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 11, 20])


@st.composite
def small_tables(draw):
    rows, columns = range(draw(st.integers(2, 4))), [f"c{i}" for i in range(draw(st.integers(2, 4)))]
    return rows, columns, {(row, column): draw(counts) for row in rows for column in columns}


@st.composite
def small_hierarchies(draw):
    """Up to nine atoms and random overlapping sets of them, each atom and the whole among them."""
    atoms = [f"a{i}" for i in range(draw(st.integers(3, 6)))]
    values = {atom: draw(st.sampled_from([0, 1, 2, 3, 4, 5, 7])) for atom in atoms}
    sets = draw(st.lists(st.sets(st.sampled_from(atoms), min_size=1), max_size=6))
    quantities = [Quantity(atom, frozenset({atom}), "cell") for atom in atoms]
    quantities += [
        Quantity(f"s{i}", frozenset(members), f"kind {i % 2}", 1 + i % 3) for i, members in enumerate(sets)
    ]
    quantities.append(Quantity("all", frozenset(atoms), "all", 5))
    return values, quantities


@given(small_tables(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_sdc_1_for_any_table(table, guard):
    rows, columns, cells = table
    released = suppress_table(rows, columns, cells, guard_rows=guard, sensitive_rows=[0])
    structure = table_structure(rows, columns, TOTAL)
    for name, value in released.shown().items():
        assert value == sum(cells[cell] for cell in structure[name])
        assert value == 0 or value >= (10 if name[0] == 0 else 5)
    for whole in [(row, TOTAL) for row in rows] + [(TOTAL, column) for column in columns]:
        if released.is_hidden(whole):
            continue
        parts = structure[whole]
        hidden = [cell for cell in parts if released.is_hidden(cell)]
        assert len(hidden) != 1
        assert not hidden or sum(cells[cell] for cell in hidden) >= 5
    assert leaks(structure, released) == []
    assert (
        released.values == suppress_table(rows, columns, cells, guard_rows=guard, sensitive_rows=[0]).values
    )


@given(small_hierarchies())
@settings(max_examples=120, deadline=None)
def test_sdc_1_trying_every_table_leaves_two_values_open_for_all_that_is_hidden(case):
    values, quantities = case
    released = suppress(values, quantities)
    structure = structure_of(quantities)
    possible = possible_values(structure, released.shown(), ceiling=sum(values.values()) + 1)
    for name in structure:
        if released.is_hidden(name):
            assert len(possible[name]) >= 2, (name, released.values)
        else:
            assert possible[name] == {released[name]}
