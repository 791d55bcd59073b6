"""What analysts fill in. The rules themselves are in `actions`."""

import secrets
from typing import Any

from django import forms
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from collaborative.analysis.models import Coding, NoTopic, Stance, Theme
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.people.models import StakeholderGroup


class SortFilter(forms.Form):
    """Which part of what people said somebody works through. An unknown value narrows nothing."""

    engagement = forms.ModelChoiceField(
        Engagement.objects.none(),
        to_field_name="slug",
        required=False,
        label=_("Given to"),
        empty_label=_("Everything"),
    )
    question = forms.ChoiceField(required=False, label=_("Question"))
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.all(),
        to_field_name="slug",
        required=False,
        label=_("Group"),
        empty_label=_("Every group"),
    )
    unsorted = forms.BooleanField(required=False, label=_("Only what is not sorted yet"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Contribution.objects.analysable()
        self.fields["engagement"].queryset = Engagement.objects.filter(  # type: ignore[attr-defined]
            pk__in=there.values("engagement")
        ).order_by("title")
        chosen = str(self.data.get("engagement") or "")
        questions = (
            there.filter(engagement__slug=chosen)
            .values("prompt_key")
            .annotate(asked=Min("prompt"))
            .order_by("prompt_key")
            if chosen
            else []
        )
        self.fields["question"].choices = [  # type: ignore[attr-defined]
            ("", _("Every question")),
            *((row["prompt_key"], f"{row['prompt_key']}: {row['asked']}") for row in questions),
        ]
        self.is_valid()

    def rows(self) -> QuerySet[Contribution]:
        """What may be sorted, in the order in which it came, narrowed to what was chosen."""
        live = Coding.objects.live().filter(wording__contribution=OuterRef("pk"))
        read = NoTopic.objects.filter(contribution=OuterRef("pk"))
        rows = Contribution.objects.analysable().annotate(is_sorted=Exists(live) | Exists(read))
        chosen = self.cleaned_data
        if chosen.get("engagement"):
            rows = rows.filter(engagement=chosen["engagement"])
        if chosen.get("question"):
            rows = rows.filter(prompt_key=chosen["question"])
        if chosen.get("group"):
            rows = rows.filter(group=chosen["group"])
        if chosen.get("unsorted"):
            rows = rows.filter(is_sorted=False)
        return rows.order_by("pk")

    def query(self) -> str:
        """The choice as a query string with its question mark, for links that keep it; empty when none."""
        chosen = self.cleaned_data
        parts = {name: chosen[name].slug for name in ("engagement", "group") if chosen.get(name)}
        if chosen.get("question"):
            parts["question"] = chosen["question"]
        if chosen.get("unsorted"):
            parts["unsorted"] = "on"
        return "?" + urlencode(parts) if parts else ""


class PassageForm(forms.Form):
    """Words and their topic. The browser sends `start` and `end` (code points), or the numbers of words."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    wording = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    first = forms.IntegerField(required=False, min_value=1, label=_("From word"))
    last = forms.IntegerField(required=False, min_value=1, label=_("to word"))
    theme = forms.ModelChoiceField(
        Theme.objects.filter(retired=False),
        to_field_name="code",
        label=_("Topic"),
        error_messages={"required": _("Choose a topic.")},
    )
    stance = forms.ChoiceField(
        choices=Stance.choices, initial=Stance.NONE, label=_("Are these words for it or against it?")
    )

    @staticmethod
    def fresh_token() -> str:
        return secrets.token_urlsafe(24)

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if words.get("start") is None or words.get("end") is None:
            first, last = words.get("first"), words.get("last")
            if not first and not last and "first" not in self.errors and "last" not in self.errors:
                self.add_error("first", _("Choose some words first."))
            words["first"], words["last"] = first or last, last or first
        return words


class ThemeForm(forms.Form):
    """Every part is asked for: without them two people would not sort alike (ANA-4)."""

    code = forms.SlugField(
        max_length=12, label=_("Code"), help_text=_("Short and for good, such as T13. It never changes.")
    )
    label = forms.CharField(max_length=100, label=_("Name"))
    definition = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("What it is about"))
    includes = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), label=_("What belongs in it"))
    excludes = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What does not belong in it"),
        help_text=_("And which topic to use in its place."),
    )
    example = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("An example"),
        help_text=_("Made up. Do not copy what a person wrote."),
    )

    def __init__(self, *args: Any, existing: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.existing = existing
        if existing is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Theme.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("A topic has this code already."))
        return code

    def clean_label(self) -> str:
        label = str(self.cleaned_data["label"])
        others = Theme.objects.filter(name__iexact=label)
        if self.existing is not None:
            others = others.exclude(pk=self.existing.pk)
        if others.exists():
            raise forms.ValidationError(_("A topic has this name already."))
        return label
