"""What happens to a file that somebody gives: kept with their draft, sent with it, replaced or taken back.

What it is called is its words: in the draft's answer, then in the wording of a contribution like any other,
which waits for a person. Its bytes follow that contribution (contributions/files.py).
"""

import filecmp
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.consultations import answers
from collaborative.consultations.kinds import FILE
from collaborative.consultations.questions import Asked
from collaborative.contributions import actions as contributions
from collaborative.contributions import drafts, files, ledger
from collaborative.contributions.actions import Given, NotPossible
from collaborative.contributions.filetypes import Accepted
from collaborative.contributions.models import Channel, Contribution, Draft, Receipt, SentFile, State
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.moderation.screening import priority, screen
from collaborative.people.models import HANDLED_AS_UNDER_18

NOTHING: answers.Answer = {"chosen": [], "text": "", "why": ""}


def may_give(engagement: Engagement, band: str, channel: str) -> bool:
    """KC-7, KC-8: a file shows who somebody is. Nobody who is, or may be, under 18 is asked for one, nor
    anybody in a class, where devices are shared."""
    young = not band or band in HANDLED_AS_UNDER_18
    return not (young or engagement.invites_under_18 or channel == Channel.CLASS)


def about(file: Accepted) -> answers.Answer:
    """The answer as a draft holds it."""
    return {**NOTHING, "text": file.name, "kind": file.kind, "size": file.size}


def keep(draft: Draft, one: Asked, file: Accepted | None) -> Draft:
    """Keep this file in the draft in place of the one that is there; None: none. Raises Draft.DoesNotExist
    when the draft was sent or thrown away a moment ago."""
    stored = files.put(file.parts()) if file else ""
    with transaction.atomic(), _or_away_with(stored):
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        files.destroy(SentFile.objects.filter(draft=row, question=one.key))
        if file:
            _row(file, stored, one.key, draft=row)
        return drafts.keep(row, {one.step: about(file) if file else NOTHING})


@contextmanager
def _or_away_with(stored: str) -> Iterator[None]:
    """What fails in here is rolled back, so nothing will name the file. Of a commit that fails nobody knows
    whether it took place: then the file stays until the night."""
    try:
        yield
    except BaseException:
        files.remove([stored] if stored else [])
        raise


def pass_over(draft: Draft, one: Asked) -> Draft:
    """The screen was sent without a file: what is kept stays, also what another tab keeps just now."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        return row if one.step in row.answers else drafts.keep(row, {one.step: NOTHING})


def _row(
    file: Accepted,
    stored: str,
    question: str,
    *,
    draft: Draft | None = None,
    contribution: Contribution | None = None,
) -> SentFile:
    return SentFile.objects.create(
        stored=stored,
        draft=draft,
        contribution=contribution,
        question=question,
        kind=file.kind,
        size=file.size,
        created_at=timezone.now(),
    )


def hand_over(draft: Draft, receipt: Receipt) -> None:
    """The draft was sent: its files go with the contributions that name them, in the same transaction. What
    is not asked any more was not sent, and goes."""
    rows = {row.question: row for row in SentFile.objects.filter(draft=draft)}
    said = receipt.contributions.filter(prompt_key__in=rows, kind=Contribution.Kind.ANSWER)
    sent = []
    for contribution in said:
        row = rows.pop(contribution.prompt_key)
        row.draft, row.contribution = None, contribution
        sent.append(row)
    SentFile.objects.bulk_update(sent, ["draft", "contribution"])
    files.destroy(rows.values())


def change(
    receipt: Receipt,
    one: Asked,
    file: Accepted | None,
    *,
    now: datetime | None = None,
    source: str | None = None,
) -> bool:
    """Put another file in place of the one that was sent, or take it back. A new one waits for a person.

    The caller has asked `changing.sent` whether this may be changed; what can move meanwhile is asked again
    under the lock. Raises NotPossible.
    """
    now = now or timezone.now()
    stored = files.put(file.parts()) if file else ""
    with transaction.atomic(), _or_away_with(stored):
        return _changed(receipt, one, file, stored, now, source)


def _changed(
    receipt: Receipt, one: Asked, file: Accepted | None, stored: str, now: datetime, source: str | None
) -> bool:
    row = Receipt.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=receipt.pk)
    if row.engagement.state_at(now) != Engagement.State.OPEN:
        raise NotPossible(_("This has closed. You can still take back what you said."))
    if row.withdrawn_at is not None:
        raise NotPossible(_("You took this back, so there is nothing to change any more."))
    if not may_give(row.engagement, row.age_band, row.channel):
        raise NotPossible(_("This question is not asked any more."))
    before = row.contributions.filter(prompt_key=one.key, kind=Contribution.Kind.ANSWER)
    rows = before.exclude(state=State.WITHDRAWN).with_newest_text().select_related("file")
    standing = list(rows.order_by("pk"))
    if file and any(_is_the_same(said, file, stored) for said in standing):
        files.remove([stored])  # pressed twice
        return False
    if any(said.state == State.REFUSED for said in standing):
        raise NotPossible(_("We do not show this, so it cannot be changed. You can ask for a second look."))
    for said in standing:
        contributions.take_back(said)
    if file:
        flags = screen(file.name, engagement=row.engagement, receipt=row, source=source)
        given = Given(prompt_key=one.key, prompt=one.text, text=file.name, priority=priority(flags))
        for fresh in contributions.add_to(row, [given], now=now):
            _row(file, stored, one.key, contribution=fresh)
            moderation.received(fresh, flags)
    if file or standing:
        ledger.record("response.changed", f"receipt:{row.pk}", question=one.key)
    return bool(file or standing)


def _is_the_same(said: Contribution, file: Accepted, stored: str) -> bool:
    row: SentFile | None = getattr(said, "file", None)
    if row is None or said.newest_text != file.name or row.size != file.size:  # type: ignore[attr-defined]
        return False
    return filecmp.cmp(files.path_of(row.stored), files.path_of(stored), shallow=False)


def asked_for(questions: list[Asked]) -> bool:
    return any(one.type == FILE for one in questions)
