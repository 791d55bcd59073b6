"""The form on which editors write a workshop."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from collaborative.changemakers import agendas, stages
from collaborative.changemakers.clock import When
from collaborative.changemakers.seats import page as places
from collaborative.engagements.publication import TermsForm

ASKED = ("capacity", "group_seats", "registration_from", "registration_until", "opens_at")


class SessionForm(TermsForm, WagtailAdminPageForm):
    agenda = forms.ChoiceField(
        choices=agendas.CHOICES,
        required=False,
        label=_("Start from an agenda"),
        help_text=_(
            "Fills in the parts below when there are none, so that they fit the time. Then change them."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._fill_in_parts(cleaned)
        if not self.is_deferred_validation and "stages" in cleaned:
            problem = stages.problem(cleaned["stages"], cleaned.get("opens_at"), cleaned.get("closes_at"))
            if problem:
                self.add_error("stages", problem)
            for gate in places.problems(SimpleNamespace(**{name: cleaned.get(name) for name in ASKED})):
                self.add_error(gate.field, gate.message)
        return cleaned

    def _fill_in_parts(self, cleaned: dict[str, Any]) -> None:
        chosen = cleaned.get("agenda")
        if not chosen or cleaned.get("stages"):
            return
        begins, ends = cleaned.get("opens_at"), cleaned.get("closes_at")
        minutes = When(begins, ends).minutes if begins and ends and begins < ends else None
        field: Any = self.instance._meta.get_field("stages")
        cleaned["stages"] = field.stream_block.to_python(agendas.blocks(chosen, minutes))
        self.errors.pop("stages", None)
