"""Parts add up to totals, or nothing is published (ANA-2: received = analysed + left out, by reason)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Parts = Mapping[str, "int | tuple[int, Parts]"]


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
        side = "missing from the parts" if self.total > self.sum else "too many in the parts"
        return f"{' › '.join(self.where)}: the total is {self.total}, but {listed} = {self.sum} ({gap} {side})."


class NotReconciled(ValueError):
    """Raised instead of publishing; `disagreements` holds every one of them, not only the first."""

    def __init__(self, disagreements: list[Disagreement]):
        self.disagreements = disagreements
        super().__init__("\n".join(str(one) for one in disagreements))


def reconcile(total: int, parts: Parts, where: str = "total") -> list[Disagreement]:
    """Every place where parts and total differ; an empty list when all agree.

    `parts`: name -> count, or name -> (count, its own parts), as deep as needed. An empty mapping of parts means
    that the count is not broken down. `where` names the total in messages.
    """
    return _walk((where,), total, parts)


def _walk(where: tuple[str, ...], total: int, parts: Parts) -> list[Disagreement]:
    if not parts:
        return []
    counts = tuple((name, part[0] if isinstance(part, tuple) else part) for name, part in parts.items())
    found = []
    if sum(count for _, count in counts) != total or any(count < 0 for _, count in counts):
        found.append(Disagreement(where, total, counts))
    for name, part in parts.items():
        if isinstance(part, tuple):
            found += _walk((*where, name), *part)
    return found


def require_reconciled(*checks: tuple[str, int, Parts]) -> None:
    """Each check is (name of the total, total, parts). Raises NotReconciled with all that disagree."""
    found = [one for name, total, parts in checks for one in reconcile(total, parts, name)]
    if found:
        raise NotReconciled(found)
