"""The ledger: what people gave, its wordings, permission and state, receipts, drafts, and the record."""

from collaborative.contributions.models.contribution import (
    Contribution,
    ContributionQuerySet,
    State,
    Wording,
    not_private,
)
from collaborative.contributions.models.draft import Draft
from collaborative.contributions.models.ledger import LedgerEvent, LedgerSeal
from collaborative.contributions.models.receipt import (
    Channel,
    Edition,
    Exclusion,
    Permission,
    Receipt,
    RespondentKind,
)
from collaborative.contributions.models.sent_file import SentFile

__all__ = [
    "Channel",
    "Contribution",
    "ContributionQuerySet",
    "Draft",
    "Edition",
    "Exclusion",
    "LedgerEvent",
    "LedgerSeal",
    "Permission",
    "Receipt",
    "RespondentKind",
    "SentFile",
    "State",
    "Wording",
    "not_private",
]
