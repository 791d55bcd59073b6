"""Responses that come many at once, from a file that staff bring. The same rules and rows as one by one.

The caller cuts them into short batches, so that others can write in between, and gives each response a hash
of its own: one that stands already is passed over, so that a batch may be tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions import ledger
from collaborative.contributions.actions import (
    About,
    Given,
    NotPossible,
    contribution_rows,
    receipt_fields,
    refuse_incomplete,
    stopped,
    wording_row,
)
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, Wording
from collaborative.engagements.models import Engagement
from collaborative.people.models import User


@dataclass(frozen=True, kw_only=True)
class Response:
    """One respondent's. `code_hash` tells it from every other: 64 hex digits that nobody can guess."""

    about: About
    given: list[Given]
    code_hash: str
    received_at: datetime


@dataclass(frozen=True)
class Stored:
    """What was new: receipts by `code_hash`, and their contributions in the order of the words given."""

    receipts: dict[str, Receipt]
    contributions: list[Contribution]


def standing(hashes: Sequence[str]) -> set[str]:
    """Those of these hashes under which a response stands. One query."""
    return set(Receipt.objects.filter(code_hash__in=hashes).values_list("code_hash", flat=True))


def refuse_closed(engagement: Engagement, responses: Sequence[Response]) -> None:
    """AGE-1, SAF-1: each was open when it came, and for somebody of that age. A query for each age band.

    Raises NotPossible.
    """
    if any(engagement.state_at(one.received_at) != Engagement.State.OPEN for one in responses):
        raise NotPossible(_("This is not open for answers."))
    each = {(one.about.age_band, one.about.channel): one.about for one in responses}
    if any(stopped(engagement, about) for about in each.values()):
        raise NotPossible(_("People of this age cannot take part here just now."))


def receive_many(
    engagement: Engagement,
    responses: Sequence[Response],
    *,
    by: User | None,
    now: datetime | None = None,
    **data: Any,
) -> Stored:
    """Store a batch, held until a person has checked each. `data` goes into the record beside who brought it.

    Raises NotPossible, and then stores none. Five statements, and two for each age band under 18.
    """
    now = now or timezone.now()
    refuse_closed(engagement, responses)
    for one in responses:
        refuse_incomplete(one.about)
    try:
        return _store(engagement, responses, by, now, data)
    except IntegrityError:
        # Of half a million references, drawn by chance, two may be alike: drawn anew, they are not.
        return _store(engagement, responses, by, now, data)


def _store(
    engagement: Engagement,
    responses: Sequence[Response],
    by: User | None,
    now: datetime,
    data: dict[str, Any],
) -> Stored:
    with transaction.atomic():
        known = standing([one.code_hash for one in responses])
        fresh = [one for one in responses if one.code_hash not in known]
        receipts = Receipt.objects.bulk_create(
            Receipt(code_hash=one.code_hash, **receipt_fields(engagement, one.about, one.received_at))
            for one in fresh
        )
        rows: list[Contribution] = []
        texts: list[str] = []
        events: list[LedgerEvent] = []
        for receipt, one in zip(receipts, fresh, strict=True):
            said, words = contribution_rows(receipt, one.given, None, now)
            rows += said
            texts += words
            subject = f"receipt:{receipt.pk}"
            data_of = {"engagement": engagement.slug, "things": len(said), **data}
            events.append(ledger.event("response.received", subject, by, **data_of))
        contributions = Contribution.objects.bulk_create(rows)
        Wording.objects.bulk_create(
            wording_row(contribution, 1, Wording.Kind.GIVEN, text, None, "", now)
            for contribution, text in zip(contributions, texts, strict=True)
        )
        LedgerEvent.objects.bulk_create(events)
    return Stored({one.code_hash: one for one in receipts}, contributions)
