"""Files of answers that staff bring: the file itself, what was read from it, and what is wrong with it.

All of it is kept for as long as the work takes: rows go as they come in, the file when that is done.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.models import Engagement


class Import(models.Model):
    """One file for one consultation, and how far it has come."""

    class State(models.TextChoices):
        BROUGHT = "brought", _("Say what is in the columns")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        COMING_IN = "coming-in", _("Coming in")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Cannot be read")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file = models.CharField(max_length=200)  # what it was called
    kind = models.CharField(max_length=4)  # as sheets.kind_of() tells
    size = models.PositiveBigIntegerField()  # bytes
    headings = models.JSONField(default=list)
    headings_hash = models.CharField(max_length=64)  # the same headings are offered the same mapping
    samples = models.JSONField(default=list)  # the first rows, cut short; emptied when it is done
    left_out = models.JSONField(default=list)  # sheets of the workbook that are not read
    # {"columns": {"0": "age", …}, "rest": {"channel": "import", …}}: see imports/columns.py
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BROUGHT)
    good_only = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    read_to = models.PositiveIntegerField(default=0)  # the row up to which it is checked
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    different = models.PositiveIntegerField(default=0)  # of those: with other words now, kept as they were
    done = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)  # why it cannot be read
    # Who works on it, for how long: whoever died over it is replaced by the next.
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.file

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    def has_stopped(self, now: datetime) -> bool:
        """Nobody works on what should be worked on: the worker died, or is not there."""
        return self.is_at_work and (self.claimed_until is None or self.claimed_until < now)

    @property
    def same(self) -> int:
        """How many rows were in already in the same words."""
        return self.already - self.different

    @property
    def waiting(self) -> int:
        """How many rows are still to come in."""
        return max(0, self.good - self.done)


AT_WORK = frozenset({Import.State.CHECKING, Import.State.COMING_IN})
OVER = frozenset({Import.State.DONE, Import.State.CANCELLED, Import.State.FAILED})


class ImportPiece(models.Model):
    """A megabyte of the file. In the database, so that any machine may read it and no address leads to it."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="one_piece_per_number")]

    def __str__(self) -> str:
        return f"{self.of_id}.{self.number}"


class ImportRow(models.Model):
    """A row that may come in, read and checked. It goes when it has come in."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    same = models.CharField(max_length=64)  # equal for rows that say the same, or have the same key
    code_hash = models.CharField(max_length=64)  # under which its response stands, or will
    already = models.BooleanField(default=False)
    data = models.JSONField(default=dict)  # see imports/reading.py

    class Meta:
        constraints = [
            # Also serves "the next that come in".
            models.UniqueConstraint(fields=["of", "number"], name="one_import_row_per_number"),
        ]
        indexes = [
            # "How often was this said further up in the file?"
            models.Index(fields=["of", "same"], name="import_row_by_same"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}.{self.number}"


class ImportProblem(models.Model):
    """What is wrong with one cell, or one row; or (`kept`) that something else is in already in its place."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField(null=True, blank=True)  # from 0; None: the whole row
    message = models.CharField(max_length=500)
    kept = models.BooleanField(default=False)

    class Meta:
        # The list of problems, in the order of the file.
        indexes = [models.Index(fields=["of", "row"], name="import_problem_by_row")]

    def __str__(self) -> str:
        return f"{self.of_id}.{self.row}: {self.message}"
