"""Tables to try the engine on."""

from collaborative.figures.suppression import Quantity


def flow_quantities(groups, paths, sensitive=()):
    """The overlapping figures of a flow page: `paths` are (topic, answer, change)."""
    cells = [(group, *path) for group in groups for path in paths]
    views = [
        ("cell", 0, lambda c: c),
        ("group and topic", 1, lambda c: c[:2]),
        ("group and answer", 1, lambda c: (c[0], c[2])),
        ("path", 3, lambda c: c[1:]),
        ("topic", 4, lambda c: (c[1],)),
        ("answer", 4, lambda c: (c[2],)),
        ("change", 4, lambda c: (c[3],)),
        ("group", 5, lambda c: (c[0],)),
        ("all", 6, lambda c: ()),
    ]
    quantities = []
    for kind, priority, key in views:
        members = {}
        for cell in cells:
            members.setdefault(key(cell), set()).add(cell)
        for name, atoms in members.items():
            protected = all(cell[0] in sensitive for cell in atoms)
            quantities.append(Quantity((kind, *name), frozenset(atoms), kind, priority, protected))
    return quantities


def structure_of(quantities):
    return {quantity.name: quantity.atoms for quantity in quantities}


def table_structure(rows, columns, total):
    """The figures of one table with margins, by the names that suppress_table gives them."""
    cells = {(row, column) for row in rows for column in columns}
    return (
        {cell: frozenset({cell}) for cell in cells}
        | {(row, total): frozenset(c for c in cells if c[0] == row) for row in rows}
        | {(total, column): frozenset(c for c in cells if c[1] == column) for column in columns}
        | {(total, total): frozenset(cells)}
    )
