"""What people fill in to register, and what staff fill in for them."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.changemakers.seats import actions
from collaborative.changemakers.seats.actions import Wish
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand, StakeholderGroup, User

TOO_LONG = _("Please make this shorter.")


def name_field() -> forms.CharField:
    missing = _("Write what we should call you.")
    return forms.CharField(max_length=60, error_messages={"required": missing, "max_length": TOO_LONG})


def needs_field() -> forms.CharField:
    return forms.CharField(max_length=1000, required=False, error_messages={"max_length": TOO_LONG})


class RegisterForm(forms.Form):
    """`wish()` after `is_valid()`. Groups are those that the workshop is for; without any, all of them."""

    key = forms.CharField(max_length=64, required=False)
    age_band = forms.ChoiceField(
        choices=AgeBand.choices,
        error_messages={
            "required": _("Choose your age."),
            "invalid_choice": _("Choose from the ages on this page."),
        },
    )
    by_adult = forms.BooleanField(required=False)
    name = name_field()
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write an e-mail address, such as name@example.org."),
            "max_length": TOO_LONG,
        },
    )
    group = forms.ChoiceField(
        error_messages={
            "required": _("Choose what fits you best."),
            "invalid_choice": _("Choose from the groups on this page."),
        },
    )
    needs = needs_field()

    NO_GROUP = "none"

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement
        self.groups = list(engagement.audiences.all()) or list(StakeholderGroup.objects.all())
        choices = [(group.slug, group.name) for group in self.groups]
        self.fields["group"].choices = [*choices, (self.NO_GROUP, _("None of these"))]  # type: ignore[attr-defined]

    @classmethod
    def known(cls, user: Any) -> dict[str, str]:
        """What an account saves somebody to type."""
        return {"name": user.get_full_name()[:60], "email": user.email} if isinstance(user, User) else {}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        band = data.get("age_band")
        if not band:
            return data
        if problem := actions.why_not(self.engagement, band):
            self.add_error("age_band", problem)
        elif actions.needs_an_adult(band) and not data.get("by_adult"):
            text = _("Under 16, an adult who comes along registers. If that is so, tick this.")
            self.add_error("by_adult", text)
        return data

    def wish(self) -> Wish:
        data = self.cleaned_data
        group = next((one for one in self.groups if one.slug == data["group"]), None)
        return Wish(
            name=data["name"],
            email=data["email"],
            age_band=data["age_band"],
            group=group,
            by_adult=data["by_adult"],
            needs=data.get("needs", ""),
        )

    def fresh_key(self) -> str:
        """The key that stands in the page, so that a retried request registers once."""
        return str(self.data.get("key") or "") or secrets.token_urlsafe(24)


class ChangeForm(forms.Form):
    name = name_field()
    needs = needs_field()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=500,
        label=_("Why"),
        help_text=_("They read it in a letter."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why. They read it."), "max_length": TOO_LONG},
    )


class StaffForm(RegisterForm):
    """The same for somebody who rang or wrote. Wagtail shows the fields, so they have labels."""

    LABELS: ClassVar[dict[str, tuple[Any, Any]]] = {
        "name": (_("What to call them"), _("Under 16: the name of the adult who comes along.")),
        "email": (_("E-mail address"), _("They get a letter with their own link.")),
        "age_band": (_("Age"), ""),
        "by_adult": (
            _("An adult comes along"),
            _("Needed under 16, and where they would rather not say: name and address are the adult’s."),
        ),
        "group": (_("Group"), ""),
        "needs": (_("What they need so that they can take part"), _("Read only by those who run it.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].help_text = str(hint)
        self.fields["needs"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["age_band"].choices = [("", ""), *AgeBand.choices]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", ""), *self.fields["group"].choices]  # type: ignore[attr-defined]
