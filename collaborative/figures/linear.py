"""Exact linear programming for small systems, in whole numbers and fractions.

The audit must not be fooled by rounding, so nothing here uses floating point. The work grows with the number
of unknowns and equations, never with the size of the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational

Row = dict[int, Rational]

# A run of pivots that gain nothing may be going in circles; from here Bland's rule, which cannot, takes over.
STALL = 40


class Inconsistent(ValueError):
    """No non-negative numbers satisfy the equations."""


@dataclass(frozen=True)
class Optimum:
    """The end of one search.

    `value` is None when there is no limit; then `ray` is a direction that can be followed for ever from
    `point`. `used` holds the positions of the equations that the limit rests on.
    """

    value: Rational | None
    point: tuple[Rational, ...]
    ray: dict[int, Rational] | None
    used: frozenset[int]


def _plain(number: Rational) -> Rational:
    """A fraction that is whole becomes an int: ints are many times faster, and nearly all values are."""
    if type(number) is Fraction and number.denominator == 1:
        return number.numerator
    return number


class Polytope:
    """All x with x >= 0 and `equations`: each a mapping of column to factor, and a right-hand side.

    Raises Inconsistent when there is no such x. Keeps a corner of the solution set between searches, so that
    a following search starts where the last one ended.
    """

    def __init__(self, columns: int, equations: Sequence[tuple[Mapping[int, int], int]]):
        self.columns = columns
        self._rows: list[Row] = []
        self._right: list[Rational] = []
        self._basis: list[int] = []
        for position, (factors, right) in enumerate(equations):
            sign = -1 if right < 0 else 1
            row: Row = {column: sign * factor for column, factor in factors.items() if factor}
            row[columns + position] = 1
            self._rows.append(row)
            self._right.append(sign * right)
            self._basis.append(columns + position)
        self._find_corner()

    def point(self) -> tuple[Rational, ...]:
        """The corner that the search stands on."""
        values: list[Rational] = [0] * self.columns
        for column, right in zip(self._basis, self._right, strict=True):
            if column < self.columns:
                values[column] = right
        return tuple(values)

    def maximise(self, objective: Mapping[int, int]) -> Optimum:
        """The largest value of the objective over the set, exactly."""
        gain: Row = dict(objective)
        for column, row in zip(self._basis, self._rows, strict=True):
            factor = gain.get(column)
            if factor:
                self._subtract(gain, row, factor)
        ray = self._climb(gain)
        used = frozenset(column - self.columns for column in gain if column >= self.columns)
        point = self.point()
        if ray is not None:
            return Optimum(None, point, ray, used)
        value = _plain(sum((factor * point[column] for column, factor in objective.items()), Fraction(0)))
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

    def _climb(self, gain: Row) -> dict[int, Rational] | None:
        """Move from corner to corner while `gain` can grow; a direction without end, or None at the top."""
        idle = 0
        while True:
            rising = [(column, factor) for column, factor in gain.items() if factor > 0 and column < self.columns]
            if not rising:
                return None
            if idle < STALL:
                entering = max(rising, key=lambda pair: (pair[1], -pair[0]))[0]
            else:
                entering = min(rising)[0]
            leaving = self._leaving(entering)
            if leaving is None:
                ray: dict[int, Rational] = {entering: 1}
                for column, row in zip(self._basis, self._rows, strict=True):
                    if row.get(entering) and column < self.columns:
                        ray[column] = -row[entering]
                return ray
            idle = idle + 1 if not self._right[leaving] else 0
            self._pivot(leaving, entering, gain)

    def _leaving(self, entering: int) -> int | None:
        best: tuple[Rational, int, int] | None = None
        for i, row in enumerate(self._rows):
            factor = row.get(entering, 0)
            if factor > 0:
                step = self._right[i] if factor == 1 else Fraction(self._right[i]) / factor
                if best is None or (step, self._basis[i]) < best[:2]:
                    best = (step, self._basis[i], i)
        return None if best is None else best[2]

    def _pivot(self, leaving: int, entering: int, gain: Row) -> None:
        row = self._rows[leaving]
        pivot = row[entering]
        if pivot != 1:
            row = {column: _plain(Fraction(factor) / pivot) for column, factor in row.items()}
            self._rows[leaving] = row
            self._right[leaving] = _plain(Fraction(self._right[leaving]) / pivot)
        right = self._right[leaving]
        for i, other in enumerate(self._rows):
            factor = other.get(entering)
            if factor and i != leaving:
                self._subtract(other, row, factor)
                if right:
                    self._right[i] = _plain(self._right[i] - factor * right)
        factor = gain.get(entering)
        if factor:
            self._subtract(gain, row, factor)
        self._basis[leaving] = entering

    @staticmethod
    def _subtract(target: Row, row: Row, factor: Rational) -> None:
        """target -= factor * row, dropping what becomes zero."""
        for column, value in row.items():
            left = target.get(column, 0) - factor * value
            if left:
                target[column] = left if type(left) is int else _plain(left)
            else:
                target.pop(column, None)
