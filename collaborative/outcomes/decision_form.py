"""The editor's form of a decision: drafts may have gaps, publication says at each block what is missing."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from collaborative.outcomes.problems import add_to_form


class DecisionPageForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        from collaborative.outcomes import decision_rules  # it reads the models, which name this form

        cleaned = super().clean()
        if not self.is_deferred_validation:
            add_to_form(self, decision_rules.problems(self.instance, cleaned, skip=set(self.errors)))
        return cleaned
