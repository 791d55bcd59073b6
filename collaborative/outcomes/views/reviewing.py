"""The screens on which somebody looks again at answers of whose evidence something moved."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from collaborative.analysis.evidence import Kind
from collaborative.errors import Refused
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.letters import who_looks_after
from collaborative.outcomes.models import Disposition, Review
from collaborative.outcomes.permissions import user_may_review
from collaborative.staff import actor, only, paged, screen

ICON = "view"
PER_PAGE = 20


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=lazy("What you found"), choices=Review.Verdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("People read this under the answer, with the day."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=reviews.LONGEST_REASON,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> reviews.Moves:
        """What the screen said had moved; nothing where that was tampered with."""
        try:
            found = json.loads(self.cleaned_data["seen"])
        except ValueError:
            found = []
        return found if isinstance(found, list) else []


def in_words(moves: reviews.Moves) -> list[tuple[str, int]]:
    """Each kind that moved, by its label, and how many."""
    return [(str(Kind(kind).label), n) for kind, n in moves]


@only(user_may_review)
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Answers to look at again, the longest waiting first."""
    shown = paged(request, reviews.waiting(), PER_PAGE)
    for row in shown["page_obj"]:
        row.moved = in_words(row.suspicion.moves)
    return screen(
        request, "outcomes/admin/reviews.html", title=_("Does our answer still hold?"), icon=ICON, **shown
    )


@only(user_may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what was answered, what moved, and what somebody says about it."""
    rows = Disposition.objects.current().select_related("theme", "theme_version", "decision__owner")
    row = get_object_or_404(rows.select_related("decision__live_revision__user"), pk=pk)
    suspicion = getattr(row, "suspicion", None)
    moves = suspicion.moves if suspicion else []
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"seen": json.dumps(moves)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reviews.review(row, given["verdict"], given["reason"], by=actor(request), seen=given["seen"])
        except Refused as refused:
            form.add_error(None, refused.messages[0])
        else:
            messages.success(request, _("Saved. It stands under the answer, on the page of the decision."))
            return redirect("decision_reviews")
    context: dict[str, Any] = {
        "row": row,
        "suspicion": suspicion,
        "moved": in_words(moves),
        "earlier": row.reviews.select_related("by").order_by("-number"),
        "owner": who_looks_after(row.decision),
        "form": form,
    }
    title = _("Decision %(number)s: %(topic)s") % {"number": row.decision.number, "topic": row.theme.name}
    above = [(reverse("decision_reviews"), _("Does our answer still hold?"))]
    status = 422 if form.errors else 200
    return screen(
        request, "outcomes/admin/review.html", title=title, icon=ICON, crumbs=above, status=status, **context
    )
