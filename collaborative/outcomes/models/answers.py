"""The five answers that a decision can give to a theme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    ADOPTED = "adopted", _("Yes")
    IN_PART = "adopted-in-part", _("Partly")
    NOT_ADOPTED = "not-adopted", _("No")
    LATER = "later", _("Later")
    OUT_OF_REMIT = "out-of-remit", _("Not ours to decide")


# The tone class and icon of each answer on pages and pictures.
TONES: dict[str, str] = {
    Answer.ADOPTED: "yes",
    Answer.IN_PART: "partly",
    Answer.NOT_ADOPTED: "no",
    Answer.LATER: "later",
    Answer.OUT_OF_REMIT: "out",
}
