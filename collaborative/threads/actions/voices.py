"""Who speaks: asked once in each engagement (RIF-1), known again by account or by a cookie."""

from datetime import datetime

from django.db import IntegrityError, transaction

from collaborative import codes
from collaborative.contributions import actions as contributions
from collaborative.contributions import drafts
from collaborative.contributions.actions import About
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.threads.models import Voice


def token_for(engagement: Engagement, user: User | None, key: str) -> str:
    """What the voice is known by: made from the account, or from the form that was sent.

    The same form sent twice gives the same voice, and an account has one whatever it sends. The receipt
    code hangs on it and is stored nowhere.
    """
    whose = f"account {user.pk}" if user else f"form {key}"
    return codes.hashed_token(f"voice:{engagement.pk}:{whose}")


def receipt_code(token: str) -> str:
    """The code that is shown after the first comment."""
    return drafts.receipt_code(token)


def voice_of(engagement: Engagement, *, user: User | None, token: str) -> Voice | None:
    """Whoever speaks here with this account, else with this cookie. One query; none for a stranger."""
    rows = Voice.objects.select_related("receipt__group")
    if user is not None:
        return rows.filter(engagement=engagement, user=user).first()
    if not token:
        return None
    return rows.filter(engagement=engagement, user=None, token_hash=codes.hashed_token(token)).first()


def begin(engagement: Engagement, about: About, *, user: User | None, token: str, now: datetime) -> Voice:
    """The voice of that token, made when there is none, in the caller's transaction."""
    receipt, _new = contributions.receive(
        engagement, about, [], code=receipt_code(token), author=user, now=now
    )
    try:
        with transaction.atomic():
            return Voice.objects.create(
                engagement=engagement,
                receipt=receipt,
                user=user,
                token_hash=None if user else codes.hashed_token(token),
            )
    except IntegrityError:
        return Voice.objects.select_related("receipt").get(receipt=receipt)
