"""Taking answers out, and asking for and approving the raw ones (P3). All of it is recorded."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import sheets
from collaborative.analysis.permissions import user_may_export
from collaborative.consultations.exports import codebook
from collaborative.consultations.exports.permissions import (
    user_may_ask_for_raw,
    user_may_decide,
    user_may_decide_raw,
    user_may_take_raw,
)
from collaborative.consultations.exports.tables import Tables, extra_of, shapes_of
from collaborative.consultations.models import ChoiceAnswer, Export, RawRequest
from collaborative.consultations.models.exports import RAW_FOR
from collaborative.contributions import ledger
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from collaborative.sheets.books import Beyond, Page, streamed
from collaborative.streaming import comma_parts

NOTED = 5_000  # rows after which the record says how far it came
LARGE = 500_000  # answers, beyond which a workbook may hold more than older programs read


# Downloading ------------------------------------------------------------------------------------


def begin(
    engagement: Engagement, shape: str, file_format: str, *, by: User, raw: RawRequest | None = None
) -> Export:
    """Record that somebody takes answers out, before a byte leaves; then `parts` gives the file.

    Raises PermissionDenied; and Refused for a shape or format that there is none of, or for raw answers that
    nobody approved for this person and this place, or no longer.
    """
    if not user_may_export(by, engagement):
        raise PermissionDenied
    if shape not in dict(shapes_of(engagement)) or file_format not in Export.Format.values:
        raise Refused(_("Choose what the file should hold, and its format."))
    with transaction.atomic():
        if raw is not None:
            raw = RawRequest.objects.select_for_update(of=("self",)).get(pk=raw.pk)
            if raw.engagement_id != engagement.pk or not user_may_take_raw(by, raw):
                raise Refused(_("Nobody has approved this for you, or its time is over."))
        export = Export.objects.create(
            engagement=engagement, by=by, shape=shape, format=file_format, raw=raw, at=timezone.now()
        )
        ledger.record(
            "export.begun",
            f"export:{export.pk}",
            by,
            engagement=engagement.slug,
            shape=shape,
            format=file_format,
            raw=raw.pk if raw else None,
        )
    return export


def parts(export: Export) -> Iterator[bytes]:
    """The file, part by part, as it is read. Memory does not grow with how much there is.

    The record says how many rows have left, now and then, and whether all did. Headings and the codebook are
    made at once, in the language of whoever asks: later it may be another's.
    """
    tables = Tables(export.engagement, raw=export.raw_id is not None)
    book = list(codebook.rows(export, tables))
    explained = Page(_("Codebook"), codebook.head(), book)
    if export.shape == Export.Shape.CODEBOOK:
        found = explained.rows = _counted(export, book)
        return _sent(export, [explained], explained.head, found)
    table = tables.table(export.shape)
    found = _counted(export, table.rows())
    extra = extra_of(export.shape, export.engagement)
    titles = {"responses": _("Responses"), "answers": _("Answers"), "topics": _("Topics")}
    title = str(extra.title) if extra else titles[export.shape]
    return _sent(export, [explained, Page(title, table.head, found)], table.head, found)


def _sent(export: Export, pages: list[Page], head: list[str], rows: Iterator[list[str]]) -> Iterator[bytes]:
    if export.format == Export.Format.CSV:
        found = comma_parts([head], rows)
    else:
        beyond = Beyond(
            _("Long texts"),
            [_("Sheet"), _("Row"), _("Column"), _("Part"), _("Words")],
            " " + _("[goes on: see the sheet “Long texts”]"),
        )
        found = streamed(export.format, pages, beyond, large=_is_large(export))

    def until_the_end() -> Iterator[bytes]:
        yield from found
        _finish(export)

    return until_the_end()


def _counted(export: Export, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    export.rows = 0
    for row in rows:
        export.rows += 1
        if export.rows % NOTED == 0:
            Export.objects.filter(pk=export.pk).update(rows=export.rows)
        yield row


def _finish(export: Export) -> None:
    with transaction.atomic():
        export.finished_at = timezone.now()
        export.save(update_fields=["rows", "finished_at"])
        ledger.record("export.finished", f"export:{export.pk}", export.by, rows=export.rows)


def _is_large(export: Export) -> bool:
    if export.format != sheets.ODS or export.shape == Export.Shape.CODEBOOK:
        return False
    said = Contribution.objects.filter(engagement=export.engagement).count()
    return said + ChoiceAnswer.objects.filter(receipt__engagement=export.engagement).count() > LARGE


# Raw: two people --------------------------------------------------------------------------------


def ask(engagement: Engagement, reason: str, *, by: User) -> RawRequest:
    """Ask to have the raw answers. The request that waits already is given back. Raises Refused."""
    if not (user_may_ask_for_raw(by) and user_may_export(by, engagement)):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("Say what you need them for."))
    waiting = RawRequest.objects.filter(engagement=engagement, by=by, state=RawRequest.State.ASKED)
    try:
        with transaction.atomic():
            request = RawRequest.objects.create(
                engagement=engagement, by=by, reason=reason.strip(), asked_at=timezone.now()
            )
            ledger.record("raw.asked", f"raw:{request.pk}", by, engagement=engagement.slug)
    except IntegrityError:
        request = waiting.get()
    return request


def approve(request: RawRequest, *, by: User, note: str = "", now: datetime | None = None) -> None:
    """Let the one who asked have them, for two days. Raises Refused; nobody approves their own."""
    now = now or timezone.now()
    with transaction.atomic():
        row = _locked(request, by)
        if row.state == RawRequest.State.APPROVED and row.decided_by_id == by.pk:
            return  # pressed twice
        if row.state != RawRequest.State.ASKED:
            raise Refused(_("Somebody else has decided this."))
        if row.by is None or not (row.by.is_active and user_may_ask_for_raw(row.by)):
            raise Refused(_("Whoever asked does not work here any more, or not as an analyst."))
        _decide(row, RawRequest.State.APPROVED, by, note, now)
        row.ends_at = now + RAW_FOR
        row.save()
        ledger.record("raw.approved", f"raw:{row.pk}", by, ends_at=row.ends_at.isoformat())


def refuse(request: RawRequest, *, by: User, note: str, now: datetime | None = None) -> None:
    """Say no; or end an approval before its time. Raises Refused without a reason."""
    if not note.strip():
        raise Refused(_("Say why not: whoever asked reads it."))
    with transaction.atomic():
        row = _locked(request, by)
        if row.state == RawRequest.State.REFUSED:
            return
        _decide(row, RawRequest.State.REFUSED, by, note, now or timezone.now())
        row.ends_at = None
        row.save()
        ledger.record("raw.refused", f"raw:{row.pk}", by)


def _locked(request: RawRequest, by: User) -> RawRequest:
    if not user_may_decide_raw(by):
        raise PermissionDenied
    RawRequest.objects.select_for_update().values_list("pk").get(pk=request.pk)
    row = RawRequest.objects.select_related("by").get(pk=request.pk)
    if not user_may_decide(by, row):
        raise Refused(_("Nobody approves their own. Somebody else has to look at it."))
    return row


def _decide(row: RawRequest, state: str, by: User, note: str, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at, row.note = state, by, now, note.strip()
