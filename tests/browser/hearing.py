"""What a screen reader hears without being asked."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def read_out(page: Page) -> list[str]:
    """What the polite regions of the accessibility tree say: a screen reader hears these and nothing else."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def words(node: dict[str, Any]) -> str:
        if node.get("role", {}).get("value") == "StaticText":
            return str(node.get("name", {}).get("value", ""))
        return "".join(words(by_id[child]) for child in node.get("childIds", []) if child in by_id)

    def is_polite(node: dict[str, Any]) -> bool:
        return any(
            one["name"] == "live" and one["value"].get("value") == "polite"
            for one in node.get("properties", [])
        )

    said = [
        words(node) for node in nodes if node.get("role", {}).get("value") == "status" and is_polite(node)
    ]
    session.detach()
    return [one for one in said if one.strip()]


def waits_to_hear(page: Page, sentence: str) -> None:
    """Until one of them says this and nothing else."""
    _wait(page, lambda said: sentence in said)


def waits_to_hear_of(page: Page, words: str) -> None:
    """Until one of them says this among other things."""
    _wait(page, lambda said: any(words in one for one in said))


def _wait(page: Page, heard: Callable[[list[str]], bool]) -> None:
    for _turn in range(150):
        if heard(read_out(page)):
            return
        page.wait_for_timeout(200)
    said = read_out(page)
    assert heard(said), said
