"""Who wants a copy of their answers by e-mail: an address, for as long as the letter takes."""

from django.db import models

from collaborative.contributions.models import Receipt


class CopyWanted(models.Model):
    """Gone as soon as the letter is sent, or cannot be (KC-8)."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Copy of {self.receipt_id}"
