"""When a recommendation may be published (REC-2, REC-3, REC-4)."""

from typing import Any

from django.utils.translation import gettext as _

from collaborative.outcomes.models import RecommendationPage
from collaborative.outcomes.problems import Problem, refuse


def problems(page: RecommendationPage, cleaned: dict[str, Any] | None = None) -> list[Problem]:
    """All that is missing, by name. `cleaned` is laid over the page when a form asks."""
    values = cleaned or {}

    def written(name: str) -> Any:
        return values[name] if name in values else getattr(page, name)

    required = {
        "statement": _("The statement is missing: the recommendation in one sentence."),
        "outcome_statement": _("The outcome is missing: what a person can say when it is done, as “I…”."),
        "equality": _("The equality statement is missing: how it will address inequalities."),
    }
    found = [Problem(text, name) for name, text in required.items() if not (written(name) or "").strip()]
    bullets = list(written("why"))
    if not bullets:
        found.append(Problem(_("The evidence is missing: at least one thing that the evidence said."), "why"))
    for index, block in enumerate(bullets):
        if block.value["evidence"] is None:  # REC-3
            message = _("Choose the evidence record behind “%(text)s”.") % {"text": block.value["text"]}
            found.append(Problem(message, "why", index, "evidence"))
    if (written("official_text") or "").strip() and not written("official_source"):  # REC-4
        found.append(Problem(_("Give the source of the official wording."), "official_source"))
    return found


def refuse_unpublishable(page: RecommendationPage) -> None:
    refuse(problems(page))
