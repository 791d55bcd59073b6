"""One respondent in one engagement: the unit that every figure counts."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import AgeBand, StakeholderGroup


class Channel(models.TextChoices):
    WEB = "web", _("Website")
    CLASS = "class", _("Class")
    PAPER = "paper", _("Paper")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    EVENT = "event", _("Event")
    WORKSHOP = "workshop", _("Workshop")
    IMPORT = "import", _("Import")


class Edition(models.TextChoices):
    STANDARD = "standard", _("Standard")
    YOUNG = "young", _("For young people")
    EASY_READ = "easy-read", _("Easy Read")
    BSL = "bsl", _("British Sign Language")
    GAELIC = "gaelic", _("Gaelic")


class Permission(models.TextChoices):
    """The three permissions of the respondent information form (RIF-2)."""

    NAMED = "named", _("Publish with my name")
    ANONYMOUS = "anonymous", _("Publish without my name")
    NOT_PUBLISHED = "not-published", _("Do not publish")


class RespondentKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Myself")
    ORGANISATION = "organisation", _("An organisation")


class Exclusion(models.TextChoices):
    """Why a response was received but not analysed (ANA-2). It stays in the record with its reason."""

    DUPLICATE = "duplicate", _("A duplicate, merged with another")
    BLANK = "blank", _("Blank")
    TEST = "test", _("A test")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def analysed(self) -> "ReceiptQuerySet":
        """Responses that count: not left out, and checked by a person, or with nothing but choices that
        nobody took back."""
        return self.filter(Exists(_words("released")) | _only_ticked(), exclusion="")

    def waiting(self) -> "ReceiptQuerySet":
        """Not left out, and nothing released yet. A safeguarding concern looks like any that waits."""
        return self.filter(~Exists(_words("released")), Exists(_words("held", "escalated")), exclusion="")

    def not_gone(self) -> "ReceiptQuerySet":
        """Something of it still stands, be it said to staff alone."""
        return self.filter(Exists(_words("released", "held", "escalated", openly=False)) | _only_ticked())

    def gone(self) -> "ReceiptQuerySet":
        """Not left out by staff, but all of it taken back, refused or said to staff alone."""
        still_here = Exists(_words("released", "held", "escalated"))
        words_gone = Exists(_words()) & ~still_here
        ticks_gone = ~Exists(_words()) & Q(withdrawn_at__isnull=False)
        return self.filter(words_gone | ticks_gone, exclusion="")


def _only_ticked() -> Q:
    """Nothing but choices, which nobody took back."""
    return ~Exists(_words()) & Q(withdrawn_at=None)


def _words(*states: str, openly: bool = True) -> models.QuerySet:
    """What was given under the receipt of the outer query; where states are named, in one of them, and not to
    staff alone, which makes no response."""
    # By name, since contributions are defined after receipts.
    given = apps.get_model("contributions", "Contribution")._default_manager.filter(receipt=OuterRef("pk"))
    if not states:
        return given
    return (given.openly() if openly else given).filter(state__in=states)


class Receipt(models.Model):
    """All that was asked about the respondent (RIF-1), and the hash of the code they were shown once."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="receipts")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # Which class it came from: shown on a safeguarding case and nowhere else (SAF-2).
    join_code = models.ForeignKey(
        JoinCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    edition = models.CharField(max_length=10, choices=Edition.choices, default=Edition.STANDARD)
    language = models.CharField(max_length=10, default="en-gb")
    group = models.ForeignKey(
        StakeholderGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    respondent_kind = models.CharField(max_length=14, choices=RespondentKind.choices)
    permission = models.CharField(max_length=14, choices=Permission.choices)
    recontact = models.BooleanField()
    privacy_version = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    exclusion = models.CharField(max_length=12, choices=Exclusion.choices, blank=True)
    # GDP-2: when its author took all of it back. Where there are no words, nothing else tells.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            # RIF-1: nothing is stored without the answers of the form, whatever the channel.
            models.CheckConstraint(
                name="rif_1_complete",
                condition=Q(permission__in=Permission.values)
                & Q(respondent_kind__in=RespondentKind.values)
                & Q(age_band__in=AgeBand.values)
                & ~Q(privacy_version=""),
            ),
            # KC-7, KC-8: no name and no address of anyone who is, or may be, under 16.
            models.CheckConstraint(
                name="kc_7_no_name_under_16",
                condition=Q(age_band__in=["16-17", "18-25", "26-plus"])
                | (Q(name="") & Q(contact_email="") & ~Q(permission="named")),
            ),
        ]
        indexes = [
            # The recount of one engagement when a release is cut.
            models.Index(fields=["engagement", "group"], name="receipt_by_engagement_group"),
        ]

    def __str__(self) -> str:
        return f"Receipt {self.pk}"
