"""Questions as they were asked: own tables, since republishing a page remakes its inline children."""

from django.db import models

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
    ask_why = models.BooleanField(default=False)
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
    why_label = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=list)  # [{"key": "p7", "label": "…"}]
    from_date = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "edition", "number"], name="one_wording_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.edition} {self.number}"
