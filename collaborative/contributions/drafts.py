"""Answers that somebody has begun: sent while the engagement is open, thrown away when sent, or after the
close.

The browser holds a token; the person may note a code to come back with, from any device (CON-1). Both are
stored as hashes. The receipt code is derived from the token, so sending twice shows the same code.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from collaborative import codes
from collaborative.contributions.models import Draft
from collaborative.engagements.models import Engagement

# After the close, so that its author can copy it, and send it should there be more time after all.
KEPT_AFTER = timedelta(days=14)
WITHOUT_END = timedelta(days=90)  # an engagement with no closing date


def new_token() -> str:
    return secrets.token_urlsafe(32)


def resume_code(token: str) -> str:
    """The code to come back with."""
    return codes.derived("resume", token)


def receipt_code(token: str) -> str:
    """The code that is shown once the answers are sent."""
    return codes.derived("receipt", token)


def begin(engagement: Engagement, token: str, answers: dict[str, Any], now: datetime | None = None) -> Draft:
    """The draft of that token, made when there is none. Idempotent."""
    now = now or timezone.now()
    draft, _new = Draft.objects.get_or_create(
        token_hash=codes.hashed_token(token),
        defaults={
            "engagement": engagement,
            "resume_hash": codes.hashed(resume_code(token)),
            "answers": answers,
            "created_at": now,
            "updated_at": now,
            "expires_at": engagement.closes_at or now + WITHOUT_END,
        },
    )
    return draft


def find(token: str, engagement: Engagement, now: datetime | None = None) -> Draft | None:
    usable = Draft.objects.usable_at(now or timezone.now())
    return usable.filter(token_hash=codes.hashed_token(token), engagement=engagement).first()


def locked(token: str, engagement: Engagement) -> Draft | None:
    """The draft of that token whether or not it has expired, locked until the caller's transaction ends."""
    rows = Draft.objects.select_for_update()
    return rows.filter(token_hash=codes.hashed_token(token), engagement=engagement).first()


def find_expired(token: str, engagement: Engagement) -> Draft | None:
    """What stands of a draft after the close, so that its author can copy what they wrote."""
    return Draft.objects.filter(token_hash=codes.hashed_token(token), engagement=engagement).first()


def keep(draft: Draft, changed: dict[str, Any]) -> Draft:
    """Keep answers beside those that stand. Two tabs that save different questions lose nothing."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        row.answers = {**row.answers, **changed}
        row.updated_at = timezone.now()
        row.save(update_fields=["answers", "updated_at"])
    return row


def resume(code: str, token: str, now: datetime | None = None) -> Draft | None:
    """Carry on with another browser: the draft moves to the new token, and its code stays good.

    `resume_code(token)` is not the code of a draft that was resumed: whoever resumed it knows the code.
    """
    with transaction.atomic():
        usable = Draft.objects.usable_at(now or timezone.now()).select_for_update(of=("self",))
        draft = usable.filter(resume_hash=codes.hashed(code)).select_related("engagement").first()
        if draft is not None:
            draft.token_hash = codes.hashed_token(token)
            draft.save(update_fields=["token_hash"])
    return draft


def follow(engagement: Engagement) -> int:
    """The closing date moved: drafts last until the new one (CON-1)."""
    if engagement.closes_at is None:
        return 0
    return Draft.objects.filter(engagement=engagement).update(expires_at=engagement.closes_at)


def throw_away(token: str, engagement: Engagement) -> int:
    return Draft.objects.filter(token_hash=codes.hashed_token(token), engagement=engagement).delete()[0]


def throw_away_expired(now: datetime | None = None) -> int:
    """What nobody can send any more, two weeks after the close. Until then its author alone can see it."""
    return Draft.objects.filter(expires_at__lte=(now or timezone.now()) - KEPT_AFTER).delete()[0]
