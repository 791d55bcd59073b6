"""Who goes where: groups of about one size, each with as many kinds of people as there are. No database.

Whoever may go into few groups only is placed first, so that those who may go anywhere even it out.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """`kind`: their stakeholder group, or None. `young`: needs two named adults (SAF-1)."""

    pk: int
    kind: int | None
    young: bool


@dataclass
class Group:
    """`most`: 0 for any number. `sits`: how many of each kind are in it already."""

    pk: int
    most: int
    for_young: bool
    sits: Counter[int | None] = field(default_factory=Counter)

    @property
    def is_full(self) -> bool:
        return bool(self.most) and self.sits.total() >= self.most

    def takes(self, person: Person) -> bool:
        return not self.is_full and (self.for_young or not person.young)


def fit(people: Iterable[Person], groups: list[Group], dice: random.Random) -> dict[int, int]:
    """person -> group. Who is missing in it fits nowhere. `groups` are filled on the way."""
    waiting = list(people)
    dice.shuffle(waiting)
    sizes = Counter(one.kind for one in waiting)
    # Kind after kind, the largest first, each dealt out in turn: so no group gets two before another has one.
    waiting.sort(key=lambda one: (not one.young, -sizes[one.kind], one.kind or 0))
    places = {}
    for person in waiting:
        open_to = [group for group in groups if group.takes(person)]
        if not open_to:
            continue
        best = min(open_to, key=lambda group: (group.sits.total(), group.sits[person.kind], dice.random()))
        best.sits[person.kind] += 1
        places[person.pk] = best.pk
    return places
