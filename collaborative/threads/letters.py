"""What the messages of threads say, put into words when they are sent: through the public door or not."""

from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.letters import absolute, letter
from collaborative.threads import reading
from collaborative.threads.actions.mailing import confirming_token_of, token_of
from collaborative.threads.models import Comment, Subscription, Thread

IN_A_DIGEST = 20


def reply(about: dict[str, Any]) -> EmailMessage | None:
    """Somebody replied to you. Nothing when the reply, or what it answers, is not on the page any more."""
    row = _wanted(about, Subscription.How.REPLIES)
    comment = Comment.objects.shown().select_related("parent").filter(pk=about["comment"]).first()
    if row is None or comment is None:
        return None
    shown = reading.show([comment], whole=True)
    if not shown:
        return None
    context = {"one": shown[0], "link": _link(row.thread, comment.pk)}
    return _letter(row, _("Somebody replied to you: %(title)s"), "reply", context)


def digest(about: dict[str, Any]) -> EmailMessage | None:
    """What came onto the page between two numbers and still stands there."""
    row = _wanted(about, Subscription.How.DAILY)
    if row is None:
        return None
    rows = row.thread.comments.shown().filter(seq__gt=about["after"], seq__lte=about["upto"])
    rows = rows.exclude(voice=row.voice_id).select_related("parent").order_by("seq")
    shown = reading.show(rows[:IN_A_DIGEST], whole=True)
    if not shown:
        return None
    context = {
        "news": [(one, _link(row.thread, one.pk)) for one in shown],
        "more": max(0, rows.count() - IN_A_DIGEST),
    }
    return _letter(row, _("New comments: %(title)s"), "digest", context)


def confirmation(about: dict[str, Any]) -> EmailMessage | None:
    """Is this your address? The one message that goes out unconfirmed, and nobody wrote a word of it."""
    row = Subscription.objects.select_related("thread").filter(pk=about["subscription"]).first()
    if row is None or row.confirmed_at or row.stopped_at or not row.email or not _readable(row):
        return None
    link = absolute(reverse("thread_mail_confirm", args=[confirming_token_of(row)]))
    return _letter(row, _("Is this your address? %(title)s"), "confirm", {"link": link})


def _wanted(about: dict[str, Any], how: str) -> Subscription | None:
    rows = Subscription.objects.active().select_related("thread").filter(how=how)
    row = rows.filter(pk=about["subscription"]).exclude(email="").first()
    return row if row is not None and _readable(row) else None


def _readable(row: Subscription) -> bool:
    return Thread.objects.readable().filter(pk=row.thread_id).exists()


def _letter(row: Subscription, subject: str, name: str, context: dict[str, Any]) -> EmailMessage:
    stop = reverse("thread_mail_stop", args=[token_of(row)])
    context |= {"thread": row.thread}
    title = row.thread.title
    return letter(row.email, subject, f"threads/email/{name}.txt", context, stop=stop, title=title)


def _link(thread: Thread, comment: int) -> str:
    return absolute(f"{reverse('thread', args=[thread.pk])}?at={comment}")
