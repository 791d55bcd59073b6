"""Parts add up to totals, or nothing is published (ANA-2: received = analysed + left out, by reason)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part of a total, which may have parts of its own; no parts means that it is not broken down."""

    name: str
    count: int
    parts: Sequence[Part] = ()


@dataclass(frozen=True)
class Disagreement:
    """One total that its parts do not add up to. `where` is the way to it from the outermost total."""

    where: tuple[str, ...]
    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def sum(self) -> int:
        return sum(count for _, count in self.parts)

    def __str__(self) -> str:
        listed = " + ".join(f"{name} {count}" for name, count in self.parts)
        gap = abs(self.total - self.sum)
        if not gap:
            return f"{' › '.join(self.where)}: a part is below zero ({listed})."
        side = "missing from the parts" if self.total > self.sum else "too many in the parts"
        return (
            f"{' › '.join(self.where)}: the total is {self.total}, but {listed} = {self.sum} ({gap} {side})."
        )


class NotReconciled(ValueError):
    """Raised instead of publishing; `disagreements` holds every one of them, not only the first."""

    def __init__(self, disagreements: list[Disagreement]):
        self.disagreements = disagreements
        super().__init__("\n".join(str(one) for one in disagreements))


def reconcile(total: int, parts: Sequence[Part], name: str = "total") -> list[Disagreement]:
    """Every place, at any depth, where a total and its parts differ or a part is below zero.

    `name` stands for the outermost total in messages. An empty list means that all agree.
    """
    return _walk((name,), total, parts)


def _walk(where: tuple[str, ...], total: int, parts: Sequence[Part]) -> list[Disagreement]:
    if not parts:
        return []
    found = []
    if sum(part.count for part in parts) != total or any(part.count < 0 for part in parts):
        found.append(Disagreement(where, total, tuple((part.name, part.count) for part in parts)))
    for part in parts:
        found += _walk((*where, part.name), part.count, part.parts)
    return found


def require_reconciled(total: int, parts: Sequence[Part], name: str = "total") -> None:
    """Raises NotReconciled, carrying every disagreement, unless all totals and parts agree."""
    found = reconcile(total, parts, name)
    if found:
        raise NotReconciled(found)
