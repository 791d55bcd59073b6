"""What moderators and safeguarding leads can do, by noun.

Each verb checks permission, writes once and leaves a record.
"""

from collaborative.moderation.actions.cases import close_case, escalate, note_on_case, view_case
from collaborative.moderation.actions.checks import refuse, release, release_redacted
from collaborative.moderation.actions.intake import received, received_all, shown_at_once
from collaborative.moderation.actions.reports import handle_report, report

__all__ = [
    "close_case",
    "escalate",
    "handle_report",
    "note_on_case",
    "received",
    "received_all",
    "refuse",
    "release",
    "release_redacted",
    "report",
    "shown_at_once",
    "view_case",
]
