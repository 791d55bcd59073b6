"""Who to turn to."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def not_ahead(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("Nobody can have checked it on a day that has not come."))


class ContactQuerySet(models.QuerySet["Contact"]):
    def unchecked_for(self, days: int) -> "ContactQuerySet":
        """What nobody made sure of for longer than that: a wrong number does harm."""
        return self.filter(last_checked__lt=timezone.localdate() - timedelta(days=days))


class Contact(models.Model):
    """Somebody to turn to, with the date on which a person last made sure that it is right."""

    name = models.CharField(max_length=120)
    what_for = models.CharField(max_length=200)
    how = models.CharField(max_length=200)
    hours = models.CharField(max_length=120, blank=True)
    last_checked = models.DateField(validators=[not_ahead])
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order = models.PositiveIntegerField(default=0)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
