"""What keeps questions from being published: said at each block of the editor, and at every door."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from collaborative.consultations.kinds import FILE, IN_WORDS, KEY, LEADING_ON, MATRIX, NUMBER, WITH_CHOICES
from collaborative.consultations.models.questions import Question
from collaborative.consultations.questions import (
    WHY,
    Block,
    choices,
    conditions,
    in_editions,
    newest_wordings,
    standing_questions,
)
from collaborative.contributions.models import Edition
from collaborative.engagements.models import Engagement


@dataclass(frozen=True)
class Problem:
    """What is wrong with a question: its place among the blocks (None: the whole list), field, message."""

    index: int | None
    field: str
    message: str


def problems(
    blocks: Iterable[Block],
    engagement: Engagement | None,
    *,
    promised: Collection[str] = (),
    invites_under_18: bool = False,
) -> list[Problem]:
    """Everything that keeps these questions from being published.

    Once somebody has answered, a question may be put in new words, but its kind, who is asked, and the keys
    of its choices stand, and it cannot go. Three queries at most.
    """
    blocks = list(blocks)
    if not blocks:
        return [Problem(None, "", _("Ask at least one question."))]
    found: list[Problem] = []
    before: dict[str, Block] = {}
    for index, block in enumerate(blocks):
        if block["key"] in before:
            found.append(Problem(index, "key", _("Another question has this key.")))
        found += [Problem(index, field, message) for field, message in _malformed(block)]
        found += [Problem(index, "ask_if", message) for message in _ill_asked(block, before)]
        found += [Problem(index, field, message) for field, message in _not_in(block, promised)]
        if invites_under_18 and block["type"] == FILE:
            text = _(
                "People under 18 are invited, so it asks nobody for a file: a picture shows who they are."
            )
            found.append(Problem(index, "type", text))
        before[block["key"]] = block
    if engagement is not None and engagement.receipts.exists():
        found += _against_answers(blocks, engagement)
    return found


FIELDS = {
    Edition.YOUNG: "young",
    Edition.EASY_READ: "easy_read",
    Edition.BSL: "bsl",
    Edition.GAELIC: "gaelic",
}


def _not_in(block: Block, promised: Collection[str]) -> Iterable[tuple[str, str]]:
    """LNG-3: an edition that is promised has every question."""
    given = in_editions(block)
    for edition in promised:
        if edition == Edition.YOUNG and not block["young"].strip():
            yield "young", _("There is an edition for young people: ask this in their words.")
        elif edition not in given:
            text = _("The edition “%(edition)s” is promised: ask this in it.")
            yield FIELDS[Edition(edition)], text % {"edition": Edition(edition).label}


def _malformed(block: Block) -> Iterable[tuple[str, str]]:
    """What is wrong with one question by itself, as (field, message)."""
    kind = block["type"]
    if not KEY.fullmatch(block["key"]) or block["key"].endswith(WHY):
        yield "key", _("Use letters, digits, hyphens and underscores only.")
    if not block["text"].strip():
        yield "text", _("Write the question.")
    if kind in IN_WORDS and block["options"]:
        yield "options", _("A question in people's own words has no choices.")
    elif kind not in WITH_CHOICES and block["options"]:
        yield "options", _("A number or a day has no choices.")
    elif kind in WITH_CHOICES:
        yield from (("options", message) for message in _ill_chosen(choices(block), 2))
    if kind == MATRIX:
        yield from (("rows", message) for message in _ill_chosen(block.get("rows") or [], 1))
    elif block.get("rows"):
        yield "rows", _("Only a question of several lines has lines.")
    if kind == FILE:
        yield from _ill_filed(block)
    least, most = block.get("least"), block.get("most")
    if kind == NUMBER and least is not None and most is not None and least > most:
        yield "most", _("The largest number is less than the smallest.")


def _ill_filed(block: Block) -> Iterable[tuple[str, str]]:
    if not block.get("file_types"):
        yield "file_types", _("Say which kinds of file may be sent.")
    if (block.get("file_megabytes") or 0) > settings.FILE_MEGABYTES:
        text = _("This site takes files of up to %(most)s megabytes.") % {"most": settings.FILE_MEGABYTES}
        yield "file_megabytes", text


def _ill_chosen(given: Iterable[Block], few: int) -> Iterable[str]:
    """What is wrong with choices, or with lines, of which there must be at least `few`."""
    keys = [one["key"] for one in given]
    if len(keys) < few:
        yield _("Give at least two choices.") if few > 1 else _("Give at least one line.")
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        yield _("Each choice needs a key of its own, of letters, digits and hyphens.")


def _ill_asked(block: Block, before: dict[str, Block]) -> Iterable[str]:
    """What is wrong with "ask only if": it may look back alone, at choices that are there."""
    for condition in conditions(block):
        key = condition["question"]
        leading = before.get(key)
        if leading is None:
            yield _("No question before this one has the key “%(key)s”.") % {"key": key}
        elif leading["type"] not in LEADING_ON:
            yield _("“%(key)s” is not answered by choosing, so nothing can depend on it.") % {"key": key}
        else:
            known = {one["key"] for one in choices(leading)}
            unknown = [one for one in condition["any_of"] if one not in known]
            if unknown:
                yield _("“%(key)s” has no choice “%(choice)s”.") % {"key": key, "choice": unknown[0]}
            elif not condition["any_of"]:
                yield _("Say which of its choices.")


def _against_answers(blocks: list[Block], engagement: Engagement) -> list[Problem]:
    found: list[Problem] = []
    place = {block["key"]: index for index, block in enumerate(blocks)}
    for question in standing_questions(engagement):
        if question.retired:
            continue
        index = place.get(question.key)
        if index is None:
            text = _("“%(key)s” has been answered and cannot be taken out.") % {"key": question.key}
            found.append(Problem(None, "", text))
            continue
        found += [Problem(index, field, message) for field, message in _changed(blocks[index], question)]
    return found


def _changed(block: Block, question: Question) -> Iterable[tuple[str, str]]:
    """What answers would no longer fit, as (field, message)."""
    newest = newest_wordings(question)[Edition.STANDARD]
    if block["type"] != question.type:
        yield "type", _("This has been answered: its kind cannot change.")
    if {one["key"] for one in choices(block)} != {one["key"] for one in newest.options}:
        yield "options", _("This has been answered: its choices can only be reworded.")
    if {one["key"] for one in block.get("rows") or []} != {one["key"] for one in newest.rows}:
        yield "rows", _("This has been answered: its lines can only be reworded.")
    if (block.get("unit") or "") != newest.unit:
        yield "unit", _("This has been answered: what is counted cannot change.")
    if conditions(block) != question.ask_if:
        yield "ask_if", _("This has been answered: who is asked cannot change.")
