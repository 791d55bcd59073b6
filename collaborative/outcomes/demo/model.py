"""Versions 1 to 3 of the plan, each published on its day, and the draft of version 4 with the board."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from wagtail.models import Workflow

from collaborative import demonstration
from collaborative.demonstration import Days, as_of
from collaborative.outcomes.actions import publish_model
from collaborative.outcomes.actions.model import WORKFLOW_NAME
from collaborative.outcomes.models import DecisionPage, ModelPage
from collaborative.people.models import User

Words = dict[str, dict[str, Any]]  # ref -> the newest wording of that sentence


def _words(texts: dict[str, Any], number: int) -> Words:
    standing: Words = {}
    for row in texts["wording"]:
        if row["version"] <= number:
            standing[row["ref"]] = row
    return standing


def _body(texts: dict[str, Any], words: Words, decisions: dict[str, DecisionPage]) -> list[dict[str, Any]]:
    """The blocks of the page, in the order in which a reader meets them."""
    kinds = {row["ref"]: row["kind"] for row in texts["clause"]}
    order = [ref for kind in ("vision", "how", "outcome", "principle") for ref in kinds if kinds[ref] == kind]
    blocks = []
    for ref in order:
        if ref not in words:
            continue
        row = words[ref]
        value = {("from_" if part == "from" else part): text for part, text in row["parts"].items()}
        decision = decisions.get(row["decision"])
        value |= {
            "reason": row["reason"],
            "decision": decision.pk if decision else None,
            "editorial": row["editorial"],
        }
        if kinds[ref] in ("outcome", "principle"):
            value["ref"] = ref
        blocks.append({"type": kinds[ref], "id": str(uuid5(NAMESPACE_OID, f"demo:{ref}")), "value": value})
    return blocks


def load_version(page: ModelPage, number: int, days: Days, by: User) -> None:
    """Publish that version on the day on which the board approved it."""
    texts = demonstration.read("outcomes", "model")
    version = next(row for row in texts["version"] if row["number"] == number)
    moment = days.at(version["approved_day"], 15)
    with as_of(moment):
        page = ModelPage.objects.get(pk=page.pk)
        page.version_summary = version["summary"]
        page.approved_by = version["approved_by"]
        page.body = _stream(page, _body(texts, _words(texts, number), _decisions()))
        page.save_revision(user=by)
        publish_model(page, by=by, at=moment, skip_permission_checks=True)


def load_draft(page: ModelPage, days: Days, by: User) -> None:
    """Save the draft and send it to the board, as its editor would."""
    texts = demonstration.read("outcomes", "model")
    draft = texts["draft"]
    words = _words(texts, draft["number"]) | {row["ref"]: row for row in draft["wording"]}
    with as_of(days.at(draft["day"], 11)):
        page = ModelPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        page.version_summary = draft["summary"]
        page.body = _stream(page, _body(texts, words, _decisions()))
        page.save_revision(user=by)
        Workflow.objects.get(name=WORKFLOW_NAME).start(page, by)


def _stream(page: ModelPage, blocks: list[dict[str, Any]]) -> Any:
    return page._meta.get_field("body").stream_block.to_python(blocks)


def _decisions() -> dict[str, DecisionPage]:
    return {page.slug: page for page in DecisionPage.objects.all()}
