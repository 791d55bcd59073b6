"""A server that a test may stop, kill and start again at the same address."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from scripts.prepare import static_fingerprint
from tests.database import KEPT, ROOT, one_at_a_time

PATIENCE = 60


def collect_static() -> None:
    """The hashed files that a served site sends, collected when they changed or are not there."""
    stamp = KEPT / "static-collected"
    with one_at_a_time("static"):
        wanted = static_fingerprint()
        if stamp.is_file() and stamp.read_text() == wanted and (KEPT / "static").is_dir():
            return
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.served"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        stamp.write_text(wanted)


class Server:
    """`collaborative.asgi` under uvicorn on a port of its own, on the database at `url`."""

    def __init__(self, url: str, settings: str = "tests.served", **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = KEPT / f"server-{os.getpid()}-{self.port}.log"
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": url,
            "DEMO_PASSWORD": "",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        collect_static()
        with open(self.log, "a") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "collaborative.asgi:application"),
                    *("--port", str(self.port), "--timeout-graceful-shutdown", "2", "--lifespan", "off"),
                    "--no-access-log",
                ],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError):
                self.get("/healthz")
                return
            time.sleep(0.1)
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")

    def get(self, path: str, data: bytes | None = None) -> bytes:
        """GET, or POST with `data`. Raises OSError when there is no answer, or not a good one."""
        with urllib.request.urlopen(self.address + path, data=data, timeout=10) as answer:
            return bytes(answer.read())

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self._process.kill()
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """As a power cut would: no goodbye to anybody."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def close(self) -> None:
        self.stop()
        self.log.unlink(missing_ok=True)
