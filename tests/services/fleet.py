"""Several web processes on one database, and what stands before them: started, killed and started again."""

import os
import signal
import socket
import string
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.database import KEPT, ROOT

PATIENCE = 60  # seconds; other work shares this machine
NGINX = ROOT / "deploy" / "nginx.conf.template"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Web:
    """One uvicorn process. `kill()` is kill -9; `start()` brings it back at the same address."""

    def __init__(self, database_url: str, **environment: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = KEPT / f"web-{os.getpid()}-{self.port}.log"
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.served",
            "DATABASE_URL": database_url,
            "DEMO_PASSWORD": "",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "collaborative.asgi:application", "--lifespan", "off"]
        command += ["--port", str(self.port), "--timeout-graceful-shutdown", "2", "--no-access-log"]
        with open(self.log, "a") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=output, stderr=output
            )
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                return
            time.sleep(0.1)
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        self.end(signal.SIGKILL)


@contextmanager
def fleet(size: int, database_url: str, **environment: str) -> Iterator[list[Web]]:
    """So many web processes, ended afterwards whatever happened."""
    webs = [Web(database_url, **environment) for _ in range(size)]
    try:
        for web in webs:
            web.start()
        yield webs
    finally:
        for web in webs:
            web.end()
            web.log.unlink(missing_ok=True)


class Nginx:
    """The proxy of deploy/, its template filled in for this machine, with a certificate of its own."""

    def __init__(self, folder: Path, webs: list[Web]) -> None:
        self.port, self.folder = free_port(), folder
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-addext", names]
        make += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run(make, check=True, capture_output=True)
        filled = string.Template(NGINX.read_text()).safe_substitute(
            UPSTREAMS=" ".join(f"server 127.0.0.1:{web.port};" for web in webs),
            SERVER_NAME="localhost 127.0.0.1",
            HTTP_PORT=f"127.0.0.1:{free_port()}",
            HTTPS_PORT=f"127.0.0.1:{self.port}",
            CERTIFICATE=str(self.certificate),
            CERTIFICATE_KEY=str(key),
        )
        (folder / "site.conf").write_text(filled)
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 2;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{\n{temporary}include {folder}/site.conf;\n}}\n"
        )

    @contextmanager
    def running(self) -> Iterator[str]:
        command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)
        try:
            self._wait(process)
            yield f"https://localhost:{self.port}"
        finally:
            process.terminate()
            process.wait(10)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        said = process.stderr.read().decode() if process.stderr and process.poll() is not None else ""
        raise AssertionError(f"nginx did not start: {said}")
