"""What a machine may notice in what people wrote, and the words that staff look out for (SAF-4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Contribution


class Flag(models.TextChoices):
    """Something to look at first. It refuses nothing: a person decides (SAF-4)."""

    SAFETY = "safety", _("May be about somebody’s safety")
    UNKIND = "unkind", _("May be unkind")
    CONTACT = "contact", _("Looks like contact details")
    LINK = "link", _("Has a link")
    REPEATED = "repeated", _("Sent before")
    BURST = "burst", _("Many at once from one place")
    REPORTED = "reported", _("Somebody told us about it")
    APPEAL = "appeal", _("Its author asks for a second look")


class Flagged(models.Model):
    """One thing noticed about one contribution. It holds no word of it: erasure leaves nothing here."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="flags")
    flag = models.CharField(max_length=10, choices=Flag.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also serves "what was noticed about these" on the queue.
            models.UniqueConstraint(fields=["contribution", "flag"], name="one_flag_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.flag} {self.contribution_id}"


class WatchedWord(models.Model):
    """A word or phrase that staff want to see first. Whoever writes it is told nothing and loses nothing."""

    class About(models.TextChoices):
        SAFETY = Flag.SAFETY.value, Flag.SAFETY.label
        UNKIND = Flag.UNKIND.value, Flag.UNKIND.label
        CONTACT = Flag.CONTACT.value, Flag.CONTACT.label

    text = models.CharField(
        _("word or phrase"),
        max_length=80,
        unique=True,
        help_text=_("Capitals do not matter. End it with * to find longer words that begin with it."),
    )
    about = models.CharField(_("what it may mean"), max_length=10, choices=About.choices)

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text
