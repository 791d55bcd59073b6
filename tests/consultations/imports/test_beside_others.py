"""While a file comes in others post, a worker may be killed over it, and a large one goes the whole way."""

import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from collaborative.consultations.imports import actions, work
from collaborative.consultations.models import Import, ImportRow
from collaborative.contributions.models import Contribution, Receipt, Wording
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations import making
from tests.consultations.imports.bringing import HEADINGS, mapping, row, work_on
from tests.database import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 3.0  # seconds that somebody waits for one screen, on a machine that others use too


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The jobs stand in the queue and nobody takes them up: this test works them off itself."""
    monkeypatch.setattr(work, "begin", lambda one: None)
    yield


def large(engagement: Engagement, by: User, rows: int) -> Import:
    """A file of so many different rows, whose columns have been told."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "large.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(
                row(str(n), Words=f"Words of number {n}, in a sentence of their own.") for n in range(rows)
            )
        one = actions.bring(engagement, path, "large.csv", by=by)
    actions.tell_columns(one, mapping(), by=by)
    return one


def test_others_post_while_5000_rows_come_in(no_worker: None) -> None:
    editor, engagement = person("Edith", Role.EDITORS), making.consultation()
    one = large(engagement, editor, 5_000)
    waits, failed, over = [], [], threading.Event()

    def import_it() -> None:
        try:
            work_on(one)
            actions.let_in(one, good_only=False, by=editor)
            work_on(one)
        except BaseException as error:
            failed.append(error)
        finally:
            over.set()
            connections.close_all()

    worker = threading.Thread(target=import_it)
    worker.start()
    sent = 0
    while not over.wait(0.2):
        somebody = making.Respondent(engagement)
        began = time.monotonic()
        somebody.fill(words=f"Posted meanwhile, number {sent}.")
        waits.append((time.monotonic() - began) / 7)
        assert somebody.send().status_code == 302
        sent += 1
    worker.join()
    assert not failed and sent >= 3
    assert max(waits) < SOON
    assert Import.objects.get().done == 5_000
    assert Receipt.objects.filter(channel="import").count() == 5_000
    assert Receipt.objects.filter(channel="web").count() == sent


WORKER = "from collaborative.consultations.imports import work\nwhile work.step({pk}, 1): pass"


def worker(url: str, one: Import) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WORKER.format(pk=one.pk)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


@pytest.mark.long
def test_killed_workers_lose_no_row_and_bring_none_twice(django_db_setup: Any, no_worker: None) -> None:
    editor, engagement = person("Edith", Role.EDITORS), making.consultation()
    one = large(engagement, editor, 3_000)

    def progress() -> tuple[int, int]:
        connection.close()
        found = Import.objects.get(pk=one.pk)
        return found.read_to, found.done

    def kill_in_the_middle() -> None:
        before, process, deadline = progress(), worker(django_db_setup.url, one), time.monotonic() + 90
        while progress() <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.kill()
        process.wait()
        Import.objects.filter(pk=one.pk).update(claim="", claimed_until=None)  # two minutes later

    for _turn in range(2):
        kill_in_the_middle()
    assert worker(django_db_setup.url, one).wait(120) == 0
    connection.close()
    one.refresh_from_db()
    assert (one.state, one.good) == (Import.State.CHECKED, 3_000)
    actions.let_in(one, good_only=False, by=editor)
    for _turn in range(3):
        kill_in_the_middle()
    assert worker(django_db_setup.url, one).wait(120) == 0
    connection.close()
    one.refresh_from_db()
    assert (one.state, one.done) == (Import.State.DONE, 3_000)
    words = Contribution.objects.filter(prompt_key="feel").values_list("wordings__text", flat=True)
    assert len(words) == len(set(words)) == Receipt.objects.count() == 3_000


@pytest.mark.long
def test_a_hundred_thousand_rows(no_worker: None) -> None:
    editor, engagement = person("Edith", Role.EDITORS), making.consultation()
    one = work_on(large(engagement, editor, 100_000))
    assert (one.good, one.bad) == (100_000, 0)
    actions.let_in(one, good_only=False, by=editor)
    one = work_on(one)
    assert (one.state, one.done) == (Import.State.DONE, 100_000)
    assert Receipt.objects.count() == 100_000 and Wording.objects.count() == 200_000
    assert not ImportRow.objects.exists()
    again = work_on(large(engagement, editor, 100_000))
    assert (again.good, again.already) == (0, 100_000)
