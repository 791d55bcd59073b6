"""Exact linear programming for small systems, in whole numbers.

The audit must not be fooled by rounding, so nothing here uses floating point. Each equation is kept as whole
numbers without a common factor, since Python's fractions are many times slower. The work grows with the
number of unknowns and equations, hardly with the size of the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

Row = dict[int, int]

# A run of pivots that gain nothing may be going in circles; from here Bland's rule, which cannot, takes over.
STALL = 40


class Inconsistent(ValueError):
    """No non-negative numbers satisfy the equations."""


@dataclass(frozen=True)
class Optimum:
    """The end of one search.

    `value` is None when there is no limit; then `ray` is a direction in whole numbers that can be followed
    for ever from `point`. `used` holds the positions of the equations that the limit rests on.
    """

    value: Fraction | None
    point: tuple[Fraction, ...]
    ray: dict[int, int] | None
    used: frozenset[int]


class Polytope:
    """All x with x >= 0 and `equations`: each a mapping of column to factor, and a right-hand side.

    Raises Inconsistent when there is no such x. Keeps a corner of the solution set between searches, so that
    a following search starts where the last one ended.
    """

    def __init__(self, columns: int, equations: Sequence[tuple[Mapping[int, int], int]]):
        self.columns = columns
        # Row i says: sum of factors times unknowns = right. Its basic unknown stands in no other row.
        self._rows: list[Row] = []
        self._right: list[int] = []
        self._basis: list[int] = []
        for position, (factors, right) in enumerate(equations):
            sign = -1 if right < 0 else 1
            row = {column: sign * factor for column, factor in factors.items() if factor}
            row[columns + position] = 1
            self._rows.append(row)
            self._right.append(sign * right)
            self._basis.append(columns + position)
        self._find_corner()

    def point(self) -> tuple[Fraction, ...]:
        """The corner that the search stands on."""
        values = [Fraction(0)] * self.columns
        for column, row, right in zip(self._basis, self._rows, self._right, strict=True):
            if column < self.columns and right:
                values[column] = Fraction(right, row[column])
        return tuple(values)

    def maximise(self, objective: Mapping[int, int]) -> Optimum:
        """The largest value of the objective over the set, exactly."""
        gain: Row = dict(objective)
        for column, row in zip(self._basis, self._rows, strict=True):
            if column in gain:
                _eliminate(gain, 0, row, 0, column)
        ray = self._climb(gain)
        used = frozenset(column - self.columns for column in gain if column >= self.columns)
        point = self.point()
        if ray is not None:
            return Optimum(None, point, ray, used)
        value = sum((factor * point[column] for column, factor in objective.items()), Fraction(0))
        return Optimum(value, point, None, used)

    def _find_corner(self) -> None:
        """Each equation starts with a helper unknown of its own; drive them all to zero."""
        gain: Row = {}
        for row in self._rows:
            for column, factor in row.items():
                if column < self.columns:
                    gain[column] = gain.get(column, 0) + factor
        self._climb({column: factor for column, factor in gain.items() if factor})
        helpers = [i for i, column in enumerate(self._basis) if column >= self.columns]
        if any(self._right[i] for i in helpers):
            raise Inconsistent("The published figures contradict one another.")
        for i in helpers:
            own = [column for column in self._rows[i] if column < self.columns]
            if own:
                self._pivot(i, min(own), {})
        kept = [i for i, column in enumerate(self._basis) if column < self.columns]
        self._rows = [self._rows[i] for i in kept]
        self._right = [self._right[i] for i in kept]
        self._basis = [self._basis[i] for i in kept]

    def _climb(self, gain: Row) -> dict[int, int] | None:
        """Move from corner to corner while `gain` can grow; a direction without end, or None at the top."""
        idle = 0
        while True:
            rising = [
                (factor, -column) for column, factor in gain.items() if factor > 0 and column < self.columns
            ]
            if not rising:
                return None
            entering = -max(rising)[1] if idle < STALL else -max(column for _, column in rising)
            leaving = self._leaving(entering)
            if leaving is None:
                return self._direction(entering)
            idle = 0 if self._right[leaving] else idle + 1
            self._pivot(leaving, entering, gain)

    def _direction(self, entering: int) -> dict[int, int]:
        """How the basic unknowns move when the entering one grows, scaled to whole numbers."""
        steps = {entering: Fraction(1)}
        for column, row in zip(self._basis, self._rows, strict=True):
            if entering in row:
                steps[column] = Fraction(-row[entering], row[column])
        scale = lcm(*(step.denominator for step in steps.values()))
        return {column: int(step * scale) for column, step in steps.items()}

    def _leaving(self, entering: int) -> int | None:
        """The row that limits the entering unknown first; the lowest basic column among equals."""
        best: int | None = None
        for i, row in enumerate(self._rows):
            if row.get(entering, 0) <= 0:
                continue
            if best is not None:
                mine = self._right[i] * self._rows[best][entering]
                least = self._right[best] * row[entering]
                if (mine, self._basis[i]) >= (least, self._basis[best]):
                    continue
            best = i
        return best

    def _pivot(self, leaving: int, entering: int, gain: Row) -> None:
        row, right = self._rows[leaving], self._right[leaving]
        if row[entering] < 0:
            row = {column: -factor for column, factor in row.items()}
            right = -right
            self._rows[leaving], self._right[leaving] = row, right
        for i, other in enumerate(self._rows):
            if i != leaving and entering in other:
                self._right[i] = _eliminate(other, self._right[i], row, right, entering)
        if entering in gain:
            _eliminate(gain, 0, row, 0, entering)
        self._basis[leaving] = entering


def _eliminate(target: Row, target_right: int, row: Row, right: int, column: int) -> int:
    """Take a multiple of `row` from `target` so that `column` goes, in place; the new right-hand side.

    The target is only ever multiplied by a positive number, so that its signs keep their meaning.
    """
    common = gcd(target[column], row[column])
    keep, take = row[column] // common, target[column] // common
    if keep != 1:
        for other in target:
            target[other] *= keep
        target_right *= keep
    for other, factor in row.items():
        left = target.get(other, 0) - take * factor
        if left:
            target[other] = left
        else:
            del target[other]
    target_right -= take * right
    if keep != 1 or take not in (1, -1):
        shared = gcd(target_right, *target.values())
        if shared > 1:
            for other in target:
                target[other] //= shared
            target_right //= shared
    return target_right
