"""Answers that are choices. Words are contributions; a choice, a number or a day is not."""

from django.db import models

from collaborative.consultations.models.questions import QuestionWording
from collaborative.contributions.models import Receipt


class ChoiceAnswer(models.Model):
    """What was chosen, as the list of texts that `kinds.py` describes."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="choices")
    wording = models.ForeignKey(QuestionWording, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receipt", "wording"], name="one_choice_per_question")]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.wording_id}"

    @property
    def labels(self) -> list[str]:
        """The choices in the words in which they were offered. Reads the wording and its question."""
        return self.wording.in_words(self.value)
