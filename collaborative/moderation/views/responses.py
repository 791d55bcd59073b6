"""A whole response on one page (RIF-6): read, then published, kept off the page or refused at one press."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.moderation import redaction
from collaborative.moderation.forms import QueueFilter, TogetherForm
from collaborative.moderation.models import Batch, Claim
from collaborative.moderation.permissions import user_may_check
from collaborative.moderation.views.queue import _to_undo, desk_of, shown
from collaborative.staff import actor, only, screen

READ = (State.HELD, State.RELEASED, State.REFUSED)


def words_of(receipt: int) -> Any:
    """What moderators may read of a response: never what was passed on or taken back, and no comment, which
    stands in a conversation of its own."""
    rows = Contribution.objects.filter(receipt=receipt, state__in=READ)
    return rows.exclude(kind=Contribution.Kind.COMMENT)


@only(user_may_check)
@require_safe
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of one response in the order it was asked; what waits is ticked already."""
    now = timezone.now()
    rows = words_of(pk).select_related("engagement", "file").with_newest_text().prefetch_related("flags")
    here = list(rows.order_by("pk"))
    if not here:
        messages.warning(request, _("There is nothing to read here any more."))
        return redirect("moderation_queue")
    wanted = QueueFilter(request.GET)
    place = here[0].engagement
    claims = {one.pk: one for one in Claim.objects.standing(now).filter(pk__in=here).select_related("by")}
    batch: Batch | None = _to_undo(actor(request), now)
    onward = _address(_others(place.pk, waiting=True).filter(pk__gt=pk).order_by("pk").first())
    return screen(
        request,
        "moderation/response.html",
        title=_("Response %(reference)s") % {"reference": here[0].reference},
        icon="clipboard-list",
        crumbs=[(reverse("moderation_queue") + f"?engagement={place.slug}", _("Waiting to be checked"))],
        things=[shown(row, now, claims.get(row.pk), request.user) for row in here],
        waits=any(row.state == State.HELD for row in here),
        onward=onward,
        before=_address(_others(place.pk).filter(pk__lt=pk).order_by("-pk").first()),
        after=_address(_others(place.pk).filter(pk__gt=pk).order_by("pk").first()),
        next=onward or request.get_full_path(),
        left=_others(place.pk, waiting=True).count(),
        together=TogetherForm(),
        filter=wanted,
        batch=batch,
        removed=redaction.REMOVED,
        desk=desk_of(request.user),
    )


def _others(engagement: int, *, waiting: bool = False) -> Any:
    """Responses of one consultation or workshop of which there is something to read, or to decide."""
    states = [State.HELD] if waiting else READ
    words = words_of(OuterRef("pk")).filter(state__in=states)  # type: ignore[arg-type]
    return Receipt.objects.filter(Exists(words), engagement=engagement)


def _address(receipt: Receipt | None) -> str:
    return reverse("moderation_response", args=[receipt.pk]) if receipt is not None else ""
