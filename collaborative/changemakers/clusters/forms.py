"""What staff fill in to make an idea of groups of notes. The rules are in `actions`."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.changemakers.boards.models import Cluster
from collaborative.changemakers.models import SessionPage
from collaborative.engagements.models import Engagement
from collaborative.outcomes.actions import Proposed
from collaborative.outcomes.models import Clause, ClauseVersion, Proposal, RecommendationPage
from collaborative.outcomes.wording import number_of, title_of


class Ticks(forms.ModelMultipleChoiceField):
    """Some of a list, each called as `label_of` says."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args: Any, label_of: Any = str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_of = label_of

    def label_from_instance(self, obj: Any) -> str:
        return str(self.label_of(obj))


class IdeaForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        max_length=150, label=_("The idea in one line"), help_text=_("As “What if we…”. Everybody reads it.")
    )
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        label=_("What it is"),
        help_text=_("In your own words. Do not copy what a person wrote."),
    )
    groups = Ticks(
        Cluster.objects.none(),
        label=_("Made from these groups of notes"),
        error_messages={"required": _("Choose at least one group.")},
        label_of=lambda row: row.title,
    )
    who_decides = forms.CharField(max_length=200, label=_("Who decides"))
    answer_by = forms.DateField(
        label=_("Answered by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("If there is no answer by this day, the page says that it is late."),
    )
    clauses = Ticks(Clause.objects.none(), required=False, label=_("Sentences of our plan that it is about"))
    recommendations = Ticks(
        RecommendationPage.objects.none(),
        required=False,
        label=_("Recommendations that it is about"),
        label_of=lambda row: f"{row.number}: {row.title}",
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        rows = Cluster.objects.filter(stage__engagement=engagement)
        fields["groups"].queryset = rows.order_by("stage__number", "column", "rank", "pk")
        names = {
            row.clause_id: _called(row)
            for row in ClauseVersion.objects.newest().exclude(kind=ClauseVersion.Kind.RETIRED)
        }
        fields["clauses"].queryset = Clause.objects.filter(pk__in=names).order_by("kind", "pk")
        fields["clauses"].label_of = lambda row: names[row.pk]
        found = RecommendationPage.objects.live().defer_streamfields().order_by("number")
        fields["recommendations"].queryset = found

    @staticmethod
    def fresh(engagement: Engagement, group: str) -> dict[str, Any]:
        """What a new idea begins with: what its workshop is about, and who decides there, by when."""
        page = SessionPage.objects.filter(pk=engagement.page_id).first()
        numbers = page.recommendations.replace(",", " ").split() if page else []
        refs = page.clauses.upper().replace(",", " ").split() if page else []
        return {
            "key": secrets.token_hex(16),
            "groups": [int(group)] if group.isascii() and group.isdecimal() and len(group) < 18 else [],
            "who_decides": engagement.who_decides,
            "answer_by": engagement.decides_by,
            "clauses": list(Clause.objects.filter(ref__in=refs)),
            "recommendations": list(
                RecommendationPage.objects.live().filter(number__in=[n for n in numbers if n.isdecimal()])
            ),
        }

    @staticmethod
    def standing(proposal: Proposal) -> dict[str, Any]:
        return {
            "title": proposal.title,
            "words": proposal.words,
            "groups": list(proposal.bases.exclude(cluster=None).values_list("cluster", flat=True)),
            "who_decides": proposal.who_decides,
            "answer_by": proposal.answer_by,
            "clauses": list(proposal.clauses.all()),
            "recommendations": list(proposal.recommendations.all()),
        }

    def asked(self) -> Proposed:
        sent = self.cleaned_data
        return Proposed(
            title=sent["title"],
            words=sent["words"],
            who_decides=sent["who_decides"],
            answer_by=sent["answer_by"],
            clauses=list(sent["clauses"]),
            recommendations=list(sent["recommendations"]),
        )


def _called(row: ClauseVersion) -> str:
    number, title = number_of(row.clause.kind, row.clause.ref), title_of(row.clause.kind, row.parts)
    return number if number == title else f"{number}: {title}"
