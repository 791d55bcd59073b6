"""Every table that fits what is published, by trying them all: slow, simple, and nothing like the engine."""

from collections.abc import Hashable, Iterator, Mapping


def all_tables(
    structure: Mapping[Hashable, frozenset], published: Mapping[Hashable, int], ceiling: int
) -> Iterator[dict[Hashable, int]]:
    """All tables of whole numbers 0..ceiling in each atom that give every published value."""
    atoms = sorted({atom for members in structure.values() for atom in members}, key=repr)
    rules = {name: structure[name] for name in published}
    last = {name: max(atoms.index(atom) for atom in members) for name, members in rules.items() if members}

    def fill(position: int, left: dict[Hashable, int], table: dict[Hashable, int]):
        if position == len(atoms):
            yield dict(table)
            return
        atom = atoms[position]
        mine = [name for name, members in rules.items() if atom in members]
        for count in range(min([ceiling, *(left[name] for name in mine)]) + 1):
            after = left | {name: left[name] - count for name in mine}
            if all(after[name] == 0 for name in mine if last[name] == position):
                table[atom] = count
                yield from fill(position + 1, after, table)

    return fill(0, dict(published), {})


def possible_values(
    structure: Mapping[Hashable, frozenset], published: Mapping[Hashable, int], ceiling: int
) -> dict[Hashable, set[int]]:
    """For each figure, the values that it takes in the tables that fit."""
    found: dict[Hashable, set[int]] = {name: set() for name in structure}
    for table in all_tables(structure, published, ceiling):
        for name, members in structure.items():
            found[name].add(sum(table[atom] for atom in members))
    return found
