"""Answers that are choices. Words are contributions; a choice is not."""

from django.db import models

from collaborative.consultations.models.questions import QuestionWording
from collaborative.contributions.models import Receipt


class ChoiceAnswer(models.Model):
    """What was chosen, as a list of option keys: in order for a ranking, one for one choice or a scale."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="choices")
    wording = models.ForeignKey(QuestionWording, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receipt", "wording"], name="one_choice_per_question")]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.wording_id}"

    @property
    def labels(self) -> list[str]:
        """The choices in the words in which they were offered."""
        known = {option["key"]: option["label"] for option in self.wording.options}
        return [known.get(key, key) for key in self.value]
