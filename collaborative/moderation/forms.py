"""What moderators, safeguarding leads and the public fill in. The rules themselves are in `actions`."""

import secrets
from typing import Any

from django import forms
from django.db.models import Min, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from collaborative import codes
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import CaseNote, Flag, HouseRule, Report
from collaborative.people.models import HANDLED_AS_UNDER_16


class QueueFilter(forms.Form):
    """Which part of the queue somebody works through. An unknown value shows the whole queue."""

    engagement = forms.ModelChoiceField(
        Engagement.objects.none(),
        to_field_name="slug",
        required=False,
        label=_("Given to"),
        empty_label=_("Everything"),
    )
    noticed = forms.ChoiceField(
        choices=[("", _("Anything")), *Flag.choices], required=False, label=_("What was noticed")
    )
    question = forms.ChoiceField(required=False, label=_("Question"))
    young = forms.BooleanField(required=False, label=_("Only what is handled as under 16"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = Contribution.objects.filter(state=State.HELD).values("engagement")
        self.fields["engagement"].queryset = Engagement.objects.filter(pk__in=waiting).order_by("title")  # type: ignore[attr-defined]
        self.fields["question"].choices = [("", _("All questions")), *self._questions()]  # type: ignore[attr-defined]

    def _questions(self) -> list[tuple[str, str]]:
        """What waits under which question, once it is chosen where. One query then."""
        where = str(self.data.get("engagement") or "")
        if not where:
            return []
        held = Contribution.objects.filter(engagement__slug=where, state=State.HELD)
        asked = held.exclude(kind=Contribution.Kind.COMMENT).order_by("prompt_key").values_list("prompt_key")
        return [(key, prompt.partition("\n")[0][:80]) for key, prompt in asked.annotate(p=Min("prompt"))]

    def rows(self) -> QuerySet[Contribution]:
        """What waits: what presses most, then the oldest (MOD-3), narrowed to what was chosen."""
        self.is_valid()
        rows = Contribution.objects.held().select_related("engagement", "file")
        if self.cleaned_data.get("engagement"):
            rows = rows.filter(engagement=self.cleaned_data["engagement"])
        if self.cleaned_data.get("noticed"):
            rows = rows.filter(flags__flag=self.cleaned_data["noticed"])
        if self.cleaned_data.get("question"):
            rows = rows.filter(prompt_key=self.cleaned_data["question"])
        if self.cleaned_data.get("young"):
            rows = rows.filter(age_band__in=HANDLED_AS_UNDER_16)
        return rows

    def query(self) -> str:
        """The choice as a query string, for links that keep it; empty when nothing was chosen."""
        self.is_valid()
        chosen = []
        if self.cleaned_data.get("engagement"):
            chosen.append(f"engagement={self.cleaned_data['engagement'].slug}")
        if self.cleaned_data.get("noticed"):
            chosen.append(f"noticed={self.cleaned_data['noticed']}")
        if self.cleaned_data.get("question"):
            chosen.append(urlencode({"question": self.cleaned_data["question"]}))
        if self.cleaned_data.get("young"):
            chosen.append("young=on")
        return "?" + "&".join(chosen) if chosen else ""


class RedactForm(forms.Form):
    text = forms.CharField(
        label=_("The new words"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Put [removed] in place of each passage that has to go. Change nothing else."),
    )
    reason = forms.CharField(
        label=_("Why words were removed"),
        max_length=300,
        help_text=_("Kept in the record. Do not repeat the words."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TranscriptForm(forms.Form):
    transcript = forms.CharField(
        label=_("What is signed, in words"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Word for word as far as it goes. Add nothing and explain nothing."),
        error_messages={"required": _("Write down what is signed.")},
    )


class RefuseForm(forms.Form):
    rule = forms.ModelChoiceField(
        HouseRule.objects.all(),
        label=_("Which house rule?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the house rule that it breaks.")},
    )


class WithholdForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is kept off the page"),
        max_length=300,
        help_text=_("Kept in the record. Do not repeat the words."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why it is kept off the page.")},
    )


class TogetherForm(forms.Form):
    """What is done with all that were ticked."""

    outcome = forms.ChoiceField(choices=[("release", ""), ("refuse", ""), ("withhold", "")])
    reason = forms.CharField(required=False, max_length=300, label=_("Why they are kept off the page"))
    rule = forms.ModelChoiceField(
        HouseRule.objects.all(), required=False, label=_("House rule"), empty_label=_("Choose a house rule")
    )

    def problem(self) -> str:
        """What is missing, in words; "" when nothing is."""
        if not self.is_valid():
            return str(_("Choose what to do with those you ticked."))
        if self.cleaned_data["outcome"] == "refuse" and self.cleaned_data["rule"] is None:
            return str(_("Choose the house rule that they break."))
        if self.cleaned_data["outcome"] == "withhold" and not self.cleaned_data["reason"]:
            return str(_("Say why they are kept off the page."))
        return ""


class HandOverForm(forms.Form):
    text = forms.CharField(
        label=_("A note for whoever is on duty next"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Every moderator reads it. Do not repeat what people wrote, and name nobody."),
        error_messages={"required": _("Write something first.")},
    )


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in CaseNote.BY_HAND],
        initial=CaseNote.Kind.NOTE,
        required=False,
        label=_("What kind of note"),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was done"),
        help_text=_("Whom you spoke to, when, what was agreed, and what comes next. It cannot be changed."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what was done.")},
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or CaseNote.Kind.NOTE


class CloseForm(forms.Form):
    outcome = forms.CharField(
        label=_("How it ended"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how it ended.")},
    )
    back_to_queue = forms.BooleanField(
        required=False,
        label=_("It was nobody’s safety: send it back to be dealt with like others"),
        help_text=_("Leave this out, and only those named for this case ever see it."),
    )


class ReopenForm(forms.Form):
    why = forms.CharField(
        label=_("Why it is opened again"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is opened again.")},
    )


class ReportForm(forms.Form):
    """Tell us something is wrong: two things are asked, nothing is asked about the person (UNC-3)."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    what = forms.Field(required=False)  # the reference of what somebody wrote (SAF-3)
    about = forms.ChoiceField(
        choices=Report.About.choices, error_messages={"required": _("Choose what it is about.")}
    )
    message = forms.CharField(
        max_length=5000,
        error_messages={
            "required": _("Tell us what is wrong."),
            "max_length": _("Please use 5,000 characters or fewer."),
        },
    )
    page = forms.CharField(max_length=300, required=False)
    reply_to = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": _("Please use 200 characters or fewer.")},
    )

    def choices(self) -> list[tuple[str, Any]]:
        """What it may be about: what somebody wrote, only where it is about that."""
        words = bool(self.reference())
        return [one for one in Report.About.choices if words or one[0] != Report.About.WORDS]

    def reference(self) -> str:
        """Of what somebody wrote; "" where what was sent does not look like one."""
        return codes.as_reference(str(self["what"].value() or ""))

    def fresh_key(self) -> str:
        """The key that stands in the page, so that a retried request makes one report."""
        return str(self.data.get("key") or "") or secrets.token_urlsafe(24)
