"""The screen on which staff move the closing of a consultation that has opened, and say why."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.consultations.closing import LONGEST_REASON, move_closing, problems
from collaborative.consultations.listing import closing_told, moment
from collaborative.consultations.permissions import user_may_move_closing
from collaborative.engagements import clock
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.staff import actor, only, screen


class MoveForm(forms.Form):
    """A day and a time by the clock on the wall here, and why. `cleaned_data["to"]` is the moment."""

    day = forms.DateField(
        label=gettext_lazy("New closing day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Say on which day."),
            "invalid": gettext_lazy("Write the day like this: 2026-11-24."),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("UK time, summer time included."),
        error_messages={
            "required": gettext_lazy("Say at what time."),
            "invalid": gettext_lazy("Write the time like this: 17:00."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Everyone reads it on the page of this consultation, for good."),
        error_messages={"required": gettext_lazy("Say why: people will read it.")},
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("day") and data.get("time")):
            return data
        typed = datetime.combine(data["day"], data["time"])
        if wrong := clock.problem(typed):
            self.add_error("time", wrong)
            return data
        data["to"] = clock.moment(typed)
        for name, message in problems(self.engagement, data["to"], data.get("reason", "-"), timezone.now()):
            self.add_error(name, message)
        return data


@only(user_may_move_closing)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION).select_related("page")
    engagement = get_object_or_404(rows, pk=pk)
    closes = timezone.localtime(engagement.closes_at) if engagement.closes_at else None
    initial = {"day": closes.date(), "time": closes.time()} if closes else {}
    form = MoveForm(request.POST or None, engagement=engagement, initial=initial)
    edit = reverse("wagtailadmin_pages:edit", args=[engagement.page_id])
    if request.method == "POST" and form.is_valid():
        try:
            move_closing(engagement, form.cleaned_data["to"], form.cleaned_data["reason"], by=actor(request))
        except Refused as refused:
            for message in refused.messages:
                form.add_error(None, message)
        else:
            text = _("It now closes on %(when)s. The page says so, with your reason.")
            messages.success(request, text % {"when": moment(engagement.closes_at)})
            return redirect(edit)
    return screen(
        request,
        "consultations/staff/closing.html",
        title=_("Move the closing"),
        icon="calendar-alt",
        crumbs=[(edit, engagement.title)],
        status=422 if form.errors else 200,
        engagement=engagement,
        form=form,
        closes=moment(engagement.closes_at),
        is_closed=engagement.state == Engagement.State.CLOSED,
        is_coming=engagement.state == Engagement.State.COMING,
        moves=_moves(engagement),
    )


def _moves(engagement: Engagement) -> list[dict[str, str]]:
    """What everyone reads, with who did it."""
    who = [str(one.by or "") for one in engagement.closing_moves.select_related("by")]  # type: ignore[attr-defined]
    return [{**told, "who": name} for told, name in zip(closing_told(engagement), who, strict=True)]
