"""The form on which editors write a workshop."""

from types import SimpleNamespace
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from collaborative.changemakers import stages
from collaborative.changemakers.seats import page as places
from collaborative.engagements.publication import TermsForm

ASKED = ("capacity", "group_seats", "registration_from", "registration_until", "opens_at")


class SessionForm(TermsForm, WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation and "stages" in cleaned:
            problem = stages.problem(cleaned["stages"], cleaned.get("opens_at"), cleaned.get("closes_at"))
            if problem:
                self.add_error("stages", problem)
            for gate in places.problems(SimpleNamespace(**{name: cleaned.get(name) for name in ASKED})):
                self.add_error(gate.field, gate.message)
        return cleaned
