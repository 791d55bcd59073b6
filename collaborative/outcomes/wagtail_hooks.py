"""The staff side of this room, split by noun."""

from collaborative.outcomes import hooks_decisions, hooks_model

__all__ = ["hooks_decisions", "hooks_model"]
