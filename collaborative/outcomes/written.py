"""What an editor wrote on a decision, for the rules to look at."""

from typing import Any

from collaborative.outcomes.models import DecisionPage


class Written:
    """The cleaned fields of a form laid over the page that it edits."""

    def __init__(self, page: DecisionPage, cleaned: dict[str, Any] | None = None) -> None:
        self.page = page
        self._cleaned = cleaned or {}

    def __getitem__(self, name: str) -> Any:
        return self._cleaned[name] if name in self._cleaned else getattr(self.page, name)

    def text(self, name: str) -> str:
        return str(self[name] or "").strip()

    def many(self, name: str) -> list[Any]:
        value = self[name]
        return list(value.all() if hasattr(value, "all") else value)

    def theme_ids(self) -> list[int]:
        return [block.value["theme"].pk for block in self["answers"] if block.value["theme"]]
