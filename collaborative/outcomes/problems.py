"""What stands in the way of publication: shown at the block in a form, or as one refusal elsewhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from collaborative.errors import Refused


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or wrong. The message stands alone: it names what it is about.

    `field` is a field of the page (empty: the page as a whole), `index` the place of a block in that
    stream field, `child` the part of the block.
    """

    message: str
    field: str = ""
    index: int | None = None
    child: str = ""


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Refused` with every message, or nothing when there is no problem."""
    messages = [problem.message for problem in problems]
    if messages:
        raise Refused(messages)


def add_to_form(form: BaseForm, problems: Iterable[Problem]) -> None:
    """Put every message beside the field, and for a stream field at the block, that it is about."""
    by_field: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_field[problem.field if problem.field in form.fields else ""].append(problem)
    for field, found in by_field.items():
        if not field or all(problem.index is None for problem in found):
            form.add_error(field or None, [problem.message for problem in found])
        else:
            form.add_error(field, _stream_error(found))


def _stream_error(problems: list[Problem]) -> StreamBlockValidationError:
    blocks: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.index is not None:
            blocks[problem.index].append(problem)
    return StreamBlockValidationError(
        block_errors={index: _block_error(found) for index, found in blocks.items()},
        non_block_errors=[ValidationError(p.message) for p in problems if p.index is None],
    )


def _block_error(problems: list[Problem]) -> ValidationError:
    if not any(problem.child for problem in problems):
        return ValidationError(" ".join(problem.message for problem in problems))
    children: dict[str, str] = {}
    for problem in problems:
        if problem.child:
            children[problem.child] = f"{children.get(problem.child, '')} {problem.message}".strip()
    return StructBlockValidationError(
        block_errors={child: ValidationError(text) for child, text in children.items()},
        non_block_errors=[ValidationError(p.message) for p in problems if not p.child],
    )
