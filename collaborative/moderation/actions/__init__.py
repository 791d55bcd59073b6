"""What moderators and safeguarding leads can do, by noun.

Each verb checks permission, writes once and leaves a record.
"""

from collaborative.moderation.actions.appeals import ask_again, decision_on, put_words_back, uphold
from collaborative.moderation.actions.batches import Done, decide, decide_together, undo
from collaborative.moderation.actions.cases import (
    close_case,
    escalate,
    escalate_report,
    note_on_case,
    reopen_case,
    take_out_of_sight,
    view_case,
)
from collaborative.moderation.actions.checks import refuse, release, release_redacted, withhold
from collaborative.moderation.actions.contacts import check_contact
from collaborative.moderation.actions.desk import claim, hand_over, let_go, work_as
from collaborative.moderation.actions.intake import received, received_all, shown_at_once
from collaborative.moderation.actions.reports import handle_report, report
from collaborative.moderation.actions.transcripts import transcribe

__all__ = [
    "Done",
    "ask_again",
    "check_contact",
    "claim",
    "close_case",
    "decide",
    "decide_together",
    "decision_on",
    "escalate",
    "escalate_report",
    "hand_over",
    "handle_report",
    "let_go",
    "note_on_case",
    "put_words_back",
    "received",
    "received_all",
    "refuse",
    "release",
    "release_redacted",
    "reopen_case",
    "report",
    "shown_at_once",
    "take_out_of_sight",
    "transcribe",
    "undo",
    "uphold",
    "view_case",
    "withhold",
    "work_as",
]
