"""FBK-2: whoever asked to be told gets a letter when a part of the feedback is published, and may stop it.

Written down in batches in the background: publishing does not wait for a hundred thousand of them. Each is
put into words when it is sent, so that nobody is told who took their answers back meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from collaborative import codes, outbox
from collaborative.consultations.models.feedback import Feedback
from collaborative.contributions.models import Receipt
from collaborative.letters import absolute, letter
from collaborative.people.models import HANDLED_AS_UNDER_16

KIND = "feedback"
SALT = "feedback-mail"
AT_ONCE = 500
BATCHES = 10
STALE = timedelta(minutes=30)  # after which the nightly command takes over from a worker that died


def tell_of(rows: Sequence[Feedback]) -> None:
    """In the transaction of the publication: what was said for the first time is told, all in one letter.

    New words for a part that people know already are a correction; they stand on the page with their day.
    """
    first = [row for row in rows if row.number == 1]
    if first:
        transaction.on_commit(partial(tell.enqueue, first[-1].pk))
    quiet = [row.pk for row in rows if row not in first[-1:]]
    Feedback.objects.filter(pk__in=quiet).update(told_at=timezone.now())


@task()
def tell(pk: int) -> None:
    """Write the letters of one publication down, batch by batch. It may stop anywhere and be called again."""
    for _batch in range(BATCHES):
        if not _tell_some(pk):
            return
    tell.enqueue(pk)  # what is more urgent has its turn in between


def go_on(now: datetime | None = None) -> int:
    """For the nightly command: finish what a worker died over. Returns how many publications."""
    before = (now or timezone.now()) - STALE
    untold = list(Feedback.objects.filter(told_at=None, published_at__lt=before).values_list("pk", flat=True))
    for pk in untold:
        tell.enqueue(pk)
    return len(untold)


def _tell_some(pk: int) -> bool:
    """The next batch; whether there may be more. One address gets one letter, whatever it sent us."""
    with transaction.atomic():
        row = Feedback.objects.select_for_update().filter(pk=pk, told_at=None).first()
        if row is None:
            return False
        rows = wanted(row.engagement_id).filter(pk__gt=row.told_to).order_by("pk")
        batch = list(rows.values_list("pk", "contact_email")[:AT_ONCE])
        outbox.put_many(
            KIND,
            {
                f"{KIND}:{pk}:{codes.hashed_token(email.lower())}": {"feedback": pk, "receipt": receipt}
                for receipt, email in reversed(batch)
            },
        )
        if batch:
            row.told_to = batch[-1][0]
        if len(batch) < AT_ONCE:
            row.told_at = timezone.now()
        row.save(update_fields=["told_to", "told_at"])
    return row.told_at is None


def wanted(engagement: int) -> QuerySet[Receipt]:
    """Who asked to be told and can be: 16 or over, not left out, and something of theirs still stands."""
    rows = Receipt.objects.not_gone().filter(engagement=engagement, recontact=True, exclusion="")
    return rows.exclude(contact_email="").exclude(age_band__in=HANDLED_AS_UNDER_16)


def feedback(about: dict[str, Any]) -> EmailMessage | None:
    """The letter as it should go out now; None when they no longer want it, or the page is not there."""
    row = Feedback.objects.select_related("engagement__page").filter(pk=about["feedback"]).first()
    receipt = _receipt(row.engagement_id, about["receipt"]) if row is not None else None
    if row is None or receipt is None or row.engagement.page is None or not row.engagement.page.live:
        return None
    together = Feedback.objects.filter(
        engagement=row.engagement_id, published_at=row.published_at, number=1
    ).order_by("pk")
    context = {
        "title": row.engagement.title,
        "parts": [one.get_part_display() for one in together],
        "link": absolute(reverse("consultation_feedback", args=[row.engagement.slug])),
    }
    stop = reverse("feedback_stop", args=[token_of(receipt)])
    subject = _("What came of it: %(title)s")
    template = "consultations/email/feedback.txt"
    return letter(receipt.contact_email, subject, template, context, stop=stop, title=row.engagement.title)


def _receipt(engagement: int, pk: int) -> Receipt | None:
    """Theirs, or another of the same address where they took that one back."""
    first = Receipt.objects.filter(pk=pk).first()
    if first is None or not first.contact_email:
        return None
    theirs = wanted(engagement).filter(contact_email__iexact=first.contact_email)
    return theirs.filter(pk=pk).first() or theirs.order_by("pk").first()


def token_of(receipt: Receipt) -> str:
    """What stands in the link of the letter."""
    return signing.dumps(receipt.pk, salt=SALT)


def find(token: str) -> Receipt | None:
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Receipt.objects.select_related("engagement").filter(pk=pk).first()
