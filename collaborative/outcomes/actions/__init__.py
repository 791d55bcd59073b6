"""Verbs of this room: publishing the plan, deciding, and putting proposals forward."""

from collaborative.outcomes.actions.decisions import freeze_decision, take_turns
from collaborative.outcomes.actions.model import ensure_workflow, freeze_model, mark_made, publish_model
from collaborative.outcomes.actions.proposals import (
    Proposed,
    change_proposal,
    put_forward,
    throw_away,
    write_proposal,
)

__all__ = [
    "Proposed",
    "change_proposal",
    "ensure_workflow",
    "freeze_decision",
    "freeze_model",
    "mark_made",
    "publish_model",
    "put_forward",
    "take_turns",
    "throw_away",
    "write_proposal",
]
