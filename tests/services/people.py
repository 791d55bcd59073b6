"""People in a thread, as their browsers behave: they post until it is acknowledged, and follow along."""

import http.client
import json
import random
import re
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

TRIED_AGAIN = (0.1, 0.4)  # seconds, with jitter
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Person:
    """Signed in by `cookie`. `acknowledged`: comment numbers by text, as the site answered."""

    address: str
    thread: int
    cookie: str
    place: str = "203.0.113.1"  # where they are on the network
    acknowledged: dict[str, int] = field(default_factory=dict)
    refusals: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cookies = {"sessionid": self.cookie}
        self.token = ""

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        there = urlsplit(self.address)
        link = http.client.HTTPConnection(there.hostname or "", there.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["X-Forwarded-For"] = self.place
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()
        finally:
            link.close()

    def open_page(self) -> str:
        """The page with its form; the token of the form is kept."""
        status, page = self._ask("GET", f"/comments/{self.thread}/add/")
        found = CSRF.search(page)
        assert status == 200 and found, (status, page[:300])
        self.token = found[1]
        return page

    def send(self, text: str, key: str) -> tuple[int, str]:
        fields = {"csrfmiddlewaretoken": self.token, "text": text, "key": key, "looked": "1"}
        return self._ask("POST", f"/comments/{self.thread}/add/", urlencode(fields))

    def post(self, text: str, *, until: float) -> None:
        """One attempt, sent again with the same key until somebody says that it stands."""
        key = uuid.uuid4().hex
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if not self.token:
                    self.open_page()
                status, answer = self.send(text, key)
                if status == 200:
                    self.acknowledged[text] = json.loads(answer)["id"]
                    return
                self.refusals.append((status, answer[:300]))
            time.sleep(random.uniform(*TRIED_AGAIN))
        raise AssertionError(f"{text!r} was never acknowledged: {self.refusals[-3:]}")


class Follower(threading.Thread):
    """A page that is open: one socket, numbers in order, a gap is fetched. `ids` is the list as it shows."""

    def __init__(self, address: str, thread: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self.address, self.cookie, self.stream = address, cookie, f"thread.{thread}"
        self.last = 0
        self.seen: list[int] = []  # the numbers of changes in the order in which they were applied
        self.shown: dict[int, str] = {}  # comment: html
        self.connections = 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.is_set():
            with suppress(OSError, WebSocketException, http.client.HTTPException):
                self._live()
            self._done.wait(random.uniform(*TRIED_AGAIN))

    def _live(self) -> None:
        url = f"{self.address.replace('http', 'ws', 1)}/ws/live/?s={self.stream}:{self.last}"
        header = {"Cookie": f"sessionid={self.cookie}"}
        origin = Origin(self.address)
        with connect(url, origin=origin, additional_headers=header, open_timeout=10, proxy=None) as link:
            self.connections += 1
            while not self._done.is_set():
                with suppress(TimeoutError):
                    self._hear(json.loads(link.recv(0.5)))

    def _hear(self, frame: dict) -> None:
        if frame.get("stream") == self.stream:
            if frame["first"] > self.last + 1:
                self.catch_up()
            else:
                self._apply(frame["changes"])
                self.last = max(self.last, frame["upto"])
        elif frame.get("gap") == self.stream or frame.get("beat", {}).get(self.stream, 0) > self.last:
            self.catch_up()

    def catch_up(self) -> None:
        """Ask for what was missed, until nothing is."""
        person = Person(self.address, 0, self.cookie)
        while True:
            path = f"/live/catch-up/?s={self.stream}&after={self.last}&limit=100"
            status, answer = person._ask("GET", path)
            if status != 200:
                raise OSError(f"{status} {answer[:200]}")
            found = json.loads(answer)
            assert not found["reset"], found
            self._apply(found["changes"])
            self.last = max(self.last, found["upto"])
            if found["upto"] >= found["last"]:
                return

    def _apply(self, changes: list[dict]) -> None:
        for change in changes:
            if change["seq"] <= self.last:
                continue
            self.last = change["seq"]
            self.seen.append(change["seq"])
            if change["kind"] == "thread":
                continue
            if change["html"] is None:
                self.shown.pop(change["id"], None)
            else:
                self.shown[change["id"]] = change["html"]

    def stop(self) -> None:
        self._done.set()
        self.join(10)
