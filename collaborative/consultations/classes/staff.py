"""The screens on which staff approve a class, or say why not."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.consultations.classes import actions, times
from collaborative.consultations.classes.forms import DecideForm
from collaborative.consultations.classes.permissions import user_may_decide_classes
from collaborative.consultations.models import ClassSession
from collaborative.errors import Refused
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


@only(user_may_decide_classes)
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Every class that was asked for; those that wait first. Contacts stand on the screen of each alone."""
    rows = ClassSession.objects.select_related("engagement").waiting_first()
    shown = paged(request, rows, PER_PAGE)
    for row in shown["page_obj"]:
        row.when = times.window(row)
    return screen(request, "consultations/classes/staff_list.html", title=_("Classes"), icon="group", **shown)


@only(user_may_decide_classes)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ClassSession.objects.select_related("engagement__page", "decided_by"), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(request, row, form):
        return redirect("classes")
    return screen(
        request,
        "consultations/classes/staff_one.html",
        title=row.label,
        icon="group",
        crumbs=[(reverse("classes"), _("Classes"))],
        status=422 if form.errors else 200,
        session=row,
        when=times.window(row),
        form=form,
        waits=row.state == ClassSession.State.ASKED,
        may_stop=row.is_approved and not row.is_over(),
        gaps=actions.why_not(row.engagement, row.youngest),
        has_passed=row.closes_at <= timezone.now(),
    )


def _decided(request: HttpRequest, row: ClassSession, form: forms.Form) -> bool:
    reason, do = form.cleaned_data["reason"], request.POST.get("do")
    try:
        if do == "approve":
            actions.approve(row, by=actor(request), reason=reason)
            messages.success(request, _("Approved. The teacher gets a letter with a private link."))
        elif do == "stop":
            actions.stop(row, by=actor(request), reason=reason)
            text = _("Stopped. The code works no more, and the teacher gets a letter with your reason.")
            messages.success(request, text)
        else:
            actions.refuse(row, by=actor(request), reason=reason)
            messages.success(request, _("Not approved. The teacher gets a letter with your reason."))
    except Refused as refused:
        for message in refused.messages:
            form.add_error("reason" if do != "approve" else None, message)
        return False
    return True
