"""Changing what was sent, with the code, for as long as it is open. The code comes by POST, as on the
receipt page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from collaborative import limits
from collaborative.consultations import changing, fields, files, uploads
from collaborative.consultations.changing import Sent
from collaborative.consultations.forms import Cleaned, clean_file, clean_question
from collaborative.consultations.kinds import FILE
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import too_many
from collaborative.flow.receipt_views import as_written, ask_again, find, page, show


def may_change(receipt: Receipt) -> bool:
    """Whether this page has anything to offer: answers to a consultation that is open."""
    return receipt.engagement.kind == Engagement.Kind.CONSULTATION and receipt.engagement.is_open


@csrf_exempt  # until the upload is bounded: the check reads what was posted
@never_cache
@require_POST
def change(request: HttpRequest) -> HttpResponseBase:
    uploads.bound(request)
    return _change(request)


@csrf_protect
def _change(request: HttpRequest) -> HttpResponseBase:
    """All that was sent; then, with `question`, the fields of one; then, with `save`, what becomes of
    them."""
    code = request.POST.get("code", "")
    found = find(code)
    wait = limits.spend(request, "change", receipt=found.pk if found else None)
    if wait:
        return too_many(request, wait=wait)
    if found is None:
        return ask_again(request, code, [])
    if not may_change(found):
        messages.error(request, _("This has closed. You can still take back what you said."))
        return page(request, [code], status=422)
    if found.withdrawn_at is not None:
        messages.error(request, changing.TAKEN_BACK)
        return page(request, [code], status=422)
    said = changing.sent(found)
    wanted = next((one for one in said if one.one.key == request.POST.get("question")), None)
    if wanted is None or wanted.fixed:
        return _list(request, code, found, said)
    if "save" not in request.POST:
        return _form(request, code, found, wanted, fields.kept(wanted.one, wanted.answer))
    return _save(request, code, found, wanted)


def _save(request: HttpRequest, code: str, found: Receipt, wanted: Sent) -> HttpResponseBase:
    one, posted = wanted.one, request.POST
    may_skip = wanted.hidden or not one.required or found.engagement.invites_under_18
    if one.type == FILE:
        if uploads.has_come(request) and (wait := limits.spend(request, "file", receipt=found.pk)):
            return too_many(request, wait=wait)
        cleaned = clean_file(one, posted, request, wanted.answer, may_skip=may_skip)
    else:
        cleaned = clean_question(one, posted, may_skip=may_skip)
    if cleaned.errors:
        return _form(request, code, found, wanted, _typed(wanted, posted, cleaned.errors), cleaned.errors)
    try:
        source = limits.pseudonym(request, "screen")
        changed = _do(found, wanted, cleaned, source)
    except NotPossible as refused:
        errors = [("", str(refused))]
        return _form(request, code, found, wanted, _typed(wanted, posted, []), errors)
    if changed:
        messages.success(request, _("Changed. A person reads new words before anyone else can."))
    else:
        messages.info(request, _("Nothing was changed."))
    return show(request, [code])


def _do(found: Receipt, wanted: Sent, cleaned: Cleaned, source: str) -> bool:
    one = wanted.one
    if one.type != FILE:
        return changing.change(found, one.key, cleaned.keep[one.step], source=source)
    if not cleaned.file and not cleaned.remove:
        return False
    return files.change(found, one, cleaned.file, source=source)


def _typed(wanted: Sent, posted: QueryDict, errors: list[tuple[str, str]]) -> fields.Fields:
    if wanted.one.type == FILE:
        return fields.with_file(wanted.one, wanted.answer, errors)
    return fields.typed(wanted.one, dict(posted.lists()), errors)


def _list(request: HttpRequest, code: str, found: Receipt, said: list[Sent]) -> HttpResponse:
    context = {"code": as_written(code), "receipt": found, "said": said}
    return render(request, "flow/receipt_change.html", context)


def _form(
    request: HttpRequest,
    code: str,
    found: Receipt,
    wanted: Sent,
    shown: fields.Fields,
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {
        "code": as_written(code),
        "receipt": found,
        "wanted": wanted,
        "one": wanted.one,
        "fields": shown,
        "errors": errors or [],
    }
    return render(request, "flow/receipt_change_one.html", context, status=422 if errors else 200)
