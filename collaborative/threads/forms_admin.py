"""The forms of staff: open a thread, word it, calm it, answer, sum up."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from collaborative.engagements.models import Engagement
from collaborative.threads import anchors
from collaborative.threads.actions.posting import MOST_CHARACTERS

SLOW = [(0, _("As fast as they like")), (30, _("30 seconds")), (120, _("2 minutes")), (600, _("10 minutes"))]
PAUSES = [(0, _("Not paused")), (5, _("5 minutes")), (30, _("30 minutes")), (240, _("4 hours"))]


class WhereForm(forms.Form):
    """First step: for which consultation or workshop, and on which page."""

    engagement = forms.ModelChoiceField(
        queryset=Engagement.objects.none(),
        label=_("Which consultation or workshop is it part of?"),
        help_text=_(
            "What people say is read, sorted and counted with it, and the thread closes when it closes."
        ),
    )
    page = forms.ModelChoiceField(queryset=Page.objects.none(), label=_("On which page?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Engagement.objects.filter(page__live=True)
        now = timezone.now()
        self.fields["engagement"].queryset = (rows.open_at(now) | rows.coming_at(now)).order_by("title")  # type: ignore[attr-defined]
        live = Page.objects.live().public().filter(depth__gt=1)
        self.fields["page"].queryset = live.order_by("title")  # type: ignore[attr-defined]


class OpenForm(forms.Form):
    """Second step: on what of that page, and how it is called."""

    anchor = forms.ChoiceField(label=_("On what?"), choices=[])
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("A question that people can answer in a sentence.")
    )
    intro = forms.CharField(label=_("Introduction"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["anchor"].choices = [  # type: ignore[attr-defined]
            (f"{kind}:{key}", label) for kind, key, label in anchors.choices(page)
        ]

    @property
    def chosen(self) -> tuple[str, str]:
        kind, _colon, key = self.cleaned_data["anchor"].partition(":")
        return kind, key


class WordsForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    intro = forms.CharField(label=_("Introduction"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CalmForm(forms.Form):
    slow = forms.TypedChoiceField(
        label=_("Between two comments of one person"),
        choices=SLOW,
        coerce=int,
        required=False,
    )
    pause = forms.TypedChoiceField(label=_("Pause for everyone"), choices=PAUSES, coerce=int, required=False)


class SummaryForm(forms.Form):
    summary = forms.CharField(
        label=_("What was said here, in short"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Stands above the comments, with your name. Do not quote anyone who did not allow it."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply, for the partnership"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is public at once, with your name and role, and marked as official."),
    )
    key = forms.CharField(widget=forms.HiddenInput())
