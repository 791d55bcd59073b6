"""What happened, in order, so that a browser that was away can be told what it missed.

Transport only: an event says that something about an object changed, never what it says. The words are
rendered afresh by the room that owns them, so nothing that was taken down can come out of here. Left out:
who did it and why; that is the ledger's.
"""

from django.db import models


class Stream(models.Model):
    """One ordered list of events, such as "thread.5". `last_seq` moves under the row's lock."""

    key = models.CharField(max_length=40, unique=True)
    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}:{self.last_seq}"


class Event(models.Model):
    """Number `seq` of a stream: without gaps, in the order of commits."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also the index that catching up reads along.
            models.UniqueConstraint(fields=["stream", "seq"], name="live_event_once"),
        ]
        indexes = [models.Index(fields=["at"], name="live_event_by_age")]  # the nightly pruning

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} ({self.seq})"
