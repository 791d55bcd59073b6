"""What a teacher fills in to ask for a class, and what staff write when they decide."""

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.consultations.classes import times
from collaborative.consultations.classes.actions import Wish, window_problems
from collaborative.consultations.models import ClassSession
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

LONGEST = timedelta(hours=4)
MOST_PUPILS = 200
TOO_LONG = gettext_lazy("Please make this shorter.")


def line(size: int, missing: Any) -> forms.CharField:
    messages = {"required": missing, "max_length": TOO_LONG}
    return forms.CharField(max_length=size, error_messages=messages)


class AskForm(forms.Form):
    """One class, once. `wish()` after `is_valid()`. Times are of the clock on the wall here."""

    key = forms.CharField(max_length=64, required=False)
    teacher = line(120, gettext_lazy("Write your name."))
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write your e-mail address at work."),
            "invalid": gettext_lazy("Write an e-mail address, such as name@example.org."),
        },
    )
    school = line(120, gettext_lazy("Write the name of your school or club."))
    years = line(60, gettext_lazy("Write which year or years, such as P7."))
    youngest = forms.ChoiceField(
        choices=ClassSession._meta.get_field("youngest").choices,  # type: ignore[arg-type]
        error_messages={
            "required": gettext_lazy("Choose the age of the youngest."),
            "invalid_choice": gettext_lazy("Choose from the ages on this page."),
        },
    )
    pupils = forms.IntegerField(
        min_value=1,
        max_value=MOST_PUPILS,
        error_messages={
            "required": gettext_lazy("Write about how many pupils there are."),
            "invalid": gettext_lazy("Write a number, such as 25."),
            "min_value": gettext_lazy("Write a number, such as 25."),
            "max_value": gettext_lazy("Ask for one class at a time."),
        },
    )
    day = forms.DateField(
        error_messages={
            "required": gettext_lazy("Say on which day."),
            "invalid": gettext_lazy("Write the day like this: 2026-11-24."),
        }
    )
    starts = forms.TimeField(
        error_messages={
            "required": gettext_lazy("Say when it starts."),
            "invalid": gettext_lazy("Write the time like this: 10:15."),
        }
    )
    ends = forms.TimeField(
        error_messages={
            "required": gettext_lazy("Say when it ends."),
            "invalid": gettext_lazy("Write the time like this: 11:00."),
        }
    )
    contact_name = line(120, gettext_lazy("Write who looks after child protection at your school."))
    contact_how = line(200, gettext_lazy("Write the telephone number at which we can reach them."))
    contact_hours = line(200, gettext_lazy("Write when they can be reached."))
    told = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tell families first, let pupils choose, then tick this.")}
    )

    def __init__(self, *args: Any, engagement: Engagement, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.now = engagement, now

    @classmethod
    def known(cls, user: Any) -> dict[str, str]:
        """What an account saves somebody to type."""
        return {"teacher": user.get_full_name(), "email": user.email} if isinstance(user, User) else {}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, starts, ends = (data.get(name) for name in ("day", "starts", "ends"))
        if not (day and starts and ends):
            return data
        for name, at in (("starts", starts), ("ends", ends)):
            if not times.exists(day, at):
                self.add_error(name, _("The clocks go forward on that night, and leave this time out."))
                return data
        opens_at, closes_at = times.local(day, starts), times.local(day, ends)
        if closes_at - opens_at > LONGEST:
            self.add_error("ends", _("A class can take up to 4 hours. Ask again for another one."))
        for message in window_problems(self.engagement, opens_at, closes_at, self.now):
            self.add_error("ends" if closes_at <= opens_at else "day", message)
        return {**data, "opens_at": opens_at, "closes_at": closes_at}

    def wish(self) -> Wish:
        names = Wish.__dataclass_fields__
        return Wish(**{name: self.cleaned_data[name] for name in names})

    def fresh_key(self) -> str:
        """The key that stands in the page, so that a retried request asks once."""
        return str(self.data.get("key") or "") or secrets.token_urlsafe(24)


class DecideForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=gettext_lazy("Your reason, or a note"),
        help_text=gettext_lazy("The teacher reads it. Needed when you say no or stop a class."),
    )
