"""The bench of live pages runs and writes what it promises: nothing lost, nothing twice, in order."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figure import Figure, read, write
from tests.benches.test_bench import KEYS
from tests.database import ROOT

pytestmark = [pytest.mark.long, pytest.mark.one_engine]

NONE_OF = ("never shown, after catching up", "shown twice", "shown out of order")


def test_the_bench_of_live_pages_runs_and_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    earlier = Figure("measured before", 1.0, "×")
    write([earlier, Figure("100 pages, 1 process: shown twice", 7, "")], out)
    names = {"DJANGO_SETTINGS_MODULE", "VAR_DIR", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", "live", "--out", str(out)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in names},
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(set(one) == KEYS for one in json.loads(out.read_text()))
    first, *figures = read(out)
    assert first == earlier
    by_name = {one.name: one for one in figures}
    assert len(by_name) == len(figures)
    places = {name.partition(":")[0] for name in by_name if "pages, " in name}
    assert "100 pages, 1 process" in places
    for place in places:
        assert [by_name[f"{place}: {words}"].value for words in NONE_OF] == [0, 0, 0]
        for part in (50, 95, 99):
            one = by_name[f"{place}: post to the last page, p{part}"]
            assert one.value > 0 and one.floor is not None and one.samples == 50
    assert by_name["comments a second, in one thread, 8 at once"].value > 0
