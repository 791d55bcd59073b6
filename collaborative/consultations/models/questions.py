"""Questions as they were asked: own tables, since republishing a page remakes its inline children."""

from django.db import models

from collaborative.consultations.kinds import in_words
from collaborative.contributions.models import Edition
from collaborative.engagements.models import Engagement


class Question(models.Model):
    """One question of one consultation; `key` joins its editions (LNG-3)."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="questions")
    key = models.SlugField(max_length=40)
    order = models.PositiveIntegerField()
    type = models.CharField(max_length=8)
    required = models.BooleanField(default=False)
    max_choices = models.PositiveIntegerField(null=True, blank=True)
    least = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    most = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    decimals = models.BooleanField(default=False)
    file_types = models.JSONField(default=list)  # of a file: which may be sent (filetypes.py)
    file_megabytes = models.PositiveSmallIntegerField(null=True, blank=True)
    ask_why = models.BooleanField(default=False)
    # [{"question": key of an earlier one, "any_of": [keys of its choices]}]: asked only if all of them hold
    ask_if = models.JSONField(default=list)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["engagement", "key"], name="one_question_per_key")]

    def __str__(self) -> str:
        return self.key


class QuestionWording(models.Model):
    """How a question was put, in one edition, from a date on. Answers keep the wording they were given to."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="wordings")
    edition = models.CharField(max_length=10, choices=Edition.choices)
    number = models.PositiveIntegerField()
    text = models.TextField()
    help = models.TextField(blank=True)
    facts = models.TextField(blank=True)  # more to read, folded away
    why_label = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=list)  # [{"key": "p7", "label": "…"}]
    rows = models.JSONField(default=list)  # the lines of a table, in the same shape
    unit = models.CharField(max_length=40, blank=True)
    video = models.URLField(max_length=500, blank=True)  # the question in British Sign Language (LNG-1)
    from_date = models.DateTimeField()
    # Of an edition: the number of the standard wording that it says in other words (see editions.py)
    fits = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "edition", "number"], name="one_wording_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.edition} {self.number}"

    def in_words(self, chosen: list[str]) -> list[str]:
        """What was chosen in the words in which it was offered."""
        options, rows = ({one["key"]: one["label"] for one in given} for given in (self.options, self.rows))
        return in_words(self.question.type, chosen, options, rows, self.unit)
