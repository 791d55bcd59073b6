"""The codebook and its use: themes with versioned wording, codings of passages, campaigns.

Taggit's through-model would drop a second passage of the same theme and delete on removal, so `Coding`
is a plain model; taggit ties pages and evidence records to themes.
"""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models import Contribution, Receipt, Wording
from collaborative.engagements.models import Engagement


class Theme(TagBase):
    """A theme is stable; its wording is versioned. `name` follows the label of the newest version."""

    code = models.CharField(max_length=12, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def newest_version(self) -> "ThemeVersion":
        return self.versions.order_by("-number")[0]


class ThemeVersionQuerySet(models.QuerySet["ThemeVersion"]):
    def newest(self) -> list["ThemeVersion"]:
        """The newest wording of every theme, T2 before T10. One query."""
        latest = ThemeVersion.objects.filter(theme=OuterRef("theme")).order_by("-number")
        rows = (
            self.annotate(latest=Subquery(latest.values("number")[:1]))
            .filter(number=F("latest"))
            .select_related("theme")
        )
        return sorted(rows, key=lambda row: (len(row.theme.code), row.theme.code))

    def in_use(self) -> list["ThemeVersion"]:
        return self.filter(theme__retired=False).newest()


class ThemeVersion(AppendOnly):
    may_change = ("created_by",)

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=100)
    definition = models.TextField()
    includes = models.TextField()
    excludes = models.TextField()
    example = models.TextField()
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ThemeVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "number"], name="one_theme_version_per_number"),
            models.CheckConstraint(name="a_theme_is_defined", condition=~Q(label="") & ~Q(definition="")),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.number})"


class Codebook(models.Model):
    """A selection of themes for one engagement, or for all when `engagement` is empty."""

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="codebooks"
    )
    themes = models.ManyToManyField(Theme, related_name="codebooks")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Stance(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    MIXED = "mixed", _("Both ways")
    NONE = "none", _("Neither")


class CodingQuerySet(models.QuerySet["Coding"]):
    def live(self) -> "CodingQuerySet":
        """Codings that nobody took back."""
        return self.filter(retraction=None)

    def seen(self, themes: Iterable[int], engagements: Iterable[int]) -> dict[int, str]:
        """What stands behind each theme now: SHA-256 of the sorted ids of its live codings, by theme id.

        Only codings of what was given to these engagements. One query; a theme without any has the
        hash of nothing. When the hash moves after a decision, there are new views since.
        """
        digests = {theme: hashlib.sha256() for theme in themes}
        rows = self.live().filter(theme__in=digests, wording__contribution__engagement__in=list(engagements))
        for theme, pk in rows.order_by("pk").values_list("theme", "pk").iterator(chunk_size=10_000):
            digests[theme].update(b"%d\n" % pk)
        return {theme: digest.hexdigest() for theme, digest in digests.items()}


class Coding(AppendOnly):
    """Words [start, end) of a wording, in Unicode code points, sorted under a theme by a person (ANA-4)."""

    may_change = ("coder",)

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="codings")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="codings")
    theme_version = models.ForeignKey(ThemeVersion, on_delete=models.PROTECT, related_name="codings")
    stance = models.CharField(max_length=8, choices=Stance.choices, default=Stance.NONE)
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    round = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one coding

    objects = CodingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_passage_has_words", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="stance_known", condition=Q(stance__in=Stance.values)),
        ]

    @property
    def is_retracted(self) -> bool:
        """One query, unless `retraction` was selected with the row."""
        return hasattr(self, "retraction")

    def __str__(self) -> str:
        return f"{self.theme_id}: {self.wording_id}[{self.start}:{self.end}]"


class CodingRetraction(AppendOnly):
    """Taking a coding back is a row of its own, so that nothing is lost."""

    may_change = ("by",)

    coding = models.OneToOneField(Coding, on_delete=models.PROTECT, related_name="retraction")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"Retraction of {self.coding_id}"


class NoTopic(AppendOnly):
    """A person read the words and found no topic in them. A coding that is applied later simply wins."""

    may_change = ("by",)

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="no_topic")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"No topic in {self.contribution_id}"


class Campaign(models.Model):
    """Responses that share one text (ANA-3): the identical ones count once, the varied ones each."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=120)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CampaignMember(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="members")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="campaign_member")
    varied = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.receipt_id} in {self.campaign_id}"


class CampaignSearch(models.Model):
    """Looking through one engagement for texts that are nearly the same, in the background."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    total = models.PositiveIntegerField()  # responses there were when it began
    done = models.PositiveIntegerField(default=0)
    read_to = models.PositiveBigIntegerField(default=0)  # the last response that was read
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(finished_at=None), name="one_search_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Search {self.pk}"


class TextMark(models.Model):
    """What likeness.py needs of one response while a search goes on. Gone with its end: nothing about what
    somebody wrote outlives it here."""

    search = models.ForeignKey(CampaignSearch, on_delete=models.CASCADE, related_name="marks")
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="+")
    mark = models.BinaryField(max_length=16)
    sketch = models.BinaryField(max_length=192)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "receipt"], name="one_mark_of_a_response"),
        ]

    def __str__(self) -> str:
        return f"Mark of {self.receipt_id}"


class CampaignSuggestion(models.Model):
    """Responses that a machine found to be nearly the same. It counts for nothing until a person confirms."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        CONFIRMED = "confirmed", _("Confirmed as a campaign")
        DISMISSED = "dismissed", _("Not a campaign")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    identical = models.PositiveIntegerField()
    varied = models.PositiveIntegerField()
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    campaign = models.OneToOneField(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestion"
    )

    class Meta:
        # What waits for somebody, for one engagement or for all.
        indexes = [models.Index(fields=["state", "engagement"], name="suggestion_by_state")]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"


class SuggestedMember(models.Model):
    suggestion = models.ForeignKey(CampaignSuggestion, on_delete=models.CASCADE, related_name="members")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")
    varied = models.BooleanField()
    likeness = models.PositiveSmallIntegerField()  # of a hundred

    class Meta:
        # The variants of one suggestion, the most different first.
        indexes = [models.Index(fields=["suggestion", "varied", "likeness"], name="suggested_by_likeness")]

    def __str__(self) -> str:
        return f"{self.receipt_id} in {self.suggestion_id}"
