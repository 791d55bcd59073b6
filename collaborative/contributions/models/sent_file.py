"""A file that somebody gave. Its bytes lie outside the database, under a random name; what people called it
is words, and stands where words stand: in the draft, then in the wording of its contribution."""

from django.db import models
from django.db.models import Q

from collaborative.contributions.models.contribution import Contribution
from collaborative.contributions.models.draft import Draft


class SentFile(models.Model):
    stored = models.CharField(max_length=40, unique=True)  # the name on the disk
    # Nothing holds a draft back, and sending one asks no query for files: a row whose draft has gone is
    # swept up every night (contributions/files.py).
    draft = models.ForeignKey(
        Draft, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="files"
    )
    contribution = models.OneToOneField(
        Contribution, null=True, on_delete=models.PROTECT, related_name="file"
    )
    question = models.CharField(max_length=60)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "question"], name="one_file_of_a_draft_per_question"),
            models.CheckConstraint(
                name="file_begun_or_sent",
                condition=Q(draft=None, contribution__isnull=False)
                | Q(draft__isnull=False, contribution=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.size}"
