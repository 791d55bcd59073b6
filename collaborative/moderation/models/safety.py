"""What those who look after safety set for the whole site."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from collaborative.engagements import cover
from collaborative.engagements.week import WeekField


def only_days(text: str) -> None:
    days_of(text)


def days_of(text: str) -> frozenset[date]:
    """One day on each line, as 2026-12-25. Raises ValidationError at a line that is none."""
    found = []
    for line in text.split():
        try:
            found.append(date.fromisoformat(line))
        except ValueError as error:
            message = _("“%(line)s” is not a day. Write it as 2026-12-25.")
            raise ValidationError(message, params={"line": line}) from error
    return frozenset(found)


class SafetySettings(BaseGenericSetting):
    """One row at most; without it, what stands here as default holds."""

    cover_times = WeekField(
        _("hours"),
        default=dict,
        blank=True,
        help_text=_("When somebody reads what people tell this site about safety. UK time."),
    )
    days_off = models.TextField(
        _("days without cover"),
        blank=True,
        validators=[only_days],
        help_text=_(
            "Public holidays and the like, one on each line, as 2026-12-25. For workshops and "
            "consultations too."
        ),
    )
    out_of_hours = models.TextField(
        _("what people read outside these hours"),
        blank=True,
        help_text=_("Under the sentence that says when somebody is back. Say who can help until then."),
    )
    unopened_minutes = models.PositiveIntegerField(
        _("minutes until a concern that nobody opened is told again"), default=60
    )
    contact_days = models.PositiveIntegerField(
        _("days after which a contact must be checked again"), default=90
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("cover_times"), FieldPanel("days_off"), FieldPanel("out_of_hours")],
            heading=_("When somebody can be reached"),
        ),
        MultiFieldPanel(
            [FieldPanel("unopened_minutes"), FieldPanel("contact_days")], heading=_("When we are reminded")
        ),
    ]

    class Meta:
        verbose_name = _("safety")

    def __str__(self) -> str:
        return "Safety"

    @classmethod
    def now(cls) -> "SafetySettings":
        """The row, or the defaults (one query). Unlike `load()` it never writes, so that any page may ask."""
        return cls.objects.first() or cls()

    @property
    def cover(self) -> cover.Cover:
        return cover.Cover(cover.week(self.cover_times), days_off=self.free_days)

    @property
    def free_days(self) -> frozenset[date]:
        return days_of(self.days_off)
