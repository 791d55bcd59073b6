"""Serves the site: the web process and the background worker beside it, started and stopped together.

The worker is started again when it falls over, after a pause that grows. `manage.py nightly` runs once
a day after NIGHTLY_HOUR. Where several machines serve one site, run the three by the machine's own means
(README, "Running it for real").
"""

import ctypes
import datetime
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
NIGHTLY_HOUR = 2
GRACE_SECONDS = 10
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    print(text, flush=True)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def truthy(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def refuse_if_unsafe(host: str, port: int) -> None:
    if truthy("DEMO") and not is_loopback(host) and not truthy("DEMO_ANYWHERE"):
        sys.exit(
            f"\nA demonstration site does not listen on {host}: its logins are known,"
            " and staff need no second factor."
            "\nSet DEMO_ANYWHERE=1 if that is what you want, or DEMO=0 for a real site.\n"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                f"\nCannot listen on {host}:{port}: {error.strerror}. Choose another: PORT=8001 make run\n"
            )


def end_with_parent() -> None:
    """On Linux a child ends when this process is killed outright, so that no orphan keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(*command: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only us, and each child gets exactly one signal.
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


class Nightly:
    """Runs `manage.py nightly` once a day; the day of the last run is kept in var/nightly."""

    def __init__(self, var: Path) -> None:
        self.kept = var / "nightly"
        self.process: subprocess.Popen[bytes] | None = None
        if not self.kept.exists():
            self._remember()

    def _remember(self) -> None:
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(self._today())

    def _today(self) -> str:
        return datetime.datetime.now().astimezone().date().isoformat()

    def tick(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.process = None
        due = datetime.datetime.now().astimezone().hour >= NIGHTLY_HOUR
        if not due or self.kept.read_text() == self._today():
            return
        self._remember()
        if (ROOT / "home" / "management" / "commands" / "nightly.py").exists():
            self.process = start("manage.py", "nightly")


class Worker:
    """The background worker, started again after 1, 2, 4 … 60 seconds when it falls over."""

    def __init__(self) -> None:
        self.pause = 1.0
        self.launch()

    def launch(self) -> None:
        self.process: subprocess.Popen[bytes] | None = start("manage.py", "db_worker", "--verbosity", "1")
        self.started = time.monotonic()
        self.again_at = 0.0

    def tick(self) -> None:
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            if now - self.started > 120:
                self.pause = 1.0
            say(f"The background worker ended ({self.process.returncode}); again in {self.pause:.0f} s.")
            self.process, self.again_at = None, now + self.pause
            self.pause = min(60.0, self.pause * 2)
        elif self.process is None and now >= self.again_at:
            self.launch()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def stop_all(processes: list[subprocess.Popen[bytes] | None]) -> None:
    running = [process for process in processes if process is not None and process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve(host: str, port: int, var: Path) -> int:
    stopping = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    # No access log, and no believing of proxies' headers: addresses of visitors are nobody's business.
    web = start(
        *("-m", "uvicorn", "collaborative.asgi:application", "--host", host, "--port", str(port)),
        *("--timeout-graceful-shutdown", "5", "--no-proxy-headers", "--no-access-log", "--no-server-header"),
        *("--ws-max-size", "16384", "--ws-per-message-deflate", "false"),
        *("--lifespan", "off", "--log-level", "warning"),
    )
    worker, nightly = Worker(), Nightly(var)
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    announced = False
    while not stopping and web.poll() is None:
        if not announced and answers(here):
            say(f"\n  The site is at {here}/   (staff: {here}/admin/)   Stop with Ctrl-C.\n")
            announced = True
        worker.tick()
        nightly.tick()
        time.sleep(0.2 if not announced else 1)
    stop_all([web, worker.process, nightly.process])
    if stopping:
        return 0
    say(f"The web process ended by itself ({web.returncode}).")
    return web.returncode or 1


def main() -> int:
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        sys.exit(f"PORT={os.environ['PORT']!r} is not a number.")
    refuse_if_unsafe(host, port)
    named = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    os.environ.setdefault("BASE_URL", f"http://{f'[{named}]' if ':' in named else named}:{port}")
    prepared = subprocess.run([sys.executable, "scripts/prepare.py"], cwd=ROOT, check=False)
    if prepared.returncode:
        return prepared.returncode
    return serve(host, port, Path(os.environ.get("VAR_DIR") or ROOT / "var"))


if __name__ == "__main__":
    sys.exit(main())
