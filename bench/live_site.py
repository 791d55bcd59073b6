"""Where the live bench runs: a database, web processes before it, and a process that plays the pages."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from bench.databases import postgresql_answers, postgresql_database
from bench.live_load import CSRF
from bench.site import ROOT, START_SECONDS, Lab, free_port, run

KB = 1024
END_SECONDS = 10


class Place:
    """One database with threads and people in it; `processes` web processes serve it."""

    def __init__(self, lab: Lab, processes: int, **environment: str) -> None:
        self.processes = processes
        self.environment = {
            **lab.environment,
            # Each page and each person comes from an address of their own.
            "TRUSTED_PROXIES": "1",
            **environment,
        }
        self.directory = lab.directory

    def __str__(self) -> str:
        return "1 process" if self.processes == 1 else f"{self.processes} processes with Redis"

    @contextmanager
    def ready(self, threads: int, people: int) -> Iterator[None]:
        run(self.environment, "manage.py", "migrate", "--verbosity=0")
        self.made = self._world("make", threads, people)
        self.threads: list[int] = self.made["threads"]
        self.thread = self.threads[0]
        self.stream = f"thread.{self.thread}"
        yield

    def _world(self, *arguments: str | int) -> dict[str, Any]:
        return self.world_of("bench.live_world", *arguments)

    def world_of(self, module: str, *arguments: str | int) -> dict[str, Any]:
        return dict(json.loads(run(self.environment, "-m", module, *map(str, arguments))))

    def say(self, times: int) -> int:
        """Say something past the web processes. Returns how far the stream is."""
        return int(self._world("say", self.thread, times)["last"])

    def last(self) -> int:
        return int(self._world("last", self.thread)["last"])

    def people(self, addresses: list[tuple[str, int]], threads: list[int]) -> list[dict[str, Any]]:
        """Somebody for each of the threads at least, each at one of the web processes."""
        cookies = self.made["cookies"]
        return [
            {
                "address": addresses[number % len(addresses)],
                "path": f"/comments/{threads[number % len(threads)]}/add/",
                "headers": {
                    "Cookie": f"{self.made['cookie']}={cookies[number % len(cookies)]}; csrftoken={CSRF}",
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": f"192.0.2.{number % len(cookies) + 1}",
                },
            }
            for number in range(max(len(cookies), len(threads)))
        ]

    @contextmanager
    def fleet(self) -> Iterator["Fleet"]:
        fleet = Fleet(self)
        try:
            fleet.start()
            yield fleet
        finally:
            fleet.end()


class PostgreSQLPlace(Place):
    """The same on a PostgreSQL database of its own, which is dropped afterwards."""

    def __init__(self, lab: Lab, processes: int, redis: str) -> None:
        self.name = f"collaborative_bench_{os.getpid()}"
        super().__init__(lab, processes, REDIS_URL=redis, REDIS_PREFIX=self.name)

    @contextmanager
    def ready(self, threads: int, people: int) -> Iterator[None]:
        with postgresql_database(self.name) as url:
            self.environment["DATABASE_URL"] = url
            with super().ready(threads, people):
                yield


def places(lab: Lab) -> Iterator[Place]:
    """One process on SQLite; three on PostgreSQL with Redis where both answer."""
    yield Place(lab, 1, DATABASE_URL=lab.url("live"))
    redis = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    try:
        Redis.from_url(redis, socket_connect_timeout=3).ping()
    except RedisError as error:
        print(f"  three processes were not measured: {error}", flush=True)
        return
    if postgresql_answers():
        yield PostgreSQLPlace(lab, 3, redis)


class Fleet:
    """The web processes of a place, each on a port of its own."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.addresses = [("127.0.0.1", free_port()) for _ in range(place.processes)]
        self.logs = [place.directory / f"live-{port}.log" for _host, port in self.addresses]
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for (_host, port), log in zip(self.addresses, self.logs, strict=True):
            command = [
                *(sys.executable, "-m", "uvicorn", "bench.live_asgi:application", "--port", str(port)),
                *("--lifespan", "off", "--no-access-log", "--no-proxy-headers", "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "2", "--ws-max-size", "16384"),
                *("--ws-per-message-deflate", "false"),
            ]
            with open(log, "a") as output:
                self._processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=self.place.environment, stdout=output, stderr=output
                    )
                )
        for (host, port), process, log in zip(self.addresses, self._processes, self.logs, strict=True):
            _wait_for(f"http://{host}:{port}/healthz", process, log)
        self.ready_at = time.monotonic()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def end(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        for process in self._processes:
            process.send_signal(number)
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            process.kill()
            process.wait()
        self._processes = []

    def memory(self) -> float:
        """Of all of them, in kB."""
        pages = sum(int(Path(f"/proc/{one.pid}/statm").read_text().split()[1]) for one in self._processes)
        return pages * os.sysconf("SC_PAGE_SIZE") / KB

    def stamps(self) -> dict[int, float]:
        """When each number was committed, as the processes noted it."""
        found: dict[int, float] = {}
        for host, port in self.addresses:
            with urllib.request.urlopen(f"http://{host}:{port}/bench/stamps/") as answer:
                found |= {int(seq): at for seq, at in json.load(answer).items()}
        return found


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.02)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


class Load:
    """The process that plays the pages and the people (live_load.py)."""

    def __enter__(self) -> "Load":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.live_load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def ask(self, **what: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The process that plays the pages ended")
        return dict(json.loads(line))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()
