"""The part of an import that runs in the background: reading every row, letting good ones in, clearing up.

It goes in short batches, each a transaction of its own, so that others can write in between; and in slices of
some seconds, each a job of its own, so that a concern about somebody's safety does not wait behind a file.
After each batch the row of the import says how far it has come. Whoever is killed leaves that behind: the
next takes over when the claim runs out, and no row comes in twice, since its response has a hash of its own.
"""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_tasks import task

from collaborative import sheets
from collaborative.consultations.actions import choice_rows, given_in
from collaborative.consultations.imports import columns, files, known
from collaborative.consultations.imports.reading import Reader, Row, letter
from collaborative.consultations.models import ChoiceAnswer, Import, ImportProblem, ImportRow
from collaborative.consultations.models.imports import AT_WORK, OVER
from collaborative.consultations.questions import Sheet
from collaborative.contributions import bulk, ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.bulk import Response
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import Flag
from collaborative.moderation.screening import priority, screen_all

logger = logging.getLogger(__name__)

BATCH = 200  # rows in one transaction
CLEARED = 1_000  # rows thrown away in one
SLICE = 8  # seconds of work in one job
TAKEN_FOR = timedelta(minutes=2)
KEPT = timedelta(days=30)  # what nobody finished, and the list of what was wrong
MOST_PROBLEMS_OF_A_ROW = 20
BREATH = 0.005  # seconds between two writes, so that who waits for the lock gets it


class Lost(Exception):
    """Somebody else works on it now, or it was cancelled."""


def begin(one: Import) -> None:
    """Have it worked on once the caller's transaction is committed. Somebody should soon take it up."""
    Import.objects.filter(pk=one.pk).update(claim="", claimed_until=timezone.now() + TAKEN_FOR)
    transaction.on_commit(lambda: go_on.enqueue(one.pk))


@task(priority=-10)
def go_on(pk: int) -> None:
    """Work for one slice, and leave the rest to the next job."""
    if step(pk):
        go_on.enqueue(pk)


def sweep(now: datetime | None = None) -> int:
    """Take up what a worker died over, and throw away what nobody finished within a month."""
    now = now or timezone.now()
    stopped = [one for one in Import.objects.filter(state__in=AT_WORK) if one.has_stopped(now)]
    for one in stopped:
        go_on.enqueue(one.pk)
    old = Import.objects.exclude(state__in=AT_WORK).filter(changed_at__lt=now - KEPT)
    for one in old.filter(Q(pieces__isnull=False) | Q(problems__isnull=False)).distinct():
        Import.objects.filter(pk=one.pk).exclude(state__in=OVER).update(state=Import.State.CANCELLED)
        go_on.enqueue(one.pk)
    return len(stopped)


def step(pk: int, seconds: float = SLICE) -> bool:
    """One slice. Returns whether there is more to do."""
    one, claim = _take(pk)
    if one is None:
        return False
    until = time.monotonic() + seconds
    try:
        more = PARTS.get(one.state, _clear)(one, claim, until)
    except Lost:
        return Import.objects.filter(pk=pk, state=Import.State.CANCELLED, claim="").exists()
    except sheets.Unreadable as error:
        _fail(one, claim, Import.State.FAILED, str(error))
        return True
    except NotPossible as error:  # what stands in the rows may not come in now: perhaps it may later
        _fail(one, claim, Import.State.CHECKED, str(error))
        return False
    except Exception:
        _let_go(one, claim, None)
        raise
    _let_go(one, claim, timezone.now() + TAKEN_FOR)
    return more


# Who works on it --------------------------------------------------------------------------------


def _take(pk: int) -> tuple[Import | None, str]:
    """The import, ours for some minutes; None when somebody else has it or there is nothing to do."""
    now = timezone.now()
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(pk=pk).first()
        if row is None or (row.claim and row.claimed_until and row.claimed_until > now):
            return None, ""
        if row.state in {Import.State.BROUGHT, Import.State.CHECKED}:
            return None, ""
        row.claim, row.claimed_until = secrets.token_hex(16), now + TAKEN_FOR
        row.save(update_fields=["claim", "claimed_until"])
    return row, row.claim


