"""Verbs of this room: publishing the plan, and deciding."""

from collaborative.outcomes.actions.decisions import freeze_decision, take_turns
from collaborative.outcomes.actions.model import ensure_workflow, freeze_model, mark_made, publish_model

__all__ = ["ensure_workflow", "freeze_decision", "freeze_model", "mark_made", "publish_model", "take_turns"]
