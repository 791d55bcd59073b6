"""Runs the tests on every engine that answers, and says loudly what could not run.

`python scripts/test.py [--long] [pytest arguments]`. Under CI=true whatever could not run is a failure.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from setup import apt_install

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = ("postgres://127.0.0.1:5432/postgres", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = "redis://127.0.0.1:6379/9"
# In the order of tests/conftest.py. One more than the cores: where one waits for a clock, another works.
SIDE_BY_SIDE = ("-n", str(min((os.cpu_count() or 2) + 1, 8)), "--dist", "loadfile", "--no-loadscope-reorder")
# Fifty people must have everything soon after a kill; a bench measures, and has fifteen minutes.
TIMED = ("tests/services", "tests/benches")
# Set by whoever runs us, these would choose the engine, the site, its settings, or compile it in each one.
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "DEMO", "DEBUG", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}


def find_browser() -> str | None:
    sys.path.insert(0, str(ROOT))
    from tests.browser.chromium import executable

    return executable()


def install_browser() -> str | None:
    installed = apt_install("chromium-headless-shell") or apt_install("chromium")
    return find_browser() if installed else None


def find_postgresql() -> str | None:
    """The address of a PostgreSQL on which we may create databases."""
    import psycopg

    named = os.environ.get("TEST_DATABASE_URL")
    for url in [named] if named else POSTGRESQL:
        try:
            with psycopg.connect(url.partition("?")[0], connect_timeout=3) as link:
                may = link.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                )
                row = may.fetchone()
                if row and row[0]:
                    return url
        except psycopg.Error:
            continue
    return None


def find_redis() -> str | None:
    import redis

    url = os.environ.get("TEST_REDIS_URL") or REDIS
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except (redis.RedisError, ValueError):
        return None
    return url


def missing_for_long() -> list[str]:
    """Programs that the kill tests start and stop themselves."""
    from tests.services.breakable import postgresql_binaries

    wanted = {
        "redis-server (apt-get install redis-server)": shutil.which("redis-server"),
        "nginx (apt-get install nginx-light)": shutil.which("nginx"),
        "initdb and pg_ctl (apt-get install postgresql)": postgresql_binaries(),
    }
    return [f"kill tests of {name}: not installed" for name, found in wanted.items() if found is None]


def clean(urls: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NOT_OURS} | urls


def lay_templates(*engines: dict[str, str]) -> None:
    """Migrate each engine's template and lay the demonstration set, side by side, before tests wait for them.

    What goes wrong here goes wrong again, and is told, in the first test that needs one.
    """
    command = [sys.executable, "-m", "tests.whole.demonstrated"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    began = time.monotonic()
    print("· laying the test databases", flush=True)
    for process in [subprocess.Popen(command, env=clean(urls), **quiet) for urls in engines]:  # type: ignore[call-overload]
        process.wait()
    print(f"· laid in {time.monotonic() - began:.0f} s", flush=True)


def pytest(engine: str, arguments: list[str], urls: dict[str, str]) -> bool:
    """One engine. In the long run what keeps to a time comes last, with the machine for itself."""
    print(f"\n=== {engine} ===", flush=True)
    began = time.monotonic()
    runs = [[*SIDE_BY_SIDE, *arguments]]
    if "--long" in arguments and not any(one.startswith("tests") for one in arguments):
        others = [f"--ignore={room}" for room in TIMED]
        runs = [[*SIDE_BY_SIDE, *arguments, *others], ["-n0", *arguments, *TIMED]]
    codes = []
    for run in runs:
        command = [sys.executable, "-m", "pytest", "-q", "--durations=15", *run]
        codes.append(subprocess.run(command, cwd=ROOT, env=clean(urls), check=False).returncode)
    print(f"=== {engine}: {time.monotonic() - began:.0f} s ===", flush=True)
    return not any(codes)


def main() -> int:
    arguments, missing = sys.argv[1:], []
    browser = find_browser() or install_browser()
    if browser is None:
        missing.append(
            "browser tests: no Chromium. Install it (apt-get install chromium) or set CHROMIUM to its path."
        )
        arguments += ["--ignore", "tests/browser"]
    if "--long" in arguments:
        missing += missing_for_long()
    postgresql, redis_url = find_postgresql(), find_redis()
    named = {"DATABASE_URL": postgresql, "REDIS_URL": redis_url}
    urls = {name: url for name, url in named.items() if url}
    lay_templates({}, *([urls] if postgresql else []))
    passed = {"SQLite": pytest("SQLite", arguments, {})}
    if postgresql is None:
        missing.append(
            "tests on PostgreSQL: none answers where we may create databases. Set TEST_DATABASE_URL,"
            " e.g. postgres://user:password@127.0.0.1:5432/postgres"
        )
    if redis_url is None:
        missing.append("tests with Redis: none answers. Set TEST_REDIS_URL, e.g. redis://127.0.0.1:6379/9")
    if postgresql or redis_url:
        name = " and ".join(
            [*(["PostgreSQL"] if postgresql else ["SQLite"]), *(["Redis"] if redis_url else [])]
        )
        # All of it on both takes long; what another database cannot change is looked at once.
        passed[name] = pytest(name, [*arguments, "--second-engine"], urls)
    if missing:
        print("\n" + "!" * 88 + "\nCOULD NOT RUN:")
        print("\n".join(f"  - {line}" for line in missing))
        print("!" * 88)
    for name, well in passed.items():
        print(f"{name}: {'passed' if well else 'FAILED'}")
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    return 0 if all(passed.values()) and not (missing and in_ci) else 1


if __name__ == "__main__":
    sys.exit(main())
