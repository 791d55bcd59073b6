"""What somebody sent, read back to them, and changed by them until the closing (by their code, in flow/).

Words are never overwritten: new ones are a wording of kind EDITED, and wait for a person again before anyone
else can read them. A choice is changed where it stands. What was refused, or had words taken out, is not
open to change: its author can ask for a second look, or take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.consultations import answers
from collaborative.consultations.actions import given_in
from collaborative.consultations.files import may_give
from collaborative.consultations.kinds import FILE, sound
from collaborative.consultations.models import ChoiceAnswer
from collaborative.consultations.questions import WHY, Asked, Sheet
from collaborative.contributions import actions as contributions
from collaborative.contributions import ledger
from collaborative.contributions.actions import Given, NotPossible
from collaborative.contributions.models import Contribution, Receipt, State, Wording
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.moderation.screening import priority, screen
from collaborative.people.models import HANDLED_AS_UNDER_18

# Something that was passed on looks to its author like anything that waits.
OPEN_TO_CHANGE = frozenset({State.HELD, State.RELEASED, State.ESCALATED})
TAKEN_BACK = gettext_lazy("You took this back, so there is nothing to change any more.")


@dataclass(frozen=True)
class Sent:
    """One question with what was sent to it. `hidden`: words of somebody under 18 that nobody has checked
    yet are not read out to whoever holds the code. `fixed`: why it cannot be changed, else ""."""

    one: Asked
    answer: answers.Answer
    labels: Sequence[str] = ()
    hidden: bool = False
    fixed: str = ""

    @property
    def empty(self) -> bool:
        return not self.hidden and not answers.says_anything(self.answer)


def sent(receipt: Receipt) -> list[Sent]:
    """Every question that their answers lead to, in the words of their edition. Five queries."""
    rows = _words_of(receipt)
    gives_files = may_give(receipt.engagement, receipt.age_band, receipt.channel)
    chosen = {
        row.wording.question.key: row.value
        for row in receipt.choices.select_related("wording__question")  # type: ignore[attr-defined]
    }
    asked = Sheet(receipt.engagement).asked(receipt.edition)
    given = {one.key: _answer(one, rows, chosen) for one in asked}
    young = receipt.age_band in HANDLED_AS_UNDER_18 or receipt.age_band == "not-said"
    return [
        _sent(one, given[one.key], rows, young)
        for one in answers.still_asked(asked, given)
        if gives_files or one.type != FILE
    ]


def _words_of(receipt: Receipt) -> dict[str, Contribution]:
    """What stands of the words, by the key they are filed under, each with `newest_text` and its wordings."""
    rows = receipt.contributions.filter(kind=Contribution.Kind.ANSWER).exclude(state=State.WITHDRAWN)
    rows = rows.with_newest_text().prefetch_related("wordings").order_by("pk")
    return {row.prompt_key: row for row in rows}


def _answer(one: Asked, rows: dict[str, Contribution], chosen: dict[str, list[str]]) -> answers.Answer:
    return {
        "chosen": sound(one.type, chosen.get(one.key, []), one.options, one.rows),
        "text": _newest(rows.get(one.key)),
        "why": _newest(rows.get(one.why_key)),
    }


def _newest(row: Contribution | None) -> str:
    return str(getattr(row, "newest_text", "") or "")


def _sent(one: Asked, answer: answers.Answer, rows: dict[str, Contribution], young: bool) -> Sent:
    mine = [row for row in (rows.get(one.key), rows.get(one.why_key)) if row is not None]
    hidden = young and any(row.state != State.RELEASED for row in mine)
    if hidden:
        answer = {**answer, "text": "", "why": ""}
    fixed = next((why for row in mine if (why := _fixed(row))), "")
    return Sent(one, answer, one.labels(answer["chosen"]), hidden, fixed)


def _fixed(row: Contribution) -> str:
    if row.state not in OPEN_TO_CHANGE:
        return _("We do not show this, so it cannot be changed. You can ask for a second look.")
    kinds = {wording.kind for wording in row.wordings.all()}  # type: ignore[attr-defined]
    if Wording.Kind.REDACTED in kinds:
        return _("Words were taken out of this, so it cannot be changed. You can take it back.")
    return ""


def change(
    receipt: Receipt,
    key: str,
    answer: answers.Answer,
    *,
    now: datetime | None = None,
    source: str | None = None,
) -> bool:
    """Put another answer to one question in place of the one that was sent; `answer` went through
    `answers.read`.

    Emptied words are taken back. The same answer again changes nothing: returns whether anything did. Raises
    NotPossible when it has closed, or that answer cannot be changed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = Receipt.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=receipt.pk)
        if row.engagement.state_at(now) != Engagement.State.OPEN:
            raise NotPossible(_("This has closed. You can still take back what you said."))
        if row.withdrawn_at is not None:
            raise NotPossible(TAKEN_BACK)
        found = next((one for one in sent(row) if one.one.key == key), None)
        if found is None or found.fixed:
            raise NotPossible(found.fixed if found else _("This question is not asked any more."))
        changed = _change_choice(row, found, answer)
        standing = _words_of(row)
        given = {one.prompt_key: one for one in given_in([found.one], {key: answer})}
        for prompt_key in (key, f"{key}{WHY}"):
            # Words that were not shown are not taken back by leaving the field empty.
            if prompt_key in given or (prompt_key in standing and not found.hidden):
                changed |= _change_words(row, standing.get(prompt_key), given.get(prompt_key), now, source)
        if changed:
            ledger.record("response.changed", f"receipt:{row.pk}", question=key)
    return changed


def _change_choice(receipt: Receipt, found: Sent, answer: answers.Answer) -> bool:
    one = found.one
    chosen = sound(one.type, answer.get("chosen") or [], one.options, one.rows)
    if chosen == found.answer["chosen"]:
        return False
    rows = ChoiceAnswer.objects.filter(receipt=receipt, wording__question__key=one.key)
    if not chosen:
        rows.delete()
    elif not rows.update(value=chosen, wording=one.wording_id):
        ChoiceAnswer.objects.create(receipt=receipt, wording_id=one.wording_id, value=chosen)
    return True


def _change_words(
    receipt: Receipt, row: Contribution | None, given: Given | None, now: datetime, source: str | None
) -> bool:
    text = given.text.strip() if given else ""
    if row is None and given is not None and text:
        flags = screen(text, engagement=receipt.engagement, receipt=receipt, source=source)
        one = Given(prompt_key=given.prompt_key, prompt=given.prompt, text=text, priority=priority(flags))
        for fresh in contributions.add_to(receipt, [one], now=now):
            moderation.received(fresh, flags)
        return True
    if row is None or text == _newest(row).strip():
        return False
    if not text:
        contributions.take_back(row)
        return True
    flags = screen(text, engagement=receipt.engagement, receipt=receipt, source=source)
    if row.state == State.RELEASED:
        contributions.move(row, State.HELD, by=None, reason="edited")  # first, so that no new word shows
    contributions.add_wording(row, Wording.Kind.EDITED, text, by=None)
    moderation.received(row, flags)
    return True
