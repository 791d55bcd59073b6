"""Checking what people gave, house rules, reports, safeguarding cases, and who to turn to."""

from collaborative.moderation.models.cases import SafeguardingCase
from collaborative.moderation.models.checks import Check
from collaborative.moderation.models.contacts import Contact
from collaborative.moderation.models.house_rules import HouseRule
from collaborative.moderation.models.reports import Report

__all__ = ["Check", "Contact", "HouseRule", "Report", "SafeguardingCase"]
