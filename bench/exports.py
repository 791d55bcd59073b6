"""Taking answers out, against a bare streaming of the same query; and finding one's way in 100,000 responses.

The goal of a download is for all of it: what may leave is decided for each answer, choices are put into
words, cells are made harmless, progress is recorded. The floor asks the database for the same columns of the
same answers, one plain query for words and one for choices, and writes the rows with Python's csv. Memory is
that of a process of its own. A page of answers is listed, filtered and counted as the public page does it;
beside it stand the same count and the same twenty rows in plain SQL.
"""

import csv
import io
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.effort import Effort
from bench.figure import MOST, Figure, ratio_of

GOAL, MEGABYTES, MILLISECONDS = 3.0, 64.0, 300.0
FEW = 1_000
FEW_SLUG, MANY_SLUG = "starting-the-conversation-in-p7", "fair-tastes-of-work"
WORDS = "It should feel like a talk, not like a test, and nobody should have to decide anything that day."
SAID, CHOSEN = 4, 1  # texts and choices of each response


def figures(effort: Effort) -> Iterator[Figure]:
    from collaborative.engagements.models import Engagement

    few, many = (Engagement.objects.get(slug=slug) for slug in (FEW_SLUG, MANY_SLUG))
    fill(few, FEW // (SAID + CHOSEN))
    fill(many, effort.answers // (SAID + CHOSEN))
    pairs = [(_seconds(_take, many), _seconds(_bare, many)) for _round in range(min(effort.rounds, 3))]
    value, measured, floor = ratio_of(pairs)
    yield Figure(
        name=f"download of {effort.answers:,} answers",
        value=value,
        unit="×",
        goal=GOAL,
        side=MOST,
        measured=effort.answers / measured,
        floor=effort.answers / floor,
        per="answers/s",
        samples=len(pairs),
    )
    for kind in ("csv", "xlsx", "ods"):
        small, large = _peak(few, kind), _peak(many, kind)
        yield Figure(
            name=f"memory of a download of {effort.answers:,} answers beyond that of {FEW:,}, {kind}",
            value=max(large - small, 0.1),
            unit="MB",
            goal=MEGABYTES,
            side=MOST,
            measured=large,
            floor=small,
            per="MB",
        )
    fill(few, effort.many - FEW // (SAID + CHOSEN))
    yield from _listing(few, effort)


# Answers in any number ----------------------------------------------------------------------------


def fill(engagement: Any, responses: int) -> None:
    """Responses that are all alike and released: one by the actions, the others copied by the database."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from collaborative.consultations.models import ChoiceAnswer
    from collaborative.contributions.models import Contribution, Receipt, Wording

    receipt = _one(engagement)
    said = list(Contribution.objects.filter(receipt=receipt).order_by("pk").values_list("pk", flat=True))
    last = {model: _last(model) for model in (Receipt, Contribution, Wording)}
    receipt_id = f"{last[Receipt]} + n"
    with transaction.atomic(), connection.cursor() as cursor:
        _multiply(
            cursor, Receipt, receipt.pk, responses, id=receipt_id, code_hash=f"'many' || ({receipt_id})"
        )
        for place, pk in enumerate(said, 1):
            contribution_id = f"{last[Contribution]} + (n - 1) * {len(said)} + {place}"
            _multiply(
                cursor,
                Contribution,
                pk,
                responses,
                id=contribution_id,
                receipt_id=receipt_id,
                reference=f"'B' || ({contribution_id})",
            )
            wording = Wording.objects.get(contribution_id=pk).pk
            wording_id = f"{last[Wording]} + (n - 1) * {len(said)} + {place}"
            changed = {"id": wording_id, "contribution_id": contribution_id, "text": "n || ': ' || \"text\""}
            _multiply(cursor, Wording, wording, responses, **changed)
        choice = ChoiceAnswer.objects.get(receipt=receipt).pk
        _multiply(cursor, ChoiceAnswer, choice, responses, id=f"{choice} + n", receipt_id=receipt_id)
        filled = [Receipt, Contribution, Wording, ChoiceAnswer]
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)  # PostgreSQL counts on by itself only where it numbered


def _multiply(cursor: Any, model: Any, pk: int, times: int, **changed: str) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    table, values = model._meta.db_table, ", ".join(changed.get(one, f'"{one}"') for one in columns)
    names = ", ".join(f'"{one}"' for one in columns)
    cursor.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times}) "
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM numbers, "{table}" WHERE "id" = {pk}'
    )


def _last(model: Any) -> int:
    from django.db.models import Max

    return model.objects.aggregate(last=Max("pk"))["last"] or 0


def _one(engagement: Any) -> Any:
    """One response with its words and a choice, released."""
    import secrets

    from collaborative.consultations.models import ChoiceAnswer
    from collaborative.consultations.questions import Sheet
    from collaborative.contributions.actions import About, Given, move, receive
    from collaborative.people.models import StakeholderGroup

    asked = Sheet(engagement).asked()
    keys = [one.key for one in asked if one.type == "text"] or [asked[0].key]
    group = StakeholderGroup.objects.order_by("pk")[0]
    about = About(
        age_band="26-plus",
        respondent_kind="individual",
        permission="anonymous",
        recontact=False,
        group=group,
    )
    given = [
        Given(prompt_key=keys[place % len(keys)], prompt="What would you change?", text=WORDS)
        for place in range(SAID)
    ]
    receipt, _new = receive(engagement, about, given, code=secrets.token_hex(16), check_open=False)
    for row in receipt.contributions.all():
        move(row, "released", by=None)
    choice = next(one for one in asked if one.options and one.wording_id)
    value = [choice.options[0][0]]
    if choice.rows:
        value = [f"{choice.rows[0][0]}:{value[0]}"]
    ChoiceAnswer.objects.create(receipt=receipt, wording_id=choice.wording_id, value=value)
    return receipt


# A download ---------------------------------------------------------------------------------------


def _take(engagement: Any, kind: str = "csv", watch: Callable[[], None] | None = None) -> int:
    """The bytes of a download, none of them kept."""
    from collaborative.consultations.exports import actions

    export = actions.begin(engagement, "answers", kind, by=_analyst())
    size = 0
    for part in actions.parts(export):
        size += len(part)
        if watch is not None:
            watch()
    if export.finished_at is None or not export.rows:
        raise RuntimeError("The download did not come to its end")
    return size


def _bare(engagement: Any) -> int:
    """The same columns of the same answers through csv."""
    from collaborative.consultations.models import ChoiceAnswer
    from collaborative.contributions.models import Contribution

    about = ("created_at", "channel", "edition", "language", "group__slug", "group__name", "age_band")
    about += ("respondent_kind", "permission", "exclusion", "campaign_member__campaign__name")
    of_receipt = ("receipt_id", *(f"receipt__{name}" for name in about))
    words = Contribution.objects.filter(engagement=engagement).with_newest_text("text")
    choices = ChoiceAnswer.objects.filter(receipt__engagement=engagement)
    queries = (
        words.values_list(*of_receipt, "reference", "prompt_key", "prompt", "text", "state"),
        choices.values_list(*of_receipt, "wording__question__key", "wording__text", "value"),
    )
    size, out = 0, io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for rows in queries:
        for row in rows.iterator(chunk_size=2_000):
            writer.writerow(row)
            if out.tell() >= 64 * 1024:
                size += len(out.getvalue().encode())
                out.seek(0)
                out.truncate()
    return size


def _seconds(way: Callable[[Any], int], engagement: Any) -> float:
    began = time.process_time()
    way(engagement)
    return time.process_time() - began


def _analyst() -> Any:
    from collaborative.people.models import User
    from collaborative.people.roles import Role, give_role

    user, _new = User.objects.get_or_create(email="bench-analyst@example.org")
    give_role(user, Role.ANALYSTS)
    return user


def _peak(engagement: Any, kind: str) -> float:
    """Megabytes that a process of its own took at most."""
    command = [sys.executable, "-m", "bench.exports", str(engagement.pk), kind]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


# A page of answers --------------------------------------------------------------------------------


def _listing(engagement: Any, effort: Effort) -> Iterator[Figure]:
    from collaborative.consultations.published import Answers, Wanted

    answers = Answers(engagement, Wanted())
    asked = answers.chosen
    question = asked.key if asked else ""
    group = engagement.receipts.exclude(group=None).values_list("group__slug", flat=True)[0]
    ways = {
        "listing and counting": Wanted(question=question),
        "filtered by group": Wanted(question=question, group=group),
        "looking for a word": Wanted(question=question, words="nobody should"),
        "as whole responses": Wanted(view="response", group=group),
    }
    for name, wanted in ways.items():
        # The group is one that the newest release would print: cutting it is measured elsewhere.
        answers.wanted = replace(answers.wanted, **vars(wanted))
        answers.chosen = None if wanted.view == "response" else asked
        times, floors = [], []
        for _view in range(max(effort.views, 20)):
            times.append(_clock(lambda: list(answers.page())))
            floors.append(_clock(lambda wanted=wanted: _plain(engagement, wanted)))
        yield Figure(
            name=f"{engagement.receipts.count():,} responses, {name}, p95",
            value=_p95(times) * 1000,
            unit="ms",
            goal=MILLISECONDS,
            side=MOST,
            measured=_p95(times) * 1000,
            floor=_p95(floors) * 1000,
            per="ms",
            samples=len(times),
        )


def _plain(engagement: Any, wanted: Any) -> None:
    """The count and the first twenty, as somebody would ask the database by hand."""
    from django.db import connection

    whole = (
        "FROM contributions_contribution c JOIN contributions_receipt r ON r.id = c.receipt_id "
        "JOIN contributions_wording w ON w.contribution_id = c.id "
        "LEFT JOIN people_stakeholdergroup g ON g.id = r.group_id "
        "WHERE c.engagement_id = %s AND c.state = 'released' AND c.kind = 'answer' AND r.exclusion = '' "
        "AND c.permission IN ('named', 'anonymous') AND w.number = "
        "(SELECT MAX(n.number) FROM contributions_wording n WHERE n.contribution_id = c.id)"
    )
    values: list[Any] = [engagement.pk]
    for text, value in (
        (" AND c.prompt_key = %s", wanted.question),
        (" AND g.slug = %s", wanted.group),
        (" AND w.text LIKE %s", wanted.words and f"%{wanted.words}%"),
    ):
        if value:
            whole, values = whole + text, [*values, value]
    many, what = ("COUNT(DISTINCT r.id)", "DISTINCT r.id") if wanted.view == "response" else ("COUNT(*)", "*")
    order = "r.id" if wanted.view == "response" else "c.created_at DESC, c.id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {many} {whole}", values)
        cursor.fetchall()
        cursor.execute(f"SELECT {what} {whole} ORDER BY {order} DESC LIMIT 20", values)
        cursor.fetchall()


def _clock(way: Callable[[], Any]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _alone() -> None:
    import django

    django.setup()
    from collaborative.engagements.models import Engagement

    peak = 0

    def look() -> None:
        # Not ru_maxrss: a process that was begun by a large one has that of its parent. And not what SQLite
        # maps of the file, which the system takes back when it needs it.
        nonlocal peak
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak = max(peak, int(re.findall(r"RssAnon:\s+(\d+) kB", status)[0]))

    _take(Engagement.objects.get(pk=int(sys.argv[1])), sys.argv[2], look)
    print(peak / 1024)


if __name__ == "__main__":
    _alone()
