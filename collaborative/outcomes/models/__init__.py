"""The operating model and its versions, recommendations, evidence, decisions, changes and promises."""

from collaborative.outcomes.models.answers import TONES, Answer
from collaborative.outcomes.models.clauses import Clause, ClauseVersion, ModelVersion
from collaborative.outcomes.models.decision_page import DecisionIndexPage, DecisionPage
from collaborative.outcomes.models.decisions import Change, Disposition, Dissent, Promise
from collaborative.outcomes.models.desk import ClosedOff, PutOff
from collaborative.outcomes.models.evidence import Assessment, EvidenceRecord, EvidenceTheme
from collaborative.outcomes.models.model_page import ModelPage
from collaborative.outcomes.models.partnership import Seat
from collaborative.outcomes.models.proposals import Proposal, ProposalAnswer
from collaborative.outcomes.models.recommendations import (
    RecommendationIndexPage,
    RecommendationPage,
    RecommendationTheme,
)
from collaborative.outcomes.models.reviews import Reading, Review, Suspicion

__all__ = [
    "TONES",
    "Answer",
    "Assessment",
    "Change",
    "Clause",
    "ClauseVersion",
    "ClosedOff",
    "DecisionIndexPage",
    "DecisionPage",
    "Disposition",
    "Dissent",
    "EvidenceRecord",
    "EvidenceTheme",
    "ModelPage",
    "ModelVersion",
    "Promise",
    "Proposal",
    "ProposalAnswer",
    "PutOff",
    "Reading",
    "RecommendationIndexPage",
    "RecommendationPage",
    "RecommendationTheme",
    "Review",
    "Seat",
    "Suspicion",
]
