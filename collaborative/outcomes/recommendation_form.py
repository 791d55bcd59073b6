"""The editor's form of a recommendation: drafts may have gaps, publication says what is missing (REC-2)."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from collaborative.outcomes.problems import add_to_form


class RecommendationPageForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        from collaborative.outcomes import recommendation_rules  # it reads the models, which name this form

        cleaned = super().clean()
        if not self.is_deferred_validation:
            found = recommendation_rules.problems(self.instance, cleaned)
            add_to_form(self, [problem for problem in found if problem.field not in self.errors])
        return cleaned
