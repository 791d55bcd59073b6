"""The screen on which staff key in what came on paper, by e-mail, by telephone or at an event."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import staff
from collaborative.consultations import fields
from collaborative.consultations.imports import entry
from collaborative.consultations.imports.columns import files_of
from collaborative.consultations.imports.entry import BETWEEN
from collaborative.consultations.imports.permissions import user_may_import, user_may_key_in
from collaborative.consultations.imports.reading import Reader
from collaborative.consultations.journey import NO_GROUP
from collaborative.consultations.models import Import
from collaborative.consultations.questions import Asked
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Channel, Edition, Permission, RespondentKind
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand

ICON = "doc-empty-inverse"
SLIP = "keyed-in"  # in the session: the code to print, until it has been shown
LATEST = 20


def takes_answers(pk: int) -> Engagement:
    """A consultation that has opened, whether or not it has closed since. Raises Http404."""
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, opens_at__lte=timezone.now())
    return get_object_or_404(rows.select_related("page__consultationpage__young_group"), pk=pk)


def crumbs() -> list[staff.Crumb]:
    return [(reverse("imports_home"), _("Paper and files"))]


@staff.only(user_may_key_in)
def home(request: HttpRequest) -> HttpResponse:
    """Where answers can be keyed in, and the files that were brought."""
    now = timezone.now()
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, opens_at__lte=now)
    may_import = user_may_import(request.user)
    files = Import.objects.select_related("engagement", "by").order_by("-pk")[:LATEST] if may_import else []
    return staff.screen(
        request,
        "consultations/staff/home.html",
        title=_("Paper and files"),
        icon=ICON,
        rows=[(row, row.state_at(now)) for row in rows.order_by("-opens_at")],
        files=files,
        may_import=may_import,
    )


@staff.only(user_may_key_in)
def key_in(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions of one edition on one page. Saving leads back to it, for the next."""
    engagement = takes_answers(pk)
    reader = Reader(engagement, [], {"columns": {}, "rest": {}})
    if request.method == "POST":
        return _save(request, reader)
    return _screen(request, reader, request.GET, {}, slip=request.session.pop(SLIP, None))


def _save(request: HttpRequest, reader: Reader) -> HttpResponse:
    found = entry.read(reader, request.POST)
    if not found.errors:
        key = request.POST.get("key", "")[:80] or entry.new_key()
        try:
            receipt, code = entry.keep(reader.engagement, found, key, by=staff.actor(request))
        except NotPossible as error:
            found.errors[""] = str(error)
        else:
            request.session[SLIP] = {"code": code, "things": receipt.contributions.count()}
            stays = {name: request.POST.get(name, "") for name in ("channel", "received", "edition")}
            address = reverse("imports_key_in", args=[reader.engagement.pk])
            return redirect(f"{address}?{urlencode(stays)}")
    return _screen(request, reader, request.POST, found.errors, status=422)


def _screen(
    request: HttpRequest,
    reader: Reader,
    given: QueryDict,
    errors: dict[str, str],
    *,
    slip: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    engagement, edition = reader.engagement, entry.edition_of(reader, given.get("edition", ""))
    return staff.screen(
        request,
        "consultations/staff/key_in.html",
        title=_("Key in an answer"),
        icon=ICON,
        crumbs=crumbs(),
        status=status,
        engagement=engagement,
        given=given,
        errors=errors,
        listed=_listed(errors),
        slip=slip,
        key=given.get("key") or entry.new_key(),
        edition=edition,
        editions=[(one, Edition(one).label) for one in reader.sheet.editions],
        today=timezone.localdate(),
        channels=[(one.value, Channel(one).label) for one in entry.CHANNELS],
        bands=AgeBand.choices,
        kinds=RespondentKind.choices,
        groups=[*((one.slug, one.name) for one in reader.groups), (NO_GROUP, _("None, or not said"))],
        permissions=Permission.choices,
        yes_or_no=[("yes", _("Yes")), ("no", _("No"))],
        files=files_of(reader.sheet),
        questions=[_question(one, given, errors) for one in reader.asked(edition)],
    )


def _listed(errors: dict[str, str]) -> list[tuple[str, str]]:
    """(id of the field, message), for the list at the top."""
    return [(name.replace(BETWEEN, "-"), message) for name, message in errors.items()]


def _question(one: Asked, given: QueryDict, errors: dict[str, str]) -> dict[str, Any]:
    """A question with what was keyed in so far."""
    start = f"{one.key}{BETWEEN}"
    wrong = [(name.removeprefix(start), text) for name, text in errors.items() if name.startswith(start)]
    found = fields.typed(one, entry.part_of(given, one), wrong)
    return {"one": one, "fields": found, "id": f"{one.key}-", "name": start}
