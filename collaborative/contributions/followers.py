"""Rooms that show what people said hear here when it may be shown, may not, or reads otherwise.

A room registers at `ready()` for its kind of contribution. The verbs of `actions.py` call it inside their
transaction and under the lock of that row, so that what a room keeps (an order, a count) moves together with
the state: when the room fails, nothing has happened.
"""

from collections.abc import Callable

from collaborative.contributions.models import Contribution

# Given the row as it is now, its receipt included in what `public()` asks, and the state that it had before.
# The two are equal when words, permission or exclusion changed.
Follower = Callable[[Contribution, str], None]

_followers: dict[str, Follower] = {}


def register(kind: str, follower: Follower) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    _followers[kind] = follower


def tell(contribution: Contribution, before: str) -> None:
    follower = _followers.get(contribution.kind)
    if follower is not None:
        follower(contribution, before)


def kinds() -> list[str]:
    """The kinds that somebody follows: nobody need load the others."""
    return list(_followers)
