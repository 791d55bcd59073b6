"""A copy of what somebody sent, by e-mail where they want one. Their address is in no other place, and goes
with the letter: when that is sent, when it cannot be, or after a day."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from collaborative import codes, outbox
from collaborative.consultations.changing import sent
from collaborative.consultations.models import CopyWanted
from collaborative.context import words as site_words
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Channel, Receipt
from collaborative.models import Message
from collaborative.people.models import HANDLED_AS_UNDER_16

COPY = "answers-copy"
KEPT = timedelta(days=1)
ADDRESSES = 3  # one may be mistyped; more would make a mailer of us


def may_have(receipt: Receipt) -> bool:
    """KC-7, KC-8, KID-1: no address of anyone who is, or may be, under 16, nor of a pupil in a class."""
    return receipt.age_band not in HANDLED_AS_UNDER_16 and receipt.channel != Channel.CLASS


def ask(receipt: Receipt, email: str, *, now: datetime | None = None) -> None:
    """Send a copy there. The same address again sends no second one. Raises NotPossible with what to say."""
    if not may_have(receipt):
        raise NotPossible(_("We take no e-mail address from people who are, or may be, under 16."))
    email = email.strip()
    try:
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("long")
    except ValidationError:
        raise NotPossible(_("Write an e-mail address, such as name@example.org.")) from None
    begins = f"{COPY}:{receipt.pk}:"
    key = begins + codes.hashed_token(email.lower())[:32]
    with transaction.atomic():
        Receipt.objects.select_for_update().get(pk=receipt.pk)
        keys = set(Message.objects.filter(key__startswith=begins).values_list("key", flat=True))
        if key in keys:
            return
        if len(keys) >= ADDRESSES:
            raise NotPossible(_("We have sent copies to three addresses. We cannot send any more."))
        row = CopyWanted.objects.create(receipt=receipt, email=email, asked_at=now or timezone.now())
        outbox.put(COPY, key, {"copy": row.pk})
        ledger.record("response.copy-wanted", f"receipt:{receipt.pk}")


def letter(about: dict[str, Any]) -> EmailMessage | None:
    """The copy as it stands when it is sent; none when everything was taken back meanwhile."""
    rows = CopyWanted.objects.select_related("receipt__engagement__page")
    row = rows.filter(pk=about["copy"]).first()
    if row is None:
        return None
    said = [one for one in sent(row.receipt) if not one.empty]
    if not said:
        return None
    engagement = row.receipt.engagement
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "title": engagement.title,
            "said": said,
            "is_open": engagement.is_open,
            "receipt_url": f"{settings.BASE_URL}/receipt/",
            "site_name": site_words().get("partnership") or settings.SITE_NAME,
        }
        subject = _("A copy of your answers")
        body = render_to_string("consultations/email/copy.txt", context)
    return EmailMessage(subject, body, to=[row.email])


def forget(about: dict[str, Any]) -> None:
    """The letter is dealt with."""
    CopyWanted.objects.filter(pk=about["copy"]).delete()


def forget_old(now: datetime | None = None) -> int:
    """Addresses that something left behind, nightly."""
    return CopyWanted.objects.filter(asked_at__lt=(now or timezone.now()) - KEPT).delete()[0]
