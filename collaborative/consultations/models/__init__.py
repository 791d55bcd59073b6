"""Consultation pages, their frozen questions, and the answers that people sent."""

from collaborative.consultations.models.answers import ChoiceAnswer
from collaborative.consultations.models.classes import ClassSession
from collaborative.consultations.models.closing import ClosingMove
from collaborative.consultations.models.copies import CopyWanted
from collaborative.consultations.models.exports import Export, RawRequest
from collaborative.consultations.models.feedback import Feedback
from collaborative.consultations.models.imports import Import, ImportPiece, ImportProblem, ImportRow
from collaborative.consultations.models.pages import ConsultationIndexPage, ConsultationPage
from collaborative.consultations.models.questions import Question, QuestionWording

__all__ = [
    "ChoiceAnswer",
    "ClassSession",
    "ClosingMove",
    "ConsultationIndexPage",
    "ConsultationPage",
    "CopyWanted",
    "Export",
    "Feedback",
    "Import",
    "ImportPiece",
    "ImportProblem",
    "ImportRow",
    "Question",
    "QuestionWording",
    "RawRequest",
]
