"""Whatever is written, lost, doubled, held up or asked in between: who is not behind sees what is there."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from collaborative.live import listener as listeners
from collaborative.live.actions import announce
from tests.live.played import World, play
from tests.live.room import Board, registered

boards = count(1)


class Notes(World):
    """A board with four notes."""

    board: Board
    writing = ("write", "write", "three at once", "take away")

    def begin(self) -> None:
        self.key = f"slate.{next(boards)}"
        self.board.words.clear()

    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        numbers = [1, 2, 3] if what == "three at once" else [pick((1, 2, 3, 4))]
        if what == "take away":
            self.board.words.pop(numbers[0], None)
        else:
            self.board.words.update(dict.fromkeys(numbers, pick("abc")))
        with transaction.atomic():
            announce(*((self.key, "said", number) for number in numbers))

    def there(self) -> dict[int, Any]:
        return dict(self.board.words)

    def show(self, page: dict[int, Any], change: dict[str, Any]) -> None:
        page.pop(change["id"], None)
        if change["html"] is not None:
            page[change["id"]] = change["html"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lives",
    [pytest.param(400, marks=pytest.mark.long), pytest.param(60, marks=pytest.mark.shallow)],
    ids=["deep", "some"],
)
def test_who_is_not_behind_sees_what_is_there(lives: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "DEPTH", 3)  # so that it overflows
    with registered() as board:
        monkeypatch.setattr(Notes, "board", board, raising=False)
        play(Notes, lives)
