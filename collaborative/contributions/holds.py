"""What must be kept for now, whatever anyone takes back or clears away: a room above says so.

Erasing, taking back and retention ask here first. The moderation room answers for safeguarding cases.
"""

from collections.abc import Callable

from collaborative.contributions.models import Contribution, State

Holder = Callable[[Contribution], bool]


def _passed_on(contribution: Contribution) -> bool:
    return contribution.state == State.ESCALATED


_holder: list[Holder] = [_passed_on]


def register(holder: Holder) -> None:
    """Called at `ready()` of the room that keeps cases. Until then, what was passed on is kept."""
    _holder[0] = holder


def is_kept(contribution: Contribution) -> bool:
    return _holder[0](contribution)
