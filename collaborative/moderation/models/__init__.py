"""Checking what people gave, house rules, reports, safeguarding cases, and who to turn to."""

from collaborative.moderation.models.appeals import Appeal
from collaborative.moderation.models.cases import CaseNote, SafeguardingCase
from collaborative.moderation.models.checks import UNDO, Batch, Check
from collaborative.moderation.models.contacts import Contact
from collaborative.moderation.models.desk import CLAIM, Claim, Desk, HandOver
from collaborative.moderation.models.house_rules import HouseRule
from collaborative.moderation.models.reports import Report
from collaborative.moderation.models.safety import SafetySettings
from collaborative.moderation.models.screening import Flag, Flagged, WatchedWord

__all__ = [
    "CLAIM",
    "UNDO",
    "Appeal",
    "Batch",
    "CaseNote",
    "Check",
    "Claim",
    "Contact",
    "Desk",
    "Flag",
    "Flagged",
    "HandOver",
    "HouseRule",
    "Report",
    "SafeguardingCase",
    "SafetySettings",
    "WatchedWord",
]
