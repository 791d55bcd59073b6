"""Topics and checked words for tests of the workbench."""

import uuid
from typing import Any

from collaborative.analysis.actions import apply_theme, define_theme
from collaborative.analysis.models import Coding, Theme
from collaborative.contributions.actions import move
from collaborative.contributions.models import Contribution, State
from collaborative.people.models import User
from tests.moderation.giving import said


def theme(by: User, code: str = "T1", label: str = "", **parts: str) -> Theme:
    words = {"definition": "What it is", "includes": "This", "excludes": "That", "example": "Words", **parts}
    return define_theme(code, label=label or f"Topic {code}", by=by, **words)


def released(text: str = "Ask us before you decide.", **about: Any) -> Contribution:
    row = said(text, **about)
    move(row, State.RELEASED, by=None)
    return row


def sorted_under(row: Contribution, topic: Theme, start: int, end: int, by: User, **more: Any) -> Coding:
    wording = row.wordings.order_by("-number")[0]
    return apply_theme(wording, start, end, topic, by=by, key=uuid.uuid4().hex, **more)
