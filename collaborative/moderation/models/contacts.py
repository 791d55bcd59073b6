"""Who to turn to."""

from django.db import models


class Contact(models.Model):
    """Somebody to turn to, with the date on which a person last made sure that it is right."""

    name = models.CharField(max_length=120)
    what_for = models.CharField(max_length=200)
    how = models.CharField(max_length=200)
    hours = models.CharField(max_length=120, blank=True)
    last_checked = models.DateField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
