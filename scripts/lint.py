"""Every check that needs no database: runs them all, prints what failed, ends with 1 if any did."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lock import NAMES, ROOT, stamp

LONGEST = 420
OURS = ("collaborative", "home", "tests", "bench", "scripts", "templates", "static/js", "static/css")
DATA = ("migrations", "demo_data", "vendor")
BIN = Path(sys.executable).parent


def command(*words: str) -> Callable[[], list[str]]:
    def check() -> list[str]:
        environment = {**os.environ, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "collaborative.settings"}
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip().splitlines() if done.returncode else []

    return check


def tool(name: str, *words: str) -> Callable[[], list[str]]:
    return command(str(BIN / name), *words)


def our_files(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *OURS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    found = [
        ROOT / name for name in listed if name.endswith(suffixes) and not set(DATA) & set(Path(name).parts)
    ]
    return [path for path in found if path.exists()]


def too_long() -> list[str]:
    lengths = {path: len(path.read_text().splitlines()) for path in our_files(".py", ".html", ".js", ".css")}
    return [
        f"{path.relative_to(ROOT)} has {lines} lines; split it by noun (at most {LONGEST})"
        for path, lines in lengths.items()
        if lines > LONGEST
    ]


def locks_in_step() -> list[str]:
    """The lock file says which .in it was made from, pins each name in it, and names no registry."""
    problems = []
    for name in NAMES:
        lock = (ROOT / f"{name}.txt").read_text()
        if lock.splitlines()[0] != stamp(name):
            problems.append(f"{name}.txt is not made from {name}.in as it stands: make lock")
        pinned = {match.lower() for match in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
        wanted = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
        problems += [
            f"{name}.txt lacks {w}" for w in wanted if not w.startswith("-") and w.lower() not in pinned
        ]
        problems += [f"{name}.txt names a host" for line in lock.splitlines() if "://" in line]
    return problems


def scripts_parse() -> list[str]:
    node = shutil.which("node")
    if node is None:
        return ["node is missing: the JavaScript was not read"]
    problems = []
    for path in our_files(".js", ".mjs"):
        # --check reads a .js file as CommonJS unless told: ours are modules.
        done = subprocess.run(
            [node, "--input-type=module", "--check"],
            input=path.read_bytes(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            problems += [str(path.relative_to(ROOT)), *done.stderr.decode().splitlines()]
    return problems


def templates_tidy() -> list[str]:
    files = [str(path.relative_to(ROOT)) for path in our_files(".html")]
    return tool("djhtml", "--check", "--tabwidth", "2", *files)() if files else []


CHECKS: dict[str, Callable[[], list[str]]] = {
    "ruff check": tool("ruff", "check", "--quiet", "."),
    "ruff format": tool("ruff", "format", "--check", "--quiet", "."),
    "mypy": tool("mypy"),
    "templates (djhtml)": templates_tidy,
    "JavaScript parses": scripts_parse,
    "floors (import-linter)": tool("lint-imports", "--no-cache"),
    "system checks": command(sys.executable, "manage.py", "check", "--fail-level", "WARNING"),
    "migrations in step": command(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
    "lock files in step": locks_in_step,
    "no file too long": too_long,
}


def main() -> int:
    chosen = [name for name in CHECKS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:  # nearly all the time is mypy's
        found = side_by_side.map(lambda name: CHECKS[name](), chosen)
        for name, problems in zip(chosen, found, strict=True):
            print(f"{'FAILED' if problems else 'ok    '}  {name}", flush=True)
            if problems:
                failed.append(name)
                print("\n".join(f"        {line}" for line in problems), flush=True)
    if failed:
        print(f"\nlint: {len(failed)} of {len(chosen)} failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
