"""Accounts, stakeholder groups, organisations and age bands.

There is no date of birth, no address and no telephone number anywhere (KC-3, KC-8).
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """Somebody who signs in, by e-mail. People who respond need no account and have none."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class StakeholderGroup(models.Model):
    class Kind(models.TextChoices):
        ROLE = "role", _("Role")
        PLACE = "place", _("Place")
        EXPERIENCE = "experience", _("Shared experience")
        INTEREST = "interest", _("Interest")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ROLE)  # GRP-1
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    sensitive = models.BooleanField(
        default=False, help_text=_("Counts below the higher threshold are hidden for this group.")
    )
    description = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AgeBand(models.TextChoices):
    """A band, never a date of birth (KC-3). Not said is handled as under 16."""

    UNDER_12 = "under-12", _("Under 12")
    TWELVE = "12", _("12")
    THIRTEEN = "13-15", _("13 to 15")
    SIXTEEN = "16-17", _("16 or 17")
    EIGHTEEN = "18-25", _("18 to 25")
    ADULT = "26-plus", _("26 or over")
    NOT_SAID = "not-said", _("I would rather not say")


# Named sets: rules name the set, never a list of bands of their own. Who needs an adult: engagements/ages.py.
HANDLED_AS_UNDER_16 = frozenset(  # KC-3, MOD-1
    {AgeBand.UNDER_12, AgeBand.TWELVE, AgeBand.THIRTEEN, AgeBand.NOT_SAID}
)
HANDLED_AS_UNDER_18 = HANDLED_AS_UNDER_16 | {AgeBand.SIXTEEN}
