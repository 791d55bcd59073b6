"""The plan, recommendations, evidence and decisions of the demonstration set."""

from collaborative.outcomes.demo.decisions import load_decision, load_decisions
from collaborative.outcomes.demo.model import load_draft, load_version
from collaborative.outcomes.demo.recommendations import load_evidence, load_recommendations, load_seats

__all__ = [
    "load_decision",
    "load_decisions",
    "load_draft",
    "load_evidence",
    "load_recommendations",
    "load_seats",
    "load_version",
]
