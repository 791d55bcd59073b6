"""The bench runs on a fresh machine and writes what it promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.databases import postgresql_answers
from tests.database import ROOT

pytestmark = [pytest.mark.long, pytest.mark.one_engine]  # it makes its own sites, on both engines

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
