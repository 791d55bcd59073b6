"""Who sits at the table (COL-1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Seat(models.Model):
    class Kind(models.TextChoices):
        CHAIR = "chair", _("Chair")
        YOUNG_PEOPLE = "young-people", _("Young people")
        PRACTITIONERS = "practitioners", _("Practitioners")
        PROVIDERS = "providers", _("Providers")
        EMPLOYERS = "employers", _("Employers")
        PARENTS = "parents", _("Parents and carers")
        THIRD_SECTOR = "third-sector", _("Third sector")

    kind = models.CharField(max_length=14, choices=Kind.choices)
    holder = models.CharField(max_length=120, blank=True)  # empty: a vacant seat
    body = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.holder or _('empty')}"
