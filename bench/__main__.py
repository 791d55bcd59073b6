"""`make bench`: measures, prints a table, and writes bench/results.json.

`python -m bench --quick` does everything once and briefly: it shows that the bench works, not how fast the
site is. `--only submit,weight` takes some of the parts, and leaves what was measured of the others.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench import board, live
from bench.effort import QUICK, WHOLE, Effort
from bench.figure import Figure, read, table, write
from bench.site import ROOT, Lab, Server

PARTS = (
    "weight",
    "strangers",
    "signed-in",
    "scale",
    "threads",
    "live",
    "board",
    "submit",
    "imports",
    "exports",
)
ALONE = {"live", "board"}  # need no demonstration site
RESULTS = ROOT / "bench" / "results.json"


def main() -> int:
    options = _options()
    effort = QUICK if options.quick else WHOLE
    kept = read(options.out)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="collaborative-bench-") as directory:
        for one in _everything(Lab(Path(directory)), effort, options.only):
            figures.append(one)
            write(_beside(kept, figures), options.out)  # what was measured stays when a later part fails
    if not options.only:
        write(figures, options.out)
    print(f"\n{table(figures)}\n")
    missed = [one.name for one in figures if one.met is False]
    print(
        f"Written to {options.out}. " + (f"Missed: {'; '.join(missed)}." if missed else "Every goal is met.")
    )
    if options.quick:
        print("A quick run shows that the bench works; its figures mean nothing.")
    return 0


def _beside(kept: list[Figure], figures: list[Figure]) -> list[Figure]:
    """The parts that were not measured now stay as they were."""
    names = {one.name for one in figures}
    return [one for one in kept if one.name not in names] + figures


def _everything(lab: Lab, effort: Effort, only: set[str]) -> Iterator[Figure]:
    if not only or only - ALONE:
        _say("the demonstration site")
        lab.manage("migrate", "--verbosity=0")
        lab.manage("load_demo")
        lab.manage("collectstatic", "--no-input", "--verbosity=0")
        yield from measure(lab, effort, only)
    if not only or "live" in only:
        _say("open pages while people post")
        yield from live.figures(lab, effort)
    if not only or "board" in only:
        _say("a board of a workshop")
        yield from board.figures(lab, effort)


def measure(lab: Lab, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """All figures, one part after the other: parts that ran side by side would slow each other."""
    _set_django_up(lab)
    from bench import exports, imports, load, pages, scale, submit, threads, weight

    with lab.server() as server:
        parts: dict[str, tuple[str, Callable[[Server], Iterable[Figure]]]] = {
            "weight": ("bytes of the first page", weight.figures),
            "strangers": (f"pages for strangers, by {load.tool()}", lambda s: pages.strangers(s, effort)),
            "signed-in": ("pages for somebody signed in", lambda s: pages.signed_in(s, effort)),
        }
        for name, (words, part) in parts.items():
            if not only or name in only:
                _say(words)
                yield from part(server)
    if not only or "scale" in only:
        _say("pages with few and with many contributions")
        yield from scale.figures(lab, effort)
    if not only or "threads" in only:
        _say("threads with few and with many comments")
        yield from threads.figures(lab, effort)
    if not only or "submit" in only:
        _say("sending answers")
        yield from submit.figures(lab, effort)
    if not only or "imports" in only:
        _say("files of answers")
        yield from imports.figures(effort)
    if not only or "exports" in only:
        _say("downloads for the team")
        yield from exports.figures(effort)


def _set_django_up(lab: Lab) -> None:
    """This process looks at the same database as the server."""
    os.environ.update(lab.environment)
    # Playwright's loop makes Django think that this plain program was asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once and briefly, to see that it works")
    parser.add_argument("--only", type=_parts, default=set(), help=",".join(PARTS))
    parser.add_argument("--out", type=Path, default=RESULTS, help="where to write the figures")
    return parser.parse_args()


def _parts(text: str) -> set[str]:
    chosen = set(text.split(","))
    if not chosen <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose among {', '.join(PARTS)}")
    return chosen


def _say(words: str) -> None:
    print(f"· {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
