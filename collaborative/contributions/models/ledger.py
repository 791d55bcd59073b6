"""The record of all that happens to evidence and decisions: it only grows, and is sealed in batches."""

from django.conf import settings
from django.db import models

from collaborative.appendonly import AppendOnly


class LedgerEvent(AppendOnly):
    """Who did what to which thing, when. `data` never holds anyone's words."""

    may_change = ("actor",)

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_key = models.CharField(max_length=20, blank=True)  # stays when the account goes
    verb = models.CharField(max_length=60)  # "contribution.released"
    subject = models.CharField(max_length=60)  # "contribution:C-7KQ4M3RT6C"
    data = models.JSONField(default=dict)

    class Meta:
        # "What happened to this thing?"
        indexes = [models.Index(fields=["subject", "id"], name="ledger_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class LedgerSeal(AppendOnly):
    """The hash of a batch of events, chained to the seal before it: a changed row breaks every later seal."""

    number = models.PositiveIntegerField(unique=True)
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Seal {self.number}"
