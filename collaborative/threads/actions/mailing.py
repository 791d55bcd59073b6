"""Hearing by e-mail what happens in a thread: asked for, confirmed, stopped by one press, written down."""

from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, outbox
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.people.models import HANDLED_AS_UNDER_16, User
from collaborative.threads.models import Comment, Subscription, Thread, Voice

SALT, CONFIRM_SALT = "thread-mail", "thread-mail-confirm"
REPLY, DIGEST, CONFIRM = "thread-reply", "thread-digest", "thread-confirm"


def may_subscribe(voice: Voice | None) -> bool:
    """KC-8: no address of anyone who is, or may be, under 16."""
    return voice is not None and voice.receipt.age_band not in HANDLED_AS_UNDER_16


def subscribe(
    thread: Thread, how: str, *, voice: Voice, email: str = "", user: User | None = None
) -> Subscription:
    """Ask to be told. An account's own address is known; any other is confirmed by a message to it first."""
    if not may_subscribe(voice):
        raise NotPossible(_("We do not take addresses of people who are, or may be, under 16."))
    if how not in Subscription.How.values:
        raise NotPossible(_("Choose what you want to hear."))
    address = user.email if user is not None else email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise NotPossible(_("Write an e-mail address, such as name@example.org.")) from None
    now = timezone.now()
    with transaction.atomic():
        row, _new = Subscription.objects.select_for_update().get_or_create(
            thread=thread, voice=voice, defaults={"how": how, "created_at": now}
        )
        known = row.email == address and row.confirmed_at is not None and row.stopped_at is None
        row.how, row.email, row.stopped_at = how, address, None
        row.confirmed_at = row.confirmed_at if known else (now if user is not None else None)
        row.last_seq = Thread.objects.values_list("last_seq", flat=True).get(pk=thread.pk)
        row.save()
        ledger.record("thread.subscribed", f"thread:{thread.pk}", user, how=how)
        if row.confirmed_at is None:
            # One message for each time that somebody asks; never two for one press. An address put right at
            # once is another one.
            key = f"{CONFIRM}:{row.pk}:{_mark(address)[:12]}:{int(now.timestamp()) // 60}"
            outbox.put(CONFIRM, key, {"subscription": row.pk})
    return row


def token_of(row: Subscription) -> str:
    """What stands in the links that stop it. Good for as long as the subscription is there."""
    return signing.dumps(row.pk, salt=SALT)


def find(token: str) -> Subscription | None:
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Subscription.objects.select_related("thread").filter(pk=pk).first()


def confirming_token_of(row: Subscription) -> str:
    """What stands in the message that asks whether an address is theirs: it says so of that address alone.

    With a mark of the address instead of itself, which has no place in the logs of a server.
    """
    return signing.dumps([row.pk, _mark(row.email)], salt=CONFIRM_SALT)


def _mark(address: str) -> str:
    return codes.hashed_token(f"thread-mail:{address}")


def find_to_confirm(token: str) -> tuple[Subscription | None, bool]:
    """Its subscription, and whether that still has the address to which the link was sent."""
    try:
        pk, mark = signing.loads(token, salt=CONFIRM_SALT)
    except signing.BadSignature:
        return None, False
    row = Subscription.objects.select_related("thread").filter(pk=pk).first()
    return row, row is not None and _mark(row.email) == mark


def confirm(row: Subscription) -> None:
    """Its owner says that the address in this row, as it was read, is theirs: no other that came since."""
    Subscription.objects.filter(pk=row.pk, email=row.email, stopped_at=None, confirmed_at=None).update(
        confirmed_at=timezone.now()
    )


def stop(row: Subscription) -> None:
    """No more from now on, what waits to be sent included; the address goes. Twice is no error."""
    Subscription.objects.filter(pk=row.pk, stopped_at=None).update(stopped_at=timezone.now(), email="")


def replied(comment: Comment) -> None:
    """A reply came onto the page: tell whoever it answers, where they asked for it. In its transaction."""
    parent = comment.parent
    if parent is None or parent.voice_id is None or parent.voice_id == comment.voice_id:
        return
    if not getattr(parent, "author_wants_mail", True):  # asked when the parent was read, where it was
        return
    rows = Subscription.objects.active().filter(voice=parent.voice_id, thread=comment.thread_id)
    for row in rows.filter(how=Subscription.How.REPLIES):
        about = {"subscription": row.pk, "comment": comment.pk}
        outbox.put(REPLY, f"{REPLY}:{row.pk}:{comment.pk}", about)


def digests(now: datetime | None = None) -> int:
    """Once a day: a message for everybody in whose thread something is new. Returns how many are put down."""
    now = now or timezone.now()
    put = 0
    rows = Subscription.objects.active().filter(how=Subscription.How.DAILY).select_related("thread")
    for row in rows.iterator():
        if row.thread.last_seq <= row.last_seq:
            continue
        with transaction.atomic():
            about = {"subscription": row.pk, "after": row.last_seq, "upto": row.thread.last_seq}
            outbox.put(DIGEST, f"{DIGEST}:{row.pk}:{row.thread.last_seq}", about)
            Subscription.objects.filter(pk=row.pk).update(last_seq=row.thread.last_seq)
        put += 1
    return put
