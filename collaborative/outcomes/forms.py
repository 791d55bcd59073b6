"""What people fill in: the page of the plan, and two versions to compare."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm

from collaborative.outcomes.problems import add_to_form


class ModelPageForm(WagtailAdminPageForm):
    """Drafts and autosave always save. Publishing and sending to the board need what is missing first."""

    def clean(self) -> dict[str, Any]:
        from collaborative.outcomes.next_version import propose  # it reads the models, which name this form

        cleaned = super().clean()
        # A field whose blocks are wrong in themselves is missing here and shows its own messages.
        if self.is_deferred_validation or "body" not in cleaned or "retired" not in cleaned:
            return cleaned
        summary = cleaned.get("version_summary") or ""
        add_to_form(self, propose(cleaned["body"], cleaned["retired"], summary).problems)
        return cleaned


class DayForm(forms.Form):
    """A day of which somebody wants to know what the plan said."""

    on = forms.DateField(
        label=_("Choose a day"),
        error_messages={
            "required": _("Choose a day, like 7 May 2026."),
            "invalid": _("This is not a day that we can read. Choose one, like 7 May 2026."),
        },
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"],
    )

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > localdate():
            raise forms.ValidationError(_("This day has not come yet. Choose today or a day before it."))
        return day


class CompareForm(forms.Form):
    """Two versions out of those that there are. `versions` are their numbers and names."""

    a = forms.TypedChoiceField(label=_("From"), coerce=int)
    b = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, versions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].choices = versions  # type: ignore[attr-defined]
