"""Several web processes on one database, and what stands before them: started, killed and started again."""

import socket
import string
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser.serving import PATIENCE, Server
from tests.database import ROOT

NGINX = ROOT / "deploy" / "nginx.conf.template"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def fleet(size: int, database_url: str, settings: str, **environment: str) -> Iterator[list[Server]]:
    """So many web processes, ended afterwards whatever happened."""
    webs = [Server(database_url, settings, **environment) for _ in range(size)]
    try:
        for web in webs:
            web.start()
        yield webs
    finally:
        for web in webs:
            web.close()


class Nginx:
    """The proxy of deploy/, its template filled in for this machine, with a certificate of its own."""

    def __init__(self, folder: Path, webs: list[Server]) -> None:
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
