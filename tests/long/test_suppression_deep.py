"""SDC-1 over many tables: what simple hiding gives away, and that the engine gives nothing away."""

import pytest

from collaborative.figures.audit import audit
from collaborative.figures.suppression import TOTAL, suppress, suppress_table
from tests.figures.shapes import structure_of, table_structure
from tests.figures.test_suppression import random_flow, random_tables

pytestmark = pytest.mark.long


def test_sdc_1_four_hundred_tables_leak_almost_always_with_simple_hiding_and_never_here():
    at_risk = given_away = leaked = hidden_cells = cells_in_all = 0
    for cells, rows, columns in random_tables(400, seed=2026):
        structure = table_structure(rows, columns, TOTAL)
        truth = {name: sum(cells[cell] for cell in atoms) for name, atoms in structure.items()}
        primary_only = {name: value for name, value in truth.items() if not 0 < value < 5}
        if len(primary_only) < len(truth):
            at_risk += 1
            given_away += any(interval.determined for interval in audit(structure, primary_only).values())
        released = suppress_table(rows, columns, cells, guard_rows=False)
        leaked += any(interval.determined for interval in audit(structure, released.shown()).values())
        assert not any(0 < value < 5 for value in released.shown().values())
        hidden_cells += sum(released.is_hidden(cell) for cell in cells)
        cells_in_all += len(cells)
    assert given_away > 0.9 * at_risk > 300
    assert leaked == 0
    assert hidden_cells < 0.6 * cells_in_all


@pytest.mark.parametrize("seed", range(20))
def test_sdc_1_overlapping_figures_of_a_whole_flow_leak_nothing(seed):
    cells, quantities = random_flow(seed, mean=(4, 8, 30)[seed % 3])
    released = suppress(cells, quantities)
    found = audit(structure_of(quantities), released.shown())
    assert [name for name, interval in found.items() if interval.determined] == []
    for quantity in quantities:
        value = released[quantity.name]
        assert value in (None, sum(cells[atom] for atom in quantity.atoms))
        least = 10 if quantity.sensitive else 5
        assert value is None or value == 0 or value >= least
