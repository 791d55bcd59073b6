"""The people to turn to, and whether what stands there is still right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.moderation import actions
from collaborative.moderation.models import Contact, SafetySettings
from collaborative.moderation.permissions import user_may_check_contacts
from collaborative.staff import actor, only, screen


@only(user_may_check_contacts)
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Every contact with the day on which somebody last made sure of it, those that are due first."""
    days = SafetySettings.now().contact_days
    due = {row.pk for row in Contact.objects.unchecked_for(days)}
    rows = sorted(Contact.objects.select_related("checked_by"), key=lambda row: row.pk not in due)
    return screen(
        request,
        "moderation/contacts.html",
        title=_("People to turn to"),
        icon="user",
        contacts=rows,
        due=due,
        days=days,
    )


@only(user_may_check_contacts)
@require_POST
def contact_checked(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Contact, pk=pk)
    actions.check_contact(row, by=actor(request))
    messages.success(request, _("“%(name)s” is noted as checked today.") % {"name": row.name})
    return redirect("moderation_contacts")
