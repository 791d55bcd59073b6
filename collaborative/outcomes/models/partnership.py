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

    kind = models.CharField(_("whose seat"), max_length=14, choices=Kind.choices)
    holder = models.CharField(
        _("who sits there"),
        max_length=120,
        blank=True,
        help_text=_("Left empty, the seat is shown as empty."),
    )
    body = models.CharField(_("from which body"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.holder or _('empty')}"
