"""What a careful reader can work out about the hidden figures from the published ones.

The reader is given everything but the hidden values: which figures exist and what each adds up, every
published value, that counts are whole and not negative, and that a hidden figure is at least its floor (1,
where true zeros are always shown). What is left open to that reader is computed exactly, by linear
programming: no shortcut of the reader's, over one table or over many that overlap, does better.

The reader is not told which hidden figures are small in themselves and which are hidden to protect another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from .linear import Inconsistent, Optimum, Polytope

__all__ = ["Inconsistent", "Interval", "Reader", "audit"]


# Figures and atoms may be called by anything hashable; Mapping is invariant in its key, hence Any.
Name = Any


@dataclass(frozen=True)
class Interval:
    """The whole numbers that a hidden figure may have, to a reader. `high` None: no upper limit."""

    low: int
    high: int | None

    @property
    def determined(self) -> bool:
        """Whether the reader knows the figure after all."""
        return self.high is not None and self.high <= self.low

    @property
    def width(self) -> int | None:
        """How many whole numbers are possible, or None when there is no limit."""
        return None if self.high is None else self.high - self.low + 1


class Reader:
    """The published system as a reader sees it.

    `structure`: name of each figure -> the atoms that it counts. `published`: name -> value shown.
    `floors`: name -> least value of a hidden figure, 0 where not given. Raises Inconsistent when no table at
    all fits what is published.
    """

    def __init__(
        self,
        structure: Mapping[Name, Collection[Name]],
        published: Mapping[Name, int],
        floors: Mapping[Name, int] | None = None,
    ):
        self.structure = structure
        self.published = published
        floors = floors or {}
        self.known: dict[Name, int] = {}
        self.known_from: dict[Name, Name] = {}
        self._read_directly()
        self._least: dict[Name, int] = {}
        for name, atoms in structure.items():
            if name not in published and len(atoms) == 1 and floors.get(name, 0) > 0:
                (atom,) = atoms
                if atom not in self.known:
                    self._least[atom] = max(self._least.get(atom, 0), floors[name])
        unknown = {atom for atoms in structure.values() for atom in atoms} - self.known.keys()
        self._column = {atom: i for i, atom in enumerate(sorted(unknown, key=repr))}
        self._equations: list[tuple[dict[int, int], int]] = []
        self._sources: list[Name | None] = []
        self._write_equations(floors)
        self._space = Polytope(self._columns, self._equations)

    def interval(self, name: Name) -> Interval:
        """Exactly what is left open about one figure."""
        highest, lowest = self._search(name)
        base = self._base(name)
        low = base + ceil(-lowest.value) if lowest.value is not None else base
        return Interval(low, None if highest.value is None else base + floor(highest.value))

    def rests_on(self, name: Name) -> set[Name]:
        """The published figures from which the limits of this one are worked out."""
        found: set[Name] = set()
        for optimum in self._search(name):
            sources = {self._sources[i] for i in optimum.used} - {None}
            found |= sources
            touched = set(self.structure[name]).union(*(self.structure[source] for source in sources))
            found |= {self.known_from[atom] for atom in touched if atom in self.known_from}
        return found

    def tables(self, name: Name) -> Iterable[dict[Name, int]]:
        """Whole-number tables that fit everything published, at the two ends of one figure's interval."""
        for optimum in self._search(name):
            yield from self._whole(optimum)

    def table(self) -> dict[Name, int] | None:
        """One table that fits, or None when the corner at hand has fractions."""
        return self._as_table(self._space.point())

    def _read_directly(self) -> None:
        """Atoms that stand on the page as such: published alone, or part of a published zero."""
        for name, value in self.published.items():
            atoms = self.structure[name]
            if value == 0 or len(atoms) == 1:
                for atom in atoms:
                    if self.known.setdefault(atom, value) != value:
                        raise Inconsistent("The published figures contradict one another.")
                    self.known_from.setdefault(atom, name)

    def _write_equations(self, floors: Mapping[Name, int]) -> None:
        self._columns = len(self._column)
        for name, atoms in self.structure.items():
            factors = {self._column[atom]: 1 for atom in atoms if atom in self._column}
            settled = sum(self.known.get(atom, 0) + self._least.get(atom, 0) for atom in atoms)
            if name in self.published:
                left = self.published[name] - settled
                if not factors and left:
                    raise Inconsistent("The published figures contradict one another.")
                if factors:
                    self._equations.append((factors, left))
                    self._sources.append(name)
            elif factors and floors.get(name, 0) > settled:
                factors[self._columns] = -1
                self._columns += 1
                self._equations.append((factors, floors[name] - settled))
                self._sources.append(None)

    def _base(self, name: Name) -> int:
        return sum(self.known.get(atom, 0) + self._least.get(atom, 0) for atom in self.structure[name])

    def _search(self, name: Name) -> tuple[Optimum, Optimum]:
        columns = [self._column[atom] for atom in self.structure[name] if atom in self._column]
        up = self._space.maximise(dict.fromkeys(columns, 1))
        down = self._space.maximise(dict.fromkeys(columns, -1))
        return up, down

    def _whole(self, optimum: Optimum) -> Iterable[dict[Name, int]]:
        point = optimum.point
        table = self._as_table(point)
        if table is not None:
            yield table
        if optimum.ray is not None:
            scale = 1
            for step in optimum.ray.values():
                scale *= step.denominator
            further = [value + scale * optimum.ray.get(i, 0) for i, value in enumerate(point)]
            table = self._as_table(further)
            if table is not None:
                yield table

    def _as_table(self, point: Iterable) -> dict[Name, int] | None:
        values = list(point)
        if any(value.denominator != 1 for value in values):
            return None
        table = dict(self.known)
        for atom, column in self._column.items():
            table[atom] = int(values[column]) + self._least.get(atom, 0)
        return table


def audit(
    structure: Mapping[Name, Collection[Name]],
    published: Mapping[Name, int],
    floors: Mapping[Name, int] | None = None,
) -> dict[Name, Interval]:
    """For every figure that is not published, the whole numbers a reader must still think possible.

    `structure`: name -> atoms counted; `published`: name -> value. An interval with `determined` true is a
    leak. Raises Inconsistent when the published values contradict one another.
    """
    reader = Reader(structure, published, floors)
    return {name: reader.interval(name) for name in structure if name not in published}
