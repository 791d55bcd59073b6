from collections.abc import Iterator

import pytest

from collaborative.live import catchup, hints
from tests.live.room import Board, registered


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    catchup.shelf.clear()
    monkeypatch.setattr(hints, "_quiet_until", 0.0)


@pytest.fixture
def board() -> Iterator[Board]:
    with registered() as room:
        yield room
