"""Requests a second that a server answers: by wrk where it is installed, else by a client of our own.

Our client speaks just enough HTTP/1.1 over kept connections that it costs less than any view it measures.
It runs in a process of its own, as wrk does, so that it does not take the measuring process's time.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import time

CONNECTIONS = 8
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "our own client"


def rate(host: str, port: int, path: str, seconds: float) -> float:
    """Answers a second over `CONNECTIONS` kept connections. Raises RuntimeError for anything but a 200."""
    url = f"http://{host}:{port}{path}"
    if wrk := shutil.which("wrk"):
        # wrk counts in whole seconds.
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", url]
    else:
        command = [sys.executable, "-m", "bench.load", host, str(port), path, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False)
    found = RATE.search(done.stdout)
    if done.returncode or found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{url}: {done.stdout}{done.stderr}")
    return float(found[1])


async def _ask_until(host: str, port: int, path: str, deadline: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    answered = 0
    try:
        while time.perf_counter() < deadline:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            if not head.startswith(b"HTTP/1.1 200") or length is None:
                raise RuntimeError(f"{path}: {head[:200]!r}")
            await reader.readexactly(int(length[1]))
            answered += 1
    finally:
        writer.close()
    return answered


async def _measure(host: str, port: int, path: str, seconds: float) -> float:
    began = time.perf_counter()
    deadline = began + seconds
    answered = await asyncio.gather(
        *(_ask_until(host, port, path, deadline) for _number in range(CONNECTIONS))
    )
    return sum(answered) / (time.perf_counter() - began)


if __name__ == "__main__":
    _host, _port, _path, _seconds = sys.argv[1:]
    print(f"Requests/sec: {asyncio.run(_measure(_host, int(_port), _path, float(_seconds))):.2f}")
