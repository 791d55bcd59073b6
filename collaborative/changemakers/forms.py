"""The form on which editors write a workshop."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from collaborative.changemakers import stages
from collaborative.engagements.publication import TermsForm


class SessionForm(TermsForm, WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation and "stages" in cleaned:
            problem = stages.problem(cleaned["stages"], cleaned.get("opens_at"), cleaned.get("closes_at"))
            if problem:
                self.add_error("stages", problem)
        return cleaned
