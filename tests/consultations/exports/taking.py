"""Answers to the consultation of five questions, each in its state, and what leaves with an export."""

import csv
import io
import uuid
from typing import Any

from django.utils import timezone

from collaborative.consultations.exports import actions
from collaborative.consultations.exports.tables import Tables, shapes_of
from collaborative.consultations.models import ChoiceAnswer, QuestionWording, RawRequest
from collaborative.contributions.actions import About, Given, receive
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from tests.consultations import making

WHO = {"name": "Nan Canary-Name", "contact_email": "nan@canary.example", "recontact": True}
Row = dict[str, str]


def answered(
    place: Engagement,
    words: str = "It should feel like a talk.",
    *,
    chosen: dict[str, list[str]] | None = None,
    key: str = "feel",
    **about: Any,
) -> Receipt:
    """One response: words to one question (none when empty), and choices."""
    said = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": False,
        "group": making.group("parents"),
        **about,
    }
    given = [Given(prompt_key=key, prompt="What should it never feel like?", text=words)]
    receipt, _new = receive(
        place, About(**said), given, code=uuid.uuid4().hex, check_open=False, now=timezone.now()
    )
    for question, value in (chosen or {}).items():
        wording = QuestionWording.objects.get(
            question__engagement=place, question__key=question, edition="standard"
        )
        ChoiceAnswer.objects.create(receipt=receipt, wording=wording, value=value)
    return receipt


def said(receipt: Receipt) -> Contribution:
    return receipt.contributions.get()


def released(place: Engagement, words: str, moderator: User, **about: Any) -> Contribution:
    contribution = said(answered(place, words, **about))
    moderation.release(contribution, by=moderator)
    return contribution


def redacted(contribution: Contribution, gone: str, by: User, why: str = "A name.") -> None:
    text = contribution.wordings.order_by("-number")[0].text
    moderation.release_redacted(contribution, text.replace(gone, "[removed]"), why, by=by)


def rows(place: Engagement, shape: str = "answers", *, raw: bool = False) -> list[Row]:
    """What would stand in the table, by heading."""
    table = Tables(place, raw=raw).table(shape)
    return [dict(zip(table.head, row, strict=True)) for row in table.rows()]


def row_of(contribution: Contribution, *, raw: bool = False) -> Row:
    found = rows(contribution.engagement, raw=raw)
    return next(row for row in found if row["reference"] == contribution.reference)


def approved(place: Engagement, asker: User, second: User) -> RawRequest:
    request = actions.ask(place, "To write to those who asked for it.", by=asker)
    actions.approve(request, by=second)
    return RawRequest.objects.get(pk=request.pk)


def taken(
    place: Engagement, by: User, shape: str = "answers", kind: str = "csv", raw: RawRequest | None = None
) -> bytes:
    return b"".join(actions.parts(actions.begin(place, shape, kind, by=by, raw=raw)))


def everything(place: Engagement, by: User, raw: RawRequest | None = None) -> str:
    """All that leaves in any shape."""
    return "".join(taken(place, by, shape, raw=raw).decode() for shape in dict(shapes_of(place)))


def commas(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
