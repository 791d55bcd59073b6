"""The form on which a facilitator writes a workshop up: a few fields, and for each part what they add."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.changemakers.writeup.actions import (
    LEAST_DAYS,
    MOST_CHARACTERS,
    MOST_DAYS,
    USUAL_DAYS,
    Written,
)
from collaborative.changemakers.writeup.correcting import LONGEST_REASON
from collaborative.changemakers.writeup.drafting import Content, said_in
from collaborative.changemakers.writeup.models import Correction, WriteUp


class WriteUpForm(forms.Form):
    """`content` is all that could stand in it: what may be left out is chosen from it."""

    introduction = forms.CharField(
        label=_("What came of it"),
        help_text=_("A few sentences, in your own words. What people said stands below by itself."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=MOST_CHARACTERS,
        required=False,
    )
    done = forms.CharField(
        label=_("How people worked"),
        help_text=_("As: notes in silence and without names, then put together, then a vote."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST_CHARACTERS,
        required=False,
    )
    reached = forms.CharField(
        label=_("How people heard of it"),
        help_text=_("Who was asked, how, and who was not reached."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST_CHARACTERS,
        required=False,
    )

    def __init__(self, data: Any, *, write_up: WriteUp, content: Content) -> None:
        kept = write_up.parts
        super().__init__(
            data,
            initial={
                "introduction": write_up.introduction,
                "done": write_up.done,
                "reached": write_up.reached,
                **{
                    f"words-{part['key']}": kept.get(part["key"], {}).get("words", "")
                    for part in content["parts"]
                },
            },
        )
        self.keys = [part["key"] for part in content["parts"]]
        self.of_part = {part["key"]: set(said_in({**content, "parts": [part]})) for part in content["parts"]}
        for part in content["parts"]:
            self.fields[f"words-{part['key']}"] = forms.CharField(
                label=_("What you add to “%(title)s”") % {"title": part["title"]},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=MOST_CHARACTERS,
                required=False,
            )
        if data is not None:
            self.left_out = {
                int(one) for one in data.getlist("left_out") if one.isascii() and one.isdecimal()
            }
        else:
            self.left_out = {pk for part in kept.values() for pk in part.get("left_out", [])}

    def words_field(self, key: str) -> forms.BoundField:
        return self[f"words-{key}"]

    def written(self) -> Written:
        given = self.cleaned_data
        return Written(
            introduction=given["introduction"],
            done=given["done"],
            reached=given["reached"],
            words={key: given[f"words-{key}"] for key in self.keys},
            left_out={key: sorted(self.of_part[key] & self.left_out) for key in self.keys},
        )


class ShareForm(forms.Form):
    days = forms.IntegerField(
        label=_("How many days they have"), min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=USUAL_DAYS
    )


class PublishForm(forms.Form):
    changes = forms.CharField(
        label=_("What is different from the one before"), max_length=300, required=False
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("What became of it"), choices=Correction.Answer.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The person who wrote to you reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
    )
