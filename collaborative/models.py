"""Tables of the house itself: only the number that tells cached pages that something public moved."""

from django.db import models


class Epoch(models.Model):
    """One row (id 1). `pagecache.touch()` moves `number` in the transaction of the public change."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.number)
