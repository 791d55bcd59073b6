"""What can happen to a consultation: it is published, answered from a draft, or answered in any other way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, pagecache
from collaborative.consultations import checklist, feedback, files, letters, questions
from collaborative.consultations.answers import still_asked
from collaborative.consultations.forms import Cleaned
from collaborative.consultations.journey import Journey
from collaborative.consultations.kinds import sound
from collaborative.consultations.models.answers import ChoiceAnswer
from collaborative.consultations.models.questions import QuestionWording
from collaborative.consultations.permissions import user_may_write_questions
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions import actions as contributions
from collaborative.contributions import drafts, ledger
from collaborative.contributions import files as stored
from collaborative.contributions.actions import About, Given
from collaborative.contributions.models import Edition, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import Flag
from collaborative.moderation.screening import priority, screen_all
from collaborative.people.models import User


class Incomplete(Exception):
    """The answers cannot be sent yet. `problems` is a list of (step, message)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class Nothing(Exception):
    """There is neither a draft to send nor a response that was sent with this token."""


def publish(page: Any, engagement: Engagement, now: datetime | None = None) -> None:
    """Freeze the questions and the feedback of a page that goes live; part of its `save()`. Raises Refused.

    The checklist was met before the lock on the engagement. What of it hangs on answers is asked again under
    the lock, since somebody may have answered in between.
    """
    now = now or timezone.now()
    messages = [gate.message for rule in checklist.rules(page, engagement) for gate in rule.gates]
    if messages:
        raise Refused(messages)
    fresh = questions.freeze(engagement, [child.value for child in page.questions], now)
    drafts.follow(engagement)
    letters.tell_of(feedback.freeze(page, engagement, now))
    ledger.record("consultation.published", f"engagement:{engagement.pk}", new_wordings=fresh)


def edition_still_fits(wording: QuestionWording, *, by: User) -> None:
    """Somebody compared it with the standard text as it now stands, and it says the same (LNG-3). Saying so
    again writes nothing. Raises PermissionDenied."""
    if not user_may_write_questions(by):
        raise PermissionDenied
    with transaction.atomic():
        row = (
            QuestionWording.objects.select_for_update(of=("self",))
            .select_related("question")
            .get(pk=wording.pk)
        )
        standards = row.question.wordings.filter(edition=Edition.STANDARD)
        newest = standards.aggregate(newest=Max("number"))["newest"]
        if row.fits != newest:
            row.fits = newest
            row.save(update_fields=["fits"])
            subject = f"engagement:{row.question.engagement_id}"
            ledger.record("edition.still-fits", subject, by, wording=row.pk, standard=newest)
            pagecache.touch()


def respond(
    engagement: Engagement,
    about: About,
    answers: Mapping[str, Any],
    *,
    code: str,
    author: User | None = None,
    now: datetime | None = None,
    check_open: bool = True,
    sheet: Sheet | None = None,
    source: str | None = None,
    more: Sequence[Given] = (),
    by: User | None = None,
    received_at: datetime | None = None,
) -> tuple[Receipt, bool]:
    """Store one response, words and choices, in one transaction. Returns (receipt, whether it is new).

    `answers` is {question key: {"chosen": [see kinds.py], "text": …, "why": …}}, each part optional. Left out
    are keys that no question has, and answers to what is not asked of somebody who answered the rest so. What
    was keyed in or imported goes through `answers.clean` first; `by` keyed it in, it reached us at
    `received_at`, and `more` is what answers no question. The same code again gives the receipt that stands.
    For paper and the demonstration set too. Raises contributions.actions.NotPossible.

    Every answer waits for a person; what is noticed in the words, and where so many come from (`source`, a
    pseudonym), says which to look at first and nothing else (SAF-4).
    """
    sheet = sheet or Sheet(engagement)
    asked = still_asked(sheet.asked(about.edition), answers)
    given = [one for one in [*given_in(asked, answers), *more] if one.text.strip()]
    flags = screen_all([one.text for one in given], engagement=engagement, source=source) if given else []
    noticed = list(zip(given, flags, strict=True))
    with transaction.atomic():
        receipt, new = contributions.receive(
            engagement,
            about,
            [replace(one, priority=priority(found)) for one, found in noticed],
            code=code,
            author=author,
            now=now,
            check_open=check_open,
            by=by,
            received_at=received_at,
        )
        if new and any(flags):
            _keep_flags(receipt, {one.prompt_key: found for one, found in noticed if found})
        if new:
            ChoiceAnswer.objects.bulk_create(choice_rows(receipt, asked, answers))
    return receipt, new


