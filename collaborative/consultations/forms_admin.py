"""The form on which editors write a consultation: says at each question why it cannot be published yet."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from collaborative.engagements import gates
from collaborative.engagements.models import Engagement
from collaborative.engagements.publication import Filled, TermsForm


class ConsultationForm(TermsForm, WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation:
            self._refuse_moved(cleaned)
            self._refuse_questions(cleaned)
            self._refuse_feedback(cleaned)
        return cleaned

    def _refuse_moved(self, cleaned: dict[str, Any]) -> None:
        for gate in gates.moved(Filled(self), self._engagement()):
            if gate.field in cleaned:  # else its own validation has spoken already
                self.add_error(gate.field, gate.message)

    def _engagement(self) -> Engagement | None:
        return Engagement.objects.filter(page_id=self.instance.pk).first() if self.instance.pk else None

    def _refuse_questions(self, cleaned: dict[str, Any]) -> None:
        from collaborative.consultations.problems import problems

        if "questions" not in cleaned:
            return  # its own validation has spoken already
        blocks = [child.value for child in cleaned["questions"]]
        found = problems(
            blocks,
            self._engagement(),
            promised=cleaned.get("editions") or [],
            invites_under_18=bool(cleaned.get("invites_under_18")),
        )
        if not found:
            return
        whole = [ValidationError(one.message) for one in found if one.index is None]
        by_block: dict[int, dict[str, ValidationError]] = defaultdict(dict)
        for one in found:
            if one.index is not None:
                by_block[one.index].setdefault(one.field, ValidationError(one.message))
        errors = {index: StructBlockValidationError(fields) for index, fields in by_block.items()}
        self.add_error("questions", StreamBlockValidationError(errors, whole))

    def _refuse_feedback(self, cleaned: dict[str, Any]) -> None:
        """The same list as refuses publication (FBK-1, LUN-2, ANA-2), each beside its field."""
        from collaborative.consultations import feedback

        dated = feedback.dated(cleaned, self.instance.pk)
        for name, message in dated:
            self.add_error(name, message)
        if dated:
            return
        engagement = Engagement.objects.filter(page_id=self.instance.pk).first()
        under_18 = bool(cleaned.get("invites_under_18"))
        for gate in [*feedback.for_young_people(cleaned, under_18), *feedback.counted(cleaned, engagement)]:
            self.add_error(gate.field, gate.message)
