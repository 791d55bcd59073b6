"""What may be refused, and what its author is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseRule(models.Model):
    """A published rule. Moderators refuse by one of these and by nothing else (KC-6)."""

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    kind_reason = models.TextField(help_text=_("What the author is told, kindly."))

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