def _keep_flags(receipt: Receipt, noticed: dict[str, list[Flag]]) -> None:
    rows = receipt.contributions.filter(prompt_key__in=noticed)
    moderation.received_all((row, noticed[row.prompt_key]) for row in rows)


def choice_rows(receipt: Receipt, asked: list[Asked], answers: Mapping[str, Any]) -> list[ChoiceAnswer]:
    """Unsaved rows of what was chosen."""
    return [
        ChoiceAnswer(receipt=receipt, wording_id=one.wording_id, value=chosen)
        for one in asked
        if (chosen := _chosen(one, answers))
    ]


def given_in(asked: list[Asked], answers: Mapping[str, Any]) -> list[Given]:
    given = []
    for one in asked:
        answer = answers.get(one.key) or {}
        if answer.get("text"):
            given.append(Given(prompt_key=one.key, prompt=one.text, text=answer["text"]))
        if one.why and answer.get("why"):
            prompt = f"{one.text}\n{one.why}"
            given.append(Given(prompt_key=one.why_key, prompt=prompt, text=answer["why"]))
    return given


def _chosen(one: Asked, answers: Mapping[str, Any]) -> list[str]:
    return sound(one.type, (answers.get(one.key) or {}).get("chosen") or [], one.options, one.rows)


def send(
    engagement: Engagement, token: str, now: datetime | None = None, *, source: str | None = None
) -> Receipt:
    """Send the draft of this token: one response, whatever is clicked twice, retried or gone back to.

    The draft goes in the same transaction. Raises Incomplete, Nothing, or NotPossible when it has closed.
    """
    now = now or timezone.now()
    code = drafts.receipt_code(token)
    with transaction.atomic():
        draft = drafts.locked(token, engagement)
        if draft is None:
            return _sent_before(engagement, code)
        journey = Journey(engagement, draft.answers)
        if engagement.state_at(now) != Engagement.State.OPEN:
            raise contributions.NotPossible(_("This has closed."))
        if journey.class_is_over(now):
            raise contributions.NotPossible(_("This lesson has ended."))
        found = journey.problems()
        if found:
            raise Incomplete(found)
        receipt, new = respond(
            engagement,
            journey.about(),
            journey.answers_given(),
            code=code,
            now=now,
            sheet=journey.sheet,
            source=source,
        )
        if new and files.asked_for(journey.questions):
            files.hand_over(draft, receipt)
        draft.delete()
    return receipt


def _sent_before(engagement: Engagement, code: str) -> Receipt:
    receipt = Receipt.objects.filter(engagement=engagement, code_hash=codes.hashed(code)).first()
    if receipt is None:
        raise Nothing
    return receipt


def keep_late(engagement: Engagement, token: str, read: Callable[[Journey], Cleaned]) -> None:
    """It closed while somebody was writing: what the screen sent is kept in their draft all the same, to be
    copied, and sent should there be more time. `read` makes of it what their journey allows; without a draft,
    or with something wrong in it, nothing is kept."""
    with transaction.atomic():
        draft = drafts.locked(token, engagement) if token else None
        if draft is not None:
            cleaned = read(Journey(engagement, draft.answers))
            if not cleaned.errors and "age" not in cleaned.keep:
                drafts.keep(draft, cleaned.keep)


def erase_draft(engagement: Engagement, token: str) -> None:
    """Throw away what somebody began and does not want to keep."""
    with transaction.atomic():
        draft = drafts.locked(token, engagement)
        if draft is not None:
            stored.destroy_of_draft(draft)
            draft.delete()
