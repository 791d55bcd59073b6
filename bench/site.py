"""Sites to measure: a database of its own in a temporary directory, and a real server on loopback."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
SCALE_SECONDS = 1800


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(environment: dict[str, str], *arguments: str) -> str:
    """What a program of Python's prints. Raises RuntimeError with all that it said when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SCALE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


class Lab:
    """The directory in which everything is made, and the environment that points there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # Nothing of the operator's: the figures are those of the default install.
        ours = {
            key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "REDIS_"))
        }
        self.environment = {
            **ours,
            "VAR_DIR": str(directory),
            "DATABASE_URL": self.url("demo"),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "BASE_URL": "http://127.0.0.1:8000",
            "DEMO": "1",
            "DEBUG": "0",
            "EMAIL_HOST": "",
            "DEMO_PASSWORD": secrets.token_urlsafe(12),
            "LOG_LEVEL": "WARNING",
        }

    def path(self, name: str) -> Path:
        return self.directory / f"{name}.sqlite3"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def manage(self, *arguments: str, database: str = "demo") -> None:
        """Run a command of the site. Raises RuntimeError with what it said when it fails."""
        run({**self.environment, "DATABASE_URL": self.url(database)}, "manage.py", *arguments)

    def copy(self, name: str, to: str) -> None:
        with (
            closing(sqlite3.connect(self.path(name))) as one,
            closing(sqlite3.connect(self.path(to))) as other,
        ):
            one.backup(other)

    @contextmanager
    def server(self, database: str = "demo") -> Iterator["Server"]:
        """A uvicorn process on a free port of 127.0.0.1, ended when the block is left."""
        port = free_port()
        log = self.directory / f"server-{port}.log"
        with open(log, "w") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "bench.asgi:application", "--port", str(port)),
                    *("--lifespan", "off", "--no-access-log", "--no-proxy-headers", "--no-server-header"),
                    *("--timeout-graceful-shutdown", "2", "--log-level", "warning"),
                ],
                cwd=ROOT,
                env={**self.environment, "DATABASE_URL": self.url(database)},
                stdout=output,
                stderr=output,
            )
        try:
            server = Server("127.0.0.1", port)
            _wait_for(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _wait_for(server: "Server", process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            server.get("/healthz")
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


class Server:
    """A running site, as a plain client sees it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._link: http.client.HTTPConnection | None = None

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """(status, headers by their names in lower case, body) over a connection that is kept."""
        try:
            return self._ask(path, headers or {})
        except http.client.RemoteDisconnected:
            # The server ends a connection that was idle for five seconds.
            return self._ask(path, headers or {})

    def _ask(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        link = self._link or http.client.HTTPConnection(self.host, self.port, timeout=30)
        self._link = None
        try:
            link.request("GET", path, headers=headers)
            response = link.getresponse()
            body = response.read()
        except BaseException:
            link.close()
            raise
        self._link = link
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def page(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of a page that must be there. Raises RuntimeError when it is not."""
        status, _headers, body = self.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return body

    def seconds(self, path: str, headers: dict[str, str] | None = None) -> float:
        """How long that page takes, once."""
        began = time.perf_counter()
        self.page(path, headers)
        return time.perf_counter() - began
