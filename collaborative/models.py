"""Tables of the house itself: the number that tells kept pages that something public moved, mail to send."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Epoch(models.Model):
    """One row (id 1). `pagecache.touch()` moves `number` in the transaction of the public change."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)


class MessageQuerySet(models.QuerySet["Message"]):
    def due_at(self, now: datetime) -> "MessageQuerySet":
        """What may be sent now: nobody is sending it, or whoever was has died."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.filter(free, state=Message.State.WAITING, not_before__lte=now)


class Message(models.Model):
    """One e-mail to send, by what it is about: neither an address nor a word stands here (see outbox.py)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not sent: nothing was left to say, or to whom")
        FAILED = "failed", _("Given up")

    key = models.CharField(max_length=120, unique=True)  # the same news twice makes one message
    kind = models.CharField(max_length=32)
    about = models.JSONField(default=dict)  # ids alone
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        # What is due; sent ones are most of the table.
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="collaborative_mail_due")
        ]

    def __str__(self) -> str:
        return self.key