def _hold(one: Import, claim: str) -> Import:
    """In the transaction of a batch: still ours, and for longer. Raises Lost."""
    row = Import.objects.select_for_update().filter(pk=one.pk, claim=claim).first()
    if row is None:
        raise Lost
    row.changed_at = timezone.now()
    row.claimed_until = row.changed_at + TAKEN_FOR
    return row


def _let_go(one: Import, claim: str, until: datetime | None) -> None:
    """The next slice may take it. When none has by then, it has stopped."""
    Import.objects.filter(pk=one.pk, claim=claim).update(claim="", claimed_until=until)


def _fail(one: Import, claim: str, state: str, why: str) -> None:
    logger.warning("Import %s stopped: %s", one.pk, why)
    mine = Import.objects.filter(pk=one.pk, claim=claim)
    mine.update(state=state, trouble=why, claim="", claimed_until=None)


# Reading ----------------------------------------------------------------------------------------


def _read(one: Import, claim: str, until: float) -> bool:
    if one.read_to == 0:
        _throw_away(one, claim, ImportRow, ImportProblem)
    reader = Reader(one.engagement, one.headings, one.mapping)
    began = False
    with files.laid_out(files.pieces_of(one)) as path:
        fresh = _rows_after(one, path)
        while batch := list(islice(fresh, BATCH)):
            if not began:  # what was read before is passed over, which is no work done
                until, began = max(until, time.monotonic() + SLICE / 2), True
            _stage(one, claim, reader, [reader.row(number, cells) for number, cells in batch])
            if time.monotonic() > until:
                return True
            time.sleep(BREATH)
    with transaction.atomic():
        row = _hold(one, claim)
        row.state = Import.State.CHECKED
        row.save()
        counts = {"good": row.good, "bad": row.bad, "already": row.already}
        ledger.record("import.checked", f"import:{one.pk}", None, **counts)
    return False


def _rows_after(one: Import, path: Any) -> Iterator[tuple[int, list[str]]]:
    found = sheets.rows(path, one.kind)
    next(found)
    ours = columns.is_ours(Sheet(one.engagement), one.headings) and one.kind == sheets.COMMAS
    for number, cells in found:
        if number > one.read_to:
            yield number, [sheets.unguarded(cell) for cell in cells] if ours else cells


def _stage(one: Import, claim: str, reader: Reader, rows: list[Row]) -> None:
    """Keep what was read of a batch, or what is wrong with it, and how far that is."""
    times = _times_before(one, rows)
    staged: list[ImportRow] = []
    for row in rows:
        times[row.same] += 1
        if row.keyed and times[row.same] > 1:
            row.problems.append((None, _("A row further up has the same number or code.")))
        if not row.problems:
            code = reader.code_hash(row.same, 1 if row.keyed else times[row.same])
            staged.append(ImportRow(of=one, number=row.number, same=row.same, code_hash=code, data=row.data))
    wrong = [
        ImportProblem(of=one, row=row.number, column=column, message=message[:500])
        for row in rows
        for column, message in row.problems[:MOST_PROBLEMS_OF_A_ROW]
    ]
    standing = bulk.standing([row.code_hash for row in staged])
    other = _kept_as_they_were(one, reader, rows, [row for row in staged if row.code_hash in standing])
    for staged_row in staged:
        if staged_row.code_hash in standing:
            staged_row.already, staged_row.data = True, {}
    with transaction.atomic():
        held = _hold(one, claim)
        ImportRow.objects.bulk_create(staged)
        ImportProblem.objects.bulk_create([*wrong, *other])
        held.read_to = rows[-1].number
        held.already += len(standing)
        held.different += len({one.row for one in other})
        held.good += len(staged) - len(standing)
        held.bad += len(rows) - len(staged)
        held.save()
    one.read_to = held.read_to


def _kept_as_they_were(
    one: Import, reader: Reader, rows: list[Row], already: list[ImportRow]
) -> list[ImportProblem]:
    """Cells of rows that are in already and say something else now. Without a number of its own a row is only
    ever taken for one that says the same."""
    keyed = {row.number for row in rows if row.keyed}
    cells = known.otherwise(reader, [row for row in already if row.number in keyed])
    message = known.kept_as_it_was()
    return [
        ImportProblem(of=one, row=row, column=column, message=message, kept=True) for row, column in cells
    ]


