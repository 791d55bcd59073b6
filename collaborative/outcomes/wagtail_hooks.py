"""The staff side of this room, split by noun."""

from collaborative.outcomes import hooks_decisions, hooks_desk, hooks_model, hooks_reviews

__all__ = ["hooks_decisions", "hooks_desk", "hooks_model", "hooks_reviews"]
