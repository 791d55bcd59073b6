"""What the screens of a room show, read from their pages as they are served."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from collaborative.changemakers.room import access
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.people.models import User
from tests.cast import confirm_second_factor


def _page(browser: Client, url: str) -> BeautifulSoup:
    got = browser.get(url)
    assert got.status_code == 200, (url, got.status_code)
    return BeautifulSoup(got.content.decode(), "html.parser")


def of_staff(stage: Stage, by: User) -> dict[str, BeautifulSoup]:
    browser, path = Client(), access.path_of(stage.engagement)
    browser.force_login(by)
    confirm_second_factor(browser, by)
    found = {"console": "facilitate/", "wall": "projector/"}
    return {name: _page(browser, path + more) for name, more in found.items()}


def of_person(stage: Stage, who: Participant) -> dict[str, BeautifulSoup]:
    """The live page, and the part on a page of its own, as it is used without script."""
    browser, path = Client(), access.path_of(stage.engagement)
    browser.cookies[access.cookie_of(stage.engagement)] = who.token  # type: ignore[attr-defined]
    found = {"live": "live/", "plain": f"{stage.kind}-{stage.pk}/"}
    return {name: _page(browser, path + more) for name, more in found.items()}


def board(page: BeautifulSoup) -> dict[int, list[Any]]:
    """By column: ("card", key, wordings), ("group", key, title, cards), as somebody reads them."""
    found = {}
    for column in page.select("[data-column]"):
        things = column.find_all("li", recursive=False)
        found[int(str(column["data-column"]))] = [_thing(one) for one in things if isinstance(one, Tag)]
    return {number: things for number, things in found.items() if things}


def _thing(one: Tag) -> tuple[Any, ...]:
    key = int(str(one["id"])[1:])
    if str(one["id"])[0] == "k":
        return ("card", key, tuple(said.get_text() for said in one.find_all("p")))
    title = one.select_one("h4")
    assert title is not None
    return ("group", key, title.get_text(), [_thing(card) for card in one.select("[data-group] > li")])


def laid_out(rows: dict[Any, Any]) -> dict[int, list[Any]]:
    """The same from what `Board.there()` knows of the rows: {(kind, key): (content, where, rank)}."""
    found: dict[int, list[Any]] = {}
    inside: dict[int, list[Any]] = {}
    ordered = sorted(rows.items(), key=lambda row: (row[1][2], row[0][0] == "card", row[0][1]))
    for (kind, key), (content, where, _rank) in ordered:
        if kind == "group":
            found.setdefault(where, []).append(("group", key, content, inside.setdefault(key, [])))
        elif where[0] == "in":
            inside.setdefault(where[1], []).append(("card", key, content))
        else:
            found.setdefault(where[1], []).append(("card", key, content))
    return found


def ballot(page: BeautifulSoup) -> dict[str, int]:
    """What is chosen in a vote: its place, its dots, how far they agree, or 1 for what was ticked."""
    chosen = {
        str(one["name"]): one.select_one("option[selected]") for one in page.select("[data-ballot] select")
    }
    found = {name: int(str(one["value"])) for name, one in chosen.items() if one is not None}
    for one in page.select("[data-ballot] input[checked]"):
        name, value = str(one["name"]), str(one["value"])
        found |= {value: 1} if name == "choice" else {name: int(value)}
    return found
