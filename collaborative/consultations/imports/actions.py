"""What can happen to a file of answers: it is brought, its columns are told, it comes in or is cancelled.

Nothing comes in before every row was read. "All or nothing" is decided then: while one row has a problem,
nothing comes in. Once it has begun it is carried through, whoever is killed over it; nobody is in by half.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import sheets
from collaborative.consultations.imports import columns, files, work
from collaborative.consultations.imports.permissions import user_may_import
from collaborative.consultations.models import Import
from collaborative.consultations.models.imports import OVER
from collaborative.consultations.questions import Sheet
from collaborative.contributions import ledger
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User

MOST_BYTES = 40 * 1024 * 1024


def bring(engagement: Engagement, path: Path, name: str, *, by: User) -> Import:
    """Keep a file and read its headings. Raises Refused when it cannot be read. Nothing comes in yet."""
    _check(by)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)s MB. Cut it in two.") % {"most": MOST_BYTES >> 20})
    try:
        kind = sheets.kind_of(path)
        headings, samples = files.start_of(path, kind)
        left_out = sheets.left_out(path, kind)
    except sheets.Unreadable as error:
        raise Refused(str(error) or _("The file is empty.")) from error
    if not samples:
        raise Refused(_("There is nothing below the headings."))
    now = timezone.now()
    with transaction.atomic():
        one = Import.objects.create(
            engagement=engagement,
            by=by,
            file=name[:200],
            kind=kind,
            size=size,
            headings=headings,
            headings_hash=columns.hash_of(headings),
            samples=samples,
            left_out=left_out,
            created_at=now,
            changed_at=now,
        )
        files.keep(one, path)
        ledger.record("import.brought", f"import:{one.pk}", by, engagement=engagement.slug, bytes=size)
    return one


def offered(one: Import) -> columns.Mapping:
    """The mapping to begin with: its own, that of the last file with these headings, or what they suggest."""
    if one.mapping:
        return one.mapping
    before = Import.objects.filter(engagement=one.engagement_id, headings_hash=one.headings_hash)
    last = before.exclude(mapping={}).order_by("-pk").first()
    return last.mapping if last else columns.guess(Sheet(one.engagement), one.headings)


def tell_columns(one: Import, mapping: columns.Mapping, *, by: User) -> None:
    """Say what is in the columns, and have every row read: a dry run. Raises Refused."""
    _check(by)
    wrong = columns.problems(Sheet(one.engagement), one.headings, mapping)
    if wrong:
        raise Refused([message for _place, message in wrong])
    with transaction.atomic():
        row = _locked(one)
        if row.state not in {Import.State.BROUGHT, Import.State.CHECKED}:
            raise Refused(_("This file is being worked on, or is done with."))
        _set(
            row,
            state=Import.State.CHECKING,
            mapping=mapping,
            read_to=0,
            good=0,
            bad=0,
            already=0,
            different=0,
        )
        ledger.record("import.checking", f"import:{row.pk}", by)
        work.begin(row)


def let_in(one: Import, *, good_only: bool, by: User) -> None:
    """Let the rows come in: all, or those without a problem by choice. A second time does nothing.

    Raises Refused while rows have problems and nobody chose to leave those out.
    """
    _check(by)
    with transaction.atomic():
        row = _locked(one)
        if row.state in {Import.State.COMING_IN, Import.State.DONE}:
            return
        if row.state != Import.State.CHECKED:
            raise Refused(_("This file has not been checked."))
        if row.bad and not good_only:
            raise Refused(_("Some rows have problems, so nothing came in."))
        _set(row, state=Import.State.COMING_IN, good_only=good_only, trouble="")
        ledger.record(
            "import.coming-in",
            f"import:{row.pk}",
            by,
            engagement=row.engagement.slug,
            rows=row.good,
            left_out=row.bad,
        )
        work.begin(row)


def cancel(one: Import, *, by: User) -> None:
    """Stop. What has come in stays: it is evidence now, and a file that is brought again finds it there.

    Where everything or nothing was to come in, it can be cancelled only until the first row does.
    """
    _check(by)
    with transaction.atomic():
        row = _locked(one)
        if row.state in OVER:
            return
        if row.state == Import.State.COMING_IN and not row.good_only:
            raise Refused(_("All rows or none: it has begun, so it is carried through."))
        _set(row, state=Import.State.CANCELLED, claim="", claimed_until=None)
        ledger.record("import.cancelled", f"import:{row.pk}", by, done=row.done)
        work.begin(row)


def go_on(one: Import, *, by: User, now: datetime | None = None) -> None:
    """Have somebody else work on it when whoever did has stopped."""
    _check(by)
    with transaction.atomic():
        row = _locked(one)
        if row.has_stopped(now or timezone.now()):
            work.begin(row)


def _check(by: User) -> None:
    if not user_may_import(by):
        raise PermissionDenied


def _locked(one: Import) -> Import:
    Import.objects.select_for_update().values_list("pk").get(pk=one.pk)
    return Import.objects.select_related("engagement").get(pk=one.pk)


def _set(row: Import, **fields: Any) -> None:
    for name, value in {**fields, "changed_at": timezone.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "changed_at"])
