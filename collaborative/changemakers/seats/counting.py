"""How many places are left, and for whom.

A group first fills the places that are kept for it; whoever comes after that, or belongs to no such group,
has one of the others. So one group can fill what is open to all, and never what is kept for another.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from collaborative.changemakers.seats.models import Registration, Seating


@dataclass
class Places:
    capacity: int
    kept: dict[int, int]
    taken: Counter[int | None] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.taken.total())

    @property
    def open_left(self) -> int:
        """For anybody."""
        among_all = sum(max(0, n - self.kept.get(group or 0, 0)) for group, n in self.taken.items())
        return max(0, min(self.left, self.capacity - sum(self.kept.values()) - among_all))

    def kept_left(self, group: int | None) -> int:
        free = self.kept.get(group or 0, 0) - self.taken[group]
        return max(0, min(self.left, free))

    def has_place(self, group: int | None) -> bool:
        return self.open_left > 0 or self.kept_left(group) > 0

    def take(self, group: int | None) -> None:
        self.taken[group] += 1


def places(seating: Seating) -> Places:
    """As it stands in the database. One query; true for as long as the seating is locked."""
    rows = Registration.objects.filter(engagement=seating.engagement_id).seated()
    counts = dict(rows.order_by().values_list("group").annotate(n=Count("pk")))
    kept = {int(group): n for group, n in seating.kept.items()}
    return Places(seating.capacity or 0, kept, Counter(counts))
