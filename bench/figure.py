"""A figure, whether it meets its goal, and how all of them are printed and kept."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LEAST, MOST = "at least", "at most"


@dataclass(frozen=True)
class Figure:
    """`value` is what the goal is about; `measured` and `floor` are what a ratio was made of, in `per`."""

    name: str
    value: float
    unit: str
    goal: float | None = None  # None: told for comparison, nothing is promised
    side: str = LEAST
    measured: float | None = None
    floor: float | None = None
    per: str = ""
    samples: int = 1

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.side == LEAST else self.value <= self.goal

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def ratio_of(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """(median of the ratios, median above, median below) of samples taken side by side.

    The median of ratios rather than the ratio of medians: what slows the machine for a while slows
    both of a pair.
    """
    return (
        statistics.median(above / below for above, below in pairs),
        statistics.median(above for above, _below in pairs),
        statistics.median(below for _above, below in pairs),
    )


def table(figures: Sequence[Figure]) -> str:
    rows = [("", "value", "goal", "met", "measured", "floor")]
    for one in figures:
        goal = "" if one.goal is None else f"{'≥' if one.side == LEAST else '≤'} {one.goal:g}"
        met = {True: "yes", False: "NO", None: ""}[one.met]
        value = f"{_short(one.value)} {one.unit}".strip()
        rows.append(
            (one.name, value, goal, met, _with_unit(one.measured, one.per), _with_unit(one.floor, one.per))
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 3) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _with_unit(number: float | None, unit: str) -> str:
    return "" if number is None else f"{_short(number)} {unit}"


def read(path: Path) -> list[Figure]:
    """The figures that were written there; none when nothing was."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [Figure(**{key: value for key, value in row.items() if key != "met"}) for row in rows]


def write(figures: Sequence[Figure], path: Path) -> None:
    """A JSON list, one object for each figure."""
    rounded = [
        {key: round(value, 4) if isinstance(value, float) else value for key, value in one.as_dict().items()}
        for one in figures
    ]
    path.write_text(json.dumps(rounded, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
