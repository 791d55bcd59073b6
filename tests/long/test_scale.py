"""The bench runs on a fresh machine and writes what it promises; the cost of figures does not grow."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.databases import postgresql_answers
from collaborative.flow.actions import cut_release
from collaborative.people.models import User
from home import scale
from tests.consultations import making
from tests.database import ROOT
from tests.outcomes import deciding

pytestmark = pytest.mark.long

ONLY = "weight,strangers,signed-in,scale,threads,submit,imports,exports"  # live pages: test_live_bench.py
KEYS = {"name", "value", "unit", "floor", "goal", "met", "measured", "per", "side", "samples"}


@pytest.fixture(params=["with wrk and Chromium", "with neither"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """That of this run; or one in which no tool of the system can be found."""
    names = {"DJANGO_SETTINGS_MODULE", "VAR_DIR", "SECRET_KEY", "DATABASE_URL"}
    found = {name: value for name, value in os.environ.items() if name not in names}
    if request.param == "with neither":
        found |= {"PATH": str(tmp_path), "CHROMIUM": ""}
    return found


def test_the_bench_runs_and_writes_every_figure(environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--quick", "--only", ONLY, "--out", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(out.read_text())
    assert all(set(one) == KEYS for one in figures)
    names = [one["name"] for one in figures]
    engines = 1 + postgresql_answers()
    assert len(names) == len(set(names)) == 1 + 8 + 8 + 3 + 5 + 2 * engines + 2 + 8
    for one in figures:
        assert one["value"] > 0
        assert one["name"] in done.stdout
        if one["goal"] is not None:
            least = one["side"] == "at least"
            assert one["met"] == (one["value"] >= one["goal"] if least else one["value"] <= one["goal"])
        if one["unit"] == "×":
            assert one["measured"] > 0 and one["floor"] > 0


@pytest.mark.django_db
def test_promise_7_pages_of_figures_ask_as_many_questions_of_few_answers_as_of_many(
    client: Any, moderator: User, analyst: User
) -> None:
    making.consultation()
    for number in range(1, 4):
        deciding.theme(f"T{number}", f"Topic {number}")
    asked = []
    for contributions in (200, 4_000):
        scale.fill(contributions, 1, lambda done: None)
        cut_release(reason="scale")
        with CaptureQueriesContext(connection) as counting:
            cut_release(reason="scale")
        counted = len(counting)  # now: the next request empties the log
        client.get("/flow/", headers={"authorization": "anew"})
        with CaptureQueriesContext(connection) as reading:
            response = client.get("/flow/", headers={"authorization": "anew"})
        assert response.status_code == 200 and settings.SITE_NAME in response.text
        asked.append((len(reading), counted))
    assert asked[0] == asked[1] and min(asked[0]) > 1
