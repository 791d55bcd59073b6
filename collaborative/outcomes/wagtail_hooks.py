"""The staff side of this room, split by noun."""

from collaborative.outcomes import hooks_decisions

__all__ = ["hooks_decisions"]
