"""Small numbers are hidden here, for every public table, by one function.

How it works (SDC-1). The caller names *atoms* (the finest counts, disjoint) and *quantities*: sets of atoms
that a page, picture or export may want to print.

1. Primary: a count from 1 to k-1 is hidden; a true zero is shown.
2. Whole rows: where all of a group stands in one cell, knowing that somebody belongs to the group gives away
   what they said. That cell and one of the zeros beside it are hidden (quantities marked `guarded`).
3. Secondary: wherever a printed total has hidden parts, there are at least two and they sum to k or more; no
   two printed figures, one inside the other, differ by 1 to k-1. Repeated until nothing changes.
4. Audit: see `audit.py`. Every hidden quantity needs a *witness*: another table of whole numbers that agrees
   with everything printed and in which this quantity has another value. Where none is found, the least
   harmful of the printed figures that give it away is hidden too, and the whole is repeated.

Why only safe tables come back: the loop ends only when each hidden quantity has its witness, so no reader,
with whatever method, can be sure of any. Why it ends: each round hides at least one more quantity, totals
included once the fine cells are used up; and when nothing is printed any more, "one more in every atom" is a
witness for all. Hiding never spoils an earlier witness: it agrees with the truth on what was still printed.

What it does not promise: a reader may still narrow a hidden figure down. `audit.narrowest` says how far.

`reasons` and `audit` of what is released are for staff: to print which cells are small in themselves would
narrow them down.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .audit import Interval, Name, Reader
from .policy import PRIMARY, SECONDARY, TOTAL, WITHHELD, Audit, Policy, Quantity, Released

__all__ = [
    "PRIMARY", "SECONDARY", "TOTAL", "WITHHELD", "Audit", "Policy", "Quantity", "Released",
    "suppress", "suppress_list", "suppress_table",
]  # fmt: skip


@dataclass
class _Figure:
    """Quantities that count the same atoms are one figure: shown together or hidden together."""

    mask: int
    value: int
    k: int
    priority: int
    withheld: bool
    guarded: bool
    names: list = field(default_factory=list)
    kinds: set = field(default_factory=set)


@dataclass(frozen=True)
class _Sum:
    """A total, disjoint parts of it of one kind, and how many it counts that are in none of the parts."""

    total: int
    parts: tuple[int, ...]
    rest: int
    complete: bool


class _Work:
    """One table on its way to being safe."""

    def __init__(self, atoms: Mapping[Name, int], quantities: Iterable[Quantity], policy: Policy):
        self.policy = policy
        self.figures = _merge(atoms, quantities, policy)
        self.members = _members(self.figures, len(atoms))
        self.hidden: dict[int, str] = {}
        self.proven: set[int] = set()
        self.sums = _find_sums(self.figures)
        self.sums_of: dict[int, list[_Sum]] = {i: [] for i in range(len(self.figures))}
        for one in self.sums:
            for part in one.parts:
                self.sums_of[part].append(one)
        self.close_pairs = _find_close_pairs(self.figures)

    def hide_primary(self) -> None:
        for i, figure in enumerate(self.figures):
            if figure.withheld and figure.mask:
                self.hidden[i] = WITHHELD
            elif 0 < figure.value < figure.k:
                self.hidden[i] = PRIMARY

    def harm(self, i: int) -> tuple:
        """Sort key, least harmful to hide first.

        True zeros last, then by priority; then the figure that leaves the fewest other lines with a single
        hidden part, then the smallest; the place in the list makes the order total.
        """
        figure = self.figures[i]
        alone = sum(
            one.total not in self.hidden and not any(part in self.hidden for part in one.parts)
            for one in self.sums_of[i]
        )
        return (figure.value == 0, figure.priority, alone, figure.value, i)

    def hide_least(self, candidates: Iterable[int]) -> int | None:
        shown = [i for i in candidates if i not in self.hidden]
        if not shown:
            return None
        chosen = min(shown, key=self.harm)
        self.hidden[chosen] = SECONDARY
        return chosen

    def settle(self) -> None:
        """Rules 2 and 3 until nothing changes."""
        changed = True
        while changed:
            changed = False
            for one in self.sums:
                changed |= self._mend_whole(one) or self._mend_sum(one)
            for outer, inner in self.close_pairs:
                if outer not in self.hidden and inner not in self.hidden:
                    self.hide_least((outer, inner))
                    changed = True

    def _mend_whole(self, one: _Sum) -> bool:
        """All of a guarded total in one part: hide that part and the least harmful zero."""
        if not self.figures[one.total].guarded or len(one.parts) < 2 or not one.complete:
            return False
        full = [part for part in one.parts if self.figures[part].value]
        if len(full) != 1:
            return False
        changed = full[0] not in self.hidden
        self.hidden.setdefault(full[0], SECONDARY)
        zeros = [part for part in one.parts if part != full[0]]
        if not any(part in self.hidden for part in zeros):
            changed |= self.hide_least(zeros) is not None
        return changed

    def _mend_sum(self, one: _Sum) -> bool:
        """The hidden parts of a printed total: two or more, together k or more."""
        hidden = [part for part in one.parts if part in self.hidden]
        if one.total in self.hidden:
            return bool(one.complete and not hidden and self.hide_least(one.parts) is not None)
        together = one.rest + sum(self.figures[part].value for part in hidden)
        if not hidden and together == 0:
            return False
        k = max([self.figures[part].k for part in hidden if self._small(part)], default=self.policy.k)
        enough = len(hidden) + (not one.complete) >= 2 or not hidden
        if enough and (together >= k or together == 0):
            return False
        parts = [part for part in one.parts if self.figures[part].value and part not in self.hidden]
        return self.hide_least([*parts, one.total]) is not None

    def _small(self, i: int) -> bool:
        return 0 < self.figures[i].value < self.figures[i].k

    def reader(self) -> Reader:
        """The strongest reader: one who knows which of the hidden figures are not zero."""
        structure = dict(enumerate(self.members))
        published = {i: figure.value for i, figure in enumerate(self.figures) if i not in self.hidden}
        floors = {i: min(1, self.figures[i].value) for i in self.hidden}
        return Reader(structure, published, floors)

    def note_witness(self, table: Mapping[Name, int] | None) -> None:
        if table is None:
            return
        for i in self.hidden:
            seen = sum(table[member] for member in self.members[i])
            if seen != self.figures[i].value:
                self.proven.add(i)

    def mend_leaks(self) -> bool:
        """Seek a witness for each hidden figure; hide one more where there is none. True: all have one."""
        reader = self.reader()
        self.note_witness(reader.table())
        just_hidden: set[int] = set()
        for i in sorted(self.hidden):
            if i in self.proven:
                continue
            for table in reader.tables(i):
                self.note_witness(table)
            if i in self.proven:
                continue
            basis = reader.rests_on(i)
            if basis & just_hidden:
                continue
            chosen = self.hide_least(basis)
            if chosen is None:
                chosen = self.hide_least(j for j, figure in enumerate(self.figures) if figure.mask)
            if chosen is None:
                self.proven.add(i)  # nothing is printed: one more in every atom is the witness
            else:
                just_hidden.add(chosen)
        return not just_hidden

    def summary(self, rounds: int) -> Audit:
        reader = self.reader()
        small = [i for i, reason in self.hidden.items() if reason == PRIMARY]
        intervals = [(reader.interval(i), self.figures[i].k) for i in sorted(small)]
        bounded = [(interval.width, interval) for interval, _ in intervals if interval.width is not None]
        counts = dict.fromkeys((PRIMARY, SECONDARY, WITHHELD), 0)
        for i, reason in self.hidden.items():
            counts[reason] += len(self.figures[i].names)
        total = sum(len(figure.names) for figure in self.figures)
        return Audit(
            shown=total - sum(counts.values()),
            **counts,
            narrowest=min(bounded, key=lambda pair: (pair[0], pair[1].low))[1] if bounded else None,
            narrower_than_k=sum(_narrower(interval, k) for interval, k in intervals),
            rounds=rounds,
        )


def _narrower(interval: Interval, k: int) -> bool:
    return interval.low > 1 or (interval.high is not None and interval.high < k - 1)


def _merge(atoms: Mapping[Name, int], quantities: Iterable[Quantity], policy: Policy) -> list[_Figure]:
    """One figure per set of atoms, in an order that does not depend on the order of the input."""
    for atom, count in atoms.items():
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"A count must be a whole number, 0 or more: {atom!r} is {count!r}.")
    bit = {atom: 1 << i for i, atom in enumerate(sorted(atoms, key=repr))}
    found: dict[int, _Figure] = {}
    names: set[Hashable] = set()
    for quantity in sorted(quantities, key=lambda quantity: repr(quantity.name)):
        if quantity.name in names:
            raise ValueError(f"Two quantities are called {quantity.name!r}.")
        names.add(quantity.name)
        unknown = quantity.atoms - bit.keys()
        if unknown:
            raise ValueError(
                f"{quantity.name!r} counts what is not among the atoms: {sorted(map(repr, unknown))}."
            )
        mask = sum(bit[atom] for atom in quantity.atoms)
        k = quantity.threshold(policy)
        value = sum(atoms[atom] for atom in quantity.atoms)
        figure = found.setdefault(
            mask, _Figure(mask, value, k, quantity.priority, withheld=False, guarded=False)
        )
        figure.k = max(figure.k, k)
        figure.priority = max(figure.priority, quantity.priority)
        figure.withheld |= quantity.withheld
        figure.guarded |= quantity.guarded
        figure.names.append(quantity.name)
        figure.kinds.add(quantity.kind)
    return list(found.values())


def _members(figures: Sequence[_Figure], atoms: int) -> list[frozenset[int]]:
    """The unknowns in each figure, where atoms that always go together are one unknown."""
    groups: dict[tuple[int, ...], int] = {}
    found: list[set[int]] = [set() for _ in figures]
    for atom in range(atoms):
        inside = tuple(i for i, figure in enumerate(figures) if figure.mask >> atom & 1)
        unknown = groups.setdefault(inside, len(groups))
        for i in inside:
            found[i].add(unknown)
    return [frozenset(one) for one in found]


def _find_sums(figures: Sequence[_Figure]) -> list[_Sum]:
    """Every total with the disjoint parts that the table shows of it, one list of parts for each kind."""
    kinds = sorted({kind for figure in figures for kind in figure.kinds})
    members = {kind: [i for i, figure in enumerate(figures) if kind in figure.kinds] for kind in kinds}
    sums = []
    for total, whole in enumerate(figures):
        for kind in kinds:
            parts = [
                i
                for i in members[kind]
                if i != total and figures[i].mask and figures[i].mask & whole.mask == figures[i].mask
            ]
            together, disjoint = 0, True
            for i in parts:
                disjoint &= not together & figures[i].mask
                together |= figures[i].mask
            if parts and disjoint:
                rest = whole.value - sum(figures[i].value for i in parts)
                sums.append(_Sum(total, tuple(parts), rest, together == whole.mask))
    return sums


def _find_close_pairs(figures: Sequence[_Figure]) -> list[tuple[int, int]]:
    """(outer, inner): one figure inside another, and the difference would be a small count."""
    return [
        (i, j)
        for i, outer in enumerate(figures)
        for j, inner in enumerate(figures)
        if 0 < outer.value - inner.value < min(outer.k, inner.k) and outer.mask & inner.mask == inner.mask
    ]


def suppress(
    atoms: Mapping[Name, int], quantities: Iterable[Quantity], policy: Policy | None = None
) -> Released:
    """The figures that may be printed: see the module for the rules and for why the result is safe.

    `atoms`: disjoint finest counts. Raises ValueError for a negative count, an unknown atom or a name used
    twice. The same input gives the same output, in whatever order it comes.
    """
    policy = policy or Policy()
    work = _Work(atoms, quantities, policy)
    work.hide_primary()
    rounds = 0
    while True:
        rounds += 1
        work.settle()
        if work.mend_leaks():
            break
    values: dict[Hashable, int | None] = {}
    reasons: dict[Hashable, str] = {}
    for i, figure in enumerate(work.figures):
        for name in figure.names:
            values[name] = None if i in work.hidden else figure.value
            if i in work.hidden:
                reasons[name] = work.hidden[i]
    return Released(values, reasons, policy, work.summary(rounds))


def suppress_table(
    rows: Sequence[Hashable],
    columns: Sequence[Hashable],
    cells: Mapping[tuple[Hashable, Hashable], int],
    policy: Policy | None = None,
    sensitive_rows: Iterable[Hashable] = (),
    guard_rows: bool = True,
) -> Released:
    """One table with margins: rows are groups of people, columns what they are counted by.

    Names of the figures: (row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL). A cell that is not in
    `cells` is 0. `guard_rows`: a row that stands whole in one cell is hidden as the module's rule 2 says.
    """
    sensitive = set(sensitive_rows)
    atoms = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    quantities = [Quantity(key, frozenset({key}), "cell", 0, key[0] in sensitive) for key in atoms]
    for row in rows:
        inside = frozenset((row, column) for column in columns)
        quantities.append(Quantity((row, TOTAL), inside, "row", 1, row in sensitive, guarded=guard_rows))
    for column in columns:
        quantities.append(Quantity((TOTAL, column), frozenset((row, column) for row in rows), "column", 1))
    quantities.append(Quantity((TOTAL, TOTAL), frozenset(atoms), "all", 2))
    return suppress(atoms, quantities, policy)


def suppress_list(
    items: Mapping[Name, int],
    policy: Policy | None = None,
    sensitive: Iterable[Hashable] = (),
) -> Released:
    """One line of parts with their total, which goes by the name TOTAL."""
    marked = set(sensitive)
    quantities = [Quantity(key, frozenset({key}), "part", 0, key in marked) for key in items]
    quantities.append(Quantity(TOTAL, frozenset(items), "all", 1))
    return suppress(items, quantities, policy)
