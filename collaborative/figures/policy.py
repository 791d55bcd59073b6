"""The words of suppression: the policy, a figure somebody may want to print, and what may be printed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass

from .audit import Interval

PRIMARY, SECONDARY, WITHHELD = "primary", "secondary", "withheld"
TOTAL = "__total__"


@dataclass(frozen=True)
class Policy:
    """The rule that a release was made under. Thresholds may be raised, never lowered (SDC-1)."""

    version: str = "1"
    k: int = 5
    k_sensitive: int = 10
    low_base: int = 10

    def __post_init__(self) -> None:
        if self.k < 5 or self.low_base < 10 or self.k_sensitive < max(10, self.k):
            raise ValueError("The thresholds of the policy may be raised, not lowered.")

    def as_dict(self) -> dict[str, int | str]:
        """For keeping beside the figures that were released under it."""
        return asdict(self)


@dataclass(frozen=True)
class Quantity:
    """A figure that somebody may want to print.

    `kind`: figures of one kind that do not overlap are read as parts of a larger one ("group and answer").
    `priority`: lower is hidden first; give totals more than cells. `sensitive`: protected by k_sensitive;
    `k` raises the threshold further. `withheld`: never shown. `guarded`: see rule 2 in `suppression`.
    """

    name: Hashable
    atoms: frozenset
    kind: str = ""
    priority: int = 0
    sensitive: bool = False
    k: int = 0
    withheld: bool = False
    guarded: bool = False

    def threshold(self, policy: Policy) -> int:
        return max(self.k, policy.k_sensitive if self.sensitive else policy.k)


@dataclass(frozen=True)
class Audit:
    """What the check found, for staff. `narrowest` is over the figures that are small in themselves."""

    shown: int
    primary: int
    secondary: int
    withheld: int
    narrowest: Interval | None
    narrower_than_k: int
    rounds: int

    @property
    def hidden(self) -> int:
        return self.primary + self.secondary + self.withheld


@dataclass(frozen=True)
class Released:
    """What may be printed: a value, or None for hidden, for each quantity by name."""

    values: Mapping[Hashable, int | None]
    reasons: Mapping[Hashable, str]
    policy: Policy
    audit: Audit

    def __getitem__(self, name: Hashable) -> int | None:
        return self.values[name]

    def is_hidden(self, name: Hashable) -> bool:
        return self.values[name] is None

    def shown(self) -> dict[Hashable, int]:
        """The figures that are printed, and no others."""
        return {name: value for name, value in self.values.items() if value is not None}