def _times_before(one: Import, rows: list[Row]) -> Counter[str]:
    """How often each of these was said further up in the file. One query."""
    before = ImportRow.objects.filter(of=one, same__in={row.same for row in rows})
    return Counter(dict(before.values_list("same").annotate(n=Count("pk"))))


# Coming in --------------------------------------------------------------------------------------


def _let_in(one: Import, claim: str, until: float) -> bool:
    reader = Reader(one.engagement, one.headings, one.mapping)
    waiting = ImportRow.objects.filter(of=one, already=False).order_by("number")
    while batch := list(waiting[:BATCH]):
        _bring_in(one, claim, reader, batch)
        if time.monotonic() > until:
            return True
        time.sleep(BREATH)
    with transaction.atomic():
        row = _hold(one, claim)
        row.state, row.samples = Import.State.DONE, []
        row.save()
        ledger.record("import.done", f"import:{one.pk}", None, done=row.done, already=row.already)
    return True  # the rest of the file is still to be thrown away


def _bring_in(one: Import, claim: str, reader: Reader, batch: list[ImportRow]) -> None:
    """Store a batch and throw its rows away, in one short transaction; all that is slow comes before it."""
    responses, answered = [], {}
    for row in batch:
        about, asked = reader.about(row.data)
        given = [*given_in(asked, row.data["answers"]), *letter(row.data["letter"])]
        at = parse_datetime(row.data["received"])
        assert at is not None
        responses.append(Response(about=about, given=given, code_hash=row.code_hash, received_at=at))
        answered[row.code_hash] = (asked, row.data["answers"])
    flags = _notice(one, responses)
    with transaction.atomic():
        held = _hold(one, claim)
        stored = bulk.receive_many(one.engagement, responses, by=one.by, file=one.pk)
        ChoiceAnswer.objects.bulk_create(
            choice
            for code, receipt in stored.receipts.items()
            for choice in choice_rows(receipt, *answered[code])
        )
        _keep_flags(responses, stored, flags)
        ImportRow.objects.filter(pk__in=[row.pk for row in batch]).delete()
        held.done += len(stored.receipts)
        held.already += len(batch) - len(stored.receipts)
        held.good -= len(batch) - len(stored.receipts)
        held.save()


def _notice(one: Import, responses: list[Response]) -> dict[str, list[list[Flag]]]:
    """What a person should look at first, for each response; its words know how soon (SAF-4)."""
    texts = [said.text for response in responses for said in response.given]
    found = iter(screen_all(texts, engagement=one.engagement) if texts else [])
    noticed = {}
    for response in responses:
        noticed[response.code_hash] = mine = [next(found) for _said in response.given]
        for place, flags in enumerate(mine):
            if flags:
                response.given[place] = replace(response.given[place], priority=priority(flags))
    return noticed


def _keep_flags(responses: list[Response], stored: bulk.Stored, noticed: dict[str, list[list[Flag]]]) -> None:
    flags = [
        found
        for response in responses
        if response.code_hash in stored.receipts
        for said, found in zip(response.given, noticed[response.code_hash], strict=True)
        if said.text.strip()
    ]
    moderation.received_all(pair for pair in zip(stored.contributions, flags, strict=True) if pair[1])


# Clearing up ------------------------------------------------------------------------------------


def _clear(one: Import, claim: str, until: float) -> bool:
    """Throw away the file and what was read from it, a little at a time; what was wrong a month later."""
    keep_problems = one.state == Import.State.DONE and one.changed_at > timezone.now() - KEPT
    _throw_away(one, claim, ImportRow, *(() if keep_problems else (ImportProblem,)))
    for piece in list(one.pieces.order_by("number").values_list("pk", flat=True)):
        one.pieces.filter(pk=piece).delete()
        time.sleep(BREATH)
    Import.objects.filter(pk=one.pk).update(samples=[])
    return False


def _throw_away(one: Import, claim: str, *models: type[ImportRow] | type[ImportProblem]) -> None:
    for model in models:
        rows = model._base_manager.filter(of=one).order_by("pk")
        while some := list(rows.values_list("pk", flat=True)[:CLEARED]):
            with transaction.atomic():
                _hold(one, claim).save()
                rows.filter(pk__in=some).delete()
            time.sleep(BREATH)


PARTS: dict[str, Callable[[Import, str, float], bool]] = {
    Import.State.CHECKING: _read,
    Import.State.COMING_IN: _let_in,
}
