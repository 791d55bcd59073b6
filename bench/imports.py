"""Bringing a file of answers, against reading the same file with csv and inserting the very same rows.

The goal is for the whole way: every row is read and checked, staged, screened, stored and recorded, in short
batches. The floor reads the file with Python's csv and inserts the rows that this made, each table at one go.
Memory is that of a process of its own: what a file of many rows takes beyond one of 1,000.
"""

import csv
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.effort import Effort
from bench.figure import MOST, Figure, ratio_of

GOAL = 3.0
MEGABYTES = 64.0
FEW = 1_000
SLUG = "starting-the-conversation-in-p7"
WORDS = "It should feel like a talk, not like a test, and nobody should have to decide anything that day."


def figures(effort: Effort) -> Iterator[Figure]:
    import collaborative.consultations.imports.work as work

    work.begin = lambda one: None  # this process does the worker's part
    pairs = []
    for _round in range(effort.rounds):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "answers.csv"
            write(path, effort.import_rows)
            seconds, one = bring(path)
            floor = _floor(path, one)
            pairs.append((seconds, floor))
    value, measured, floor = ratio_of(pairs)
    rows = effort.import_rows
    yield Figure(
        name=f"bringing a file of {rows:,} answers",
        value=value,
        unit="×",
        goal=GOAL,
        side=MOST,
        measured=rows / measured,
        floor=rows / floor,
        per="rows/s",
        samples=len(pairs),
    )
    yield _memory(effort.many)


def _memory(rows: int) -> Figure:
    few, many = _peak(FEW), _peak(rows)
    return Figure(
        name=f"memory of bringing {rows:,} answers beyond that of {FEW:,}",
        value=max(many - few, 0.1),
        unit="MB",
        goal=MEGABYTES,
        side=MOST,
        measured=many,
        floor=few,
        per="MB",
    )


# The whole way ----------------------------------------------------------------------------------


def write(path: Path, rows: int) -> None:
    """A file in which every row is another person's."""
    headings = ["ID", "Age", "Permission", "Received", "Words"]
    run = secrets.token_hex(4)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number in range(rows):
            writer.writerow(
                [f"{run}-{number}", "26 or over", "Publish without my name", "", f"{number}: {WORDS}"]
            )


def bring(path: Path) -> tuple[float, Any]:
    """(seconds of processor time, the import)."""
    from collaborative.consultations.imports import actions, work
    from collaborative.consultations.models import Import
    from collaborative.consultations.questions import Sheet
    from collaborative.engagements.models import Engagement

    engagement = Engagement.objects.get(slug=SLUG)
    text = next(one for one in Sheet(engagement).asked() if one.type == "text")
    mapping = {
        "columns": {"0": "key", "1": "age", "2": "permission", "3": "received", "4": f"q-{text.key}"},
        "rest": {"kind": "individual", "received": _today()},
    }
    by = _editor()
    began = time.process_time()
    one = actions.bring(engagement, path, path.name, by=by)
    actions.tell_columns(one, mapping, by=by)
    _work_off(work, one)
    actions.let_in(one, good_only=False, by=by)
    _work_off(work, one)
    seconds = time.process_time() - began
    one = Import.objects.get(pk=one.pk)
    if one.state != Import.State.DONE or one.bad:
        raise RuntimeError(f"The file was not brought in: {one.state}, {one.bad} problems")
    return seconds, one


def _work_off(work: Any, one: Any) -> None:
    while work.step(one.pk, 3600):
        pass


def _today() -> str:
    from django.utils import timezone

    return timezone.localdate().isoformat()


def _editor() -> Any:
    from collaborative.people.models import User
    from collaborative.people.roles import Role, give_role

    user, _new = User.objects.get_or_create(email="bench@example.org")
    give_role(user, Role.EDITORS)
    return user


# The floor --------------------------------------------------------------------------------------


def _floor(path: Path, one: Any) -> float:
    """Seconds to read the file and to insert the rows that bringing it made."""
    from django.db import transaction

    from collaborative import codes
    from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, Wording

    events = LedgerEvent.objects.filter(verb="response.received", data__file=one.pk).order_by("pk")
    receipts = list(Receipt.objects.order_by("-pk")[: one.done])[::-1]
    said = list(Contribution.objects.filter(receipt_id__gte=receipts[0].pk).order_by("pk"))
    wordings = list(Wording.objects.filter(contribution_id__gte=said[0].pk).order_by("pk"))
    recorded = list(events)
    for row in receipts:
        row.pk, row.code_hash = None, secrets.token_hex(32)
    for thing, wording in zip(said, wordings, strict=True):
        thing.pk, thing.reference, wording.pk = None, codes.reference(), None
    for event in recorded:
        event.pk = None
    began = time.process_time()
    with path.open(newline="", encoding="utf-8") as file:
        read = sum(1 for _row in csv.reader(file)) - 1
    with transaction.atomic():
        Receipt.objects.bulk_create(receipts)
        for row, thing in zip(receipts, said, strict=True):
            thing.receipt = row
        Contribution.objects.bulk_create(said)
        for thing, wording in zip(said, wordings, strict=True):
            wording.contribution = thing
        Wording.objects.bulk_create(wordings)
        LedgerEvent.objects.bulk_create(recorded)
    seconds = time.process_time() - began
    if not read == len(receipts) == len(recorded):
        raise RuntimeError("The floor inserted other rows than bringing the file did")
    return seconds


# Memory -----------------------------------------------------------------------------------------


def _peak(rows: int) -> float:
    """Megabytes that a process of its own took at most."""
    command = [sys.executable, "-m", "bench.imports", str(rows)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def _alone() -> None:
    import resource

    import django

    django.setup()
    import collaborative.consultations.imports.work as work

    work.begin = lambda one: None
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "answers.csv"
        write(path, int(sys.argv[1]))
        bring(path)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _alone()
