"""Redis, PostgreSQL and a network of our own, which a test may break."""

import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.services.fleet import PATIENCE, free_port


def postgresql_binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them out of the way."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = [*debian, *([Path(elsewhere)] if (elsewhere := shutil.which("initdb")) else [])]
    return found[0].parent if found else None


class Redis:
    """A Redis server of the test's own, nothing kept on disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def running(self) -> Iterator["Redis"]:
        self.start()
        try:
            yield self
        finally:
            self.kill()


class PostgreSQL:
    """A PostgreSQL cluster of the test's own. `restart()` ends every connection at once."""

    def __init__(self, folder: Path) -> None:
        binaries = postgresql_binaries()
        assert binaries is not None
        self.binaries, self.folder, self.port = binaries, folder / "cluster", free_port()
        self.url = f"postgres://site@127.0.0.1:{self.port}/site"
        # The server refuses to run as root, so there it runs as its own user.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self.binaries / program), *arguments]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def make(self) -> None:
        self.folder.mkdir()
        if self._as:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            for parent in list(self.folder.parents)[:3]:
                with suppress(PermissionError):
                    parent.chmod(parent.stat().st_mode | 0o011)
        self._run("initdb", "-D", str(self.folder), "-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "site", "site")

    def copy_from(self, url: str) -> None:
        """All that stands in another database now."""
        dump = subprocess.Popen(
            [str(self.binaries / "pg_dump"), "--no-owner", url.partition("?")[0]], stdout=subprocess.PIPE
        )
        load = [str(self.binaries / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", self.url]
        subprocess.run(load, stdin=dump.stdout, check=True, stdout=subprocess.DEVNULL)
        assert dump.wait() == 0

    def _options(self) -> str:
        return f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"

    def start(self) -> None:
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder), "-w", "-l", log, "-o", self._options(), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder), "-w", "-m", "immediate", "stop")

    @contextmanager
    def running(self) -> Iterator["PostgreSQL"]:
        self.make()
        try:
            yield self
        finally:
            with suppress(AssertionError):
                self.stop()


class Wire:
    """Between clients and one port. `cut()` drops all that is under way; nothing passes until `mend()`."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._whole = threading.Event()
        self._whole.set()
        self._pairs: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._server.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            if not self._whole.is_set():
                client.close()
                continue
            threading.Thread(target=self._join, args=[client], daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._behind), timeout=10)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        with self._lock:
            self._pairs |= {client, server}
        back = threading.Thread(target=self._pump, args=[server, client], daemon=True)
        back.start()
        self._pump(client, server)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        self._end(source, sink)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        with self._lock:
            self._pairs -= set(ends)

    def cut(self) -> None:
        self._whole.clear()
        with self._lock:
            ends = list(self._pairs)
        self._end(*ends)

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self._server.close()
        self.cut()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"Nothing answers on port {port}")
