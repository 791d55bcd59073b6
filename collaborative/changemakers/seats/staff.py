"""The screens on which staff see who comes to a workshop, add somebody, or take somebody off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative import sheets
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.seats import actions, counting, keys
from collaborative.changemakers.seats.forms import ReasonForm, StaffForm
from collaborative.changemakers.seats.models import Registration, Seating
from collaborative.changemakers.seats.permissions import (
    user_may_open_places,
    user_may_read_access_needs,
    user_may_see_places,
    user_may_take_the_door_list,
)
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import StakeholderGroup
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20
MOST_SHOWN = 1000  # of one state: more than any room holds
ICON = "group"


@only(user_may_see_places)
@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    """Every workshop for which people register; the latest first."""
    rows = Seating.objects.select_related("engagement").order_by("-engagement__opens_at", "-pk")
    shown = paged(request, rows, PER_PAGE)
    counts = Registration.objects.counted([row.engagement_id for row in shown["page_obj"]])
    for row in shown["page_obj"]:
        row.when = when_of(row.engagement)
        row.seated = counts.get((row.engagement_id, Registration.State.SEAT), 0)
        row.waits = counts.get((row.engagement_id, Registration.State.WAITING), 0)
    return screen(request, "changemakers/seats/staff_list.html", title=_("Places"), icon=ICON, **shown)


def _seating(request: HttpRequest, pk: int) -> Seating:
    """Of the engagement with that key. Raises Http404, PermissionDenied."""
    rows = Seating.objects.select_related("engagement__page")
    seating = get_object_or_404(rows, engagement=pk)
    if not user_may_open_places(actor(request), seating.engagement):
        raise PermissionDenied
    return seating


def _crumbs(seating: Seating | None = None) -> list[tuple[str, str]]:
    above = [(reverse("places"), _("Places"))]
    if seating is not None:
        above.append((reverse("places_of", args=[seating.engagement_id]), seating.engagement.title))
    return above


@require_safe
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a place, by group; who waits, in turn; who does not come. What they need only for those who run
    the room."""
    seating = _seating(request, pk)
    engagement = seating.engagement
    may_read = user_may_read_access_needs(actor(request), engagement)
    rows = Registration.objects.of(engagement).select_related("group", "cancelled_by")
    if may_read:
        rows = rows.select_related("group", "cancelled_by", "access_need")
    rows = rows.order_by("registered_at", "pk")
    state = Registration.State
    found = {one: list(rows.filter(state=one)[:MOST_SHOWN]) for one in state}
    return screen(
        request,
        "changemakers/seats/staff_one.html",
        title=engagement.title,
        icon=ICON,
        crumbs=_crumbs(),
        seating=seating,
        engagement=engagement,
        when=when_of(engagement),
        seated=found[state.SEAT],
        waiting=found[state.WAITING],
        cancelled=found[state.CANCELLED],
        groups=_groups(seating, found[state.SEAT], found[state.WAITING]),
        left=counting.places(seating).left,
        may_read=may_read,
        may_take_list=user_may_take_the_door_list(actor(request), engagement),
        may_add=actions.may_register(seating, engagement, timezone.now(), actor(request)),
        is_over=engagement.state == Engagement.State.CLOSED,
    )


def _groups(
    seating: Seating, seated: list[Registration], waiting: list[Registration]
) -> list[dict[str, Any]]:
    """{"name", "seated", "waiting", "kept"} of each group that is there or has places kept."""
    found: dict[int, dict[str, Any]] = {}
    kept = {int(pk): n for pk, n in seating.kept.items()}
    wanted = StakeholderGroup.objects.in_bulk(kept)
    for pk, group in wanted.items():
        found[pk] = {"name": group.name, "seated": 0, "waiting": 0, "kept": kept[pk]}
    for name, rows in (("seated", seated), ("waiting", waiting)):
        for row in rows:
            label = row.group.name if row.group else _("None of these")
            start = {"name": label, "seated": 0, "waiting": 0, "kept": 0}
            found.setdefault(row.group_id or 0, start)[name] += 1
    return sorted(found.values(), key=lambda one: one["name"])


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who rang, or wrote a letter."""
    seating = _seating(request, pk)
    engagement = seating.engagement
    form = StaffForm(request.POST or None, engagement=engagement)
    if not user_may_read_access_needs(actor(request), engagement):
        del form.fields["needs"]
    if request.method == "POST" and form.is_valid() and _added(request, engagement, form):
        return redirect("places_of", pk)
    title = _("Add somebody")
    return screen(
        request,
        "changemakers/seats/staff_add.html",
        title=title,
        icon="plus-inverse",
        crumbs=_crumbs(seating),
        status=422 if form.errors else 200,
        form=form,
        key=form.fresh_key(),
    )


def _added(request: HttpRequest, engagement: Engagement, form: StaffForm) -> bool:
    try:
        key = f"staff:{form.fresh_key()}"
        row = actions.register(engagement, form.wish(), key=key, by=actor(request))
    except Refused as refused:
        form.add_error(None, refused.messages[0])
        return False
    if row.key != keys.key_of(key):
        messages.warning(request, _("This address was registered already. Nothing has changed."))
    elif row.is_seated:
        messages.success(request, _("They have a place, and get a letter."))
    else:
        messages.success(request, _("They are on the waiting list, and get a letter."))
    return True


def take_off(request: HttpRequest, pk: int, registration: int) -> HttpResponse:
    """Take somebody off, with a reason that they read."""
    seating = _seating(request, pk)
    rows = Registration.objects.of(seating.engagement).standing().select_related("engagement")
    row = get_object_or_404(rows, pk=registration)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _taken_off(request, row, form):
        return redirect("places_of", pk)
    return screen(
        request,
        "changemakers/seats/staff_off.html",
        title=_("Take %(name)s off the list") % {"name": row.name},
        icon="cross",
        crumbs=_crumbs(seating),
        status=422 if form.errors else 200,
        form=form,
        row=row,
    )


def _taken_off(request: HttpRequest, row: Registration, form: forms.Form) -> bool:
    try:
        actions.take_off(row, by=actor(request), reason=form.cleaned_data["reason"])
    except Refused as refused:
        form.add_error(None, refused.messages[0])
        return False
    messages.success(request, _("Taken off. They get a letter, and whoever waited longest has the place."))
    return True


@require_safe
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for the door: names and groups, nothing else. No address, and nothing about what they need."""
    seating = _seating(request, pk)
    if not user_may_take_the_door_list(actor(request), seating.engagement):
        raise PermissionDenied
    rows = Registration.objects.of(seating.engagement).seated().select_related("group")
    head = [capfirst(_("name")), _("Group"), _("Comes with somebody under 16"), _("Is here")]
    body = [
        [row.name, row.group.name if row.group else "", _("Yes") if row.by_adult else "", ""]
        for row in rows.order_by("name", "pk")
    ]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # the mark is for Excel
    sheets.write_commas(response, [head, *body])  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{seating.engagement.slug}-door.csv"'
    response["Cache-Control"] = "no-store, private"
    return response
