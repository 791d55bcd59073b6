"""What the page of the plan would publish, held against the version that stands.

The one place that knows when a change may be published. The form shows its problems at the block that has
them, `freeze_model()` refuses with the same ones where there is no form, and the preview shows its moves.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from collaborative.outcomes.models.clauses import Clause, ClauseVersion, ModelVersion
from collaborative.outcomes.problems import Problem
from collaborative.outcomes.wording import AUDIENCES, LETTER, NEEDED, SINGLE, field_of, parts_of, title_of


@dataclass(frozen=True)
class Entry:
    """A sentence as the page has it. `position` is that of its block in `body`."""

    position: int
    block_id: str | None
    key: UUID | None
    ref: str
    kind: str
    parts: dict[str, str]
    reason: str
    decision_id: int | None
    editorial: bool

    @property
    def called(self) -> str:
        return called(self.ref, self.kind, self.parts)


@dataclass(frozen=True)
class Move:
    """One sentence that would be added, changed or retired, and what stands now (None when it is new)."""

    kind: ClauseVersion.Kind
    now: ClauseVersion | None
    entry: Entry | None
    reason: str
    decision_id: int | None
    editorial: bool = False


@dataclass
class NextVersion:
    current: ModelVersion | None
    entries: list[Entry]
    standing: dict[UUID, ClauseVersion]  # what stands now, by the key of its sentence
    moves: list[Move] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        """True also when only the order of the sentences differs."""
        return bool(self.moves) or [e.key for e in self.entries] != list(self.standing)


def called(ref: str, kind: str, parts: dict[str, str]) -> str:
    """How a message names a sentence: “P3 (Same door, wherever I am)”."""
    name = title_of(kind, parts)
    return f"{ref} ({name})" if name else ref or _("A sentence without a number")


def propose(body: StreamValue, retired: StreamValue, summary: str) -> NextVersion:
    """Hold the page, and what it says of its changes, against the current version (three queries)."""
    current = ModelVersion.objects.current()
    rows: dict[UUID, list[ClauseVersion]] = {}
    for row in ClauseVersion.objects.select_related("clause").order_by("number"):
        rows.setdefault(row.clause.key, []).append(row)
    clauses = {clause.ref: clause for clause in Clause.objects.all()}
    by_id = {row.pk: row for history in rows.values() for row in history}
    standing = [by_id[pk] for pk in (current.layout if current else [])]
    entries = [_entry(position, block, clauses) for position, block in enumerate(body)]
    coming = NextVersion(current, entries, {version.clause.key: version for version in standing})
    for entry in entries:
        _weigh(coming, entry, rows.get(entry.key, []) if entry.key else [])
    _check_numbers(coming, clauses)
    _weigh_retired(coming, retired, clauses)
    _weigh_summary(coming, summary.strip())
    return coming


def _weigh_summary(coming: NextVersion, summary: str) -> None:
    """A version that follows another says what it changes, and not what the other one changed."""
    current = coming.current
    if current is None or not coming.changes_anything or summary not in ("", current.summary.strip()):
        return
    text = (
        _("This is what version %(number)s changed. Write what the next version changes.")
        if summary
        else _("Write what this version changes: it is shown with the version.")
    )
    coming.problems.append(Problem(text % {"number": current.number}, "version_summary"))


def _entry(position: int, block: StreamValue.StreamChild, clauses: dict[str, Clause]) -> Entry:
    kind, value = block.block_type, block.value
    key = _uuid(block.id)
    ref = SINGLE.get(kind) or (value.get("ref") or "").strip().upper()
    if kind in SINGLE and ref in clauses:
        key = clauses[ref].key  # there is one vision and one how, whatever block holds it
    return Entry(
        position, block.id, key, ref, kind, parts_of(kind, value), *_why(value), bool(value["editorial"])
    )


def _why(value: Any) -> tuple[str, int | None]:
    decision = value.get("decision")
    return (value.get("reason") or "").strip(), decision.pk if decision else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _weigh(coming: NextVersion, entry: Entry, history: list[ClauseVersion]) -> None:
    """Note the move that an entry makes, and whether its reason is fresh."""
    now = history[-1] if history else None
    stands = entry.key in coming.standing
    if stands and now and now.parts == entry.parts:
        return
    kind = ClauseVersion.Kind.CHANGED if stands else ClauseVersion.Kind.ADDED
    coming.moves.append(Move(kind, now, entry, entry.reason, entry.decision_id, entry.editorial))
    # A sentence that comes back brings its old reasons along; one that stands, only that of its words.
    stale = {row.reason for row in (history[-1:] if stands else history)}
    if not entry.reason:
        message = (
            _("%(sentence)s changed. Say why these words changed.")
            if stands
            else _("%(sentence)s is new. Say why it was added.")
        )
    elif entry.reason in stale:
        message = _(
            "%(sentence)s has the reason of an earlier change. "
            "Write why these words changed, afresh, under the sentence."
        )
    else:
        return
    coming.problems.append(Problem(message % {"sentence": entry.called}, "body", entry.position, "reason"))


def _check_numbers(coming: NextVersion, clauses: dict[str, Clause]) -> None:
    """Every block is one sentence, every sentence keeps its number, and nothing is left empty."""
    owners = {clause.key: ref for ref, clause in clauses.items()}
    ids: set[str] = set()
    refs: set[str] = set()
    for entry in coming.entries:
        at = partial(Problem, field="body", index=entry.position)
        name = {"sentence": entry.called, "ref": entry.ref}
        if entry.block_id and (entry.block_id in ids or _uuid(entry.block_id) is None):
            text = _("%(sentence)s has the same hidden key as another sentence. Delete it and add it again.")
            coming.problems.append(at(text % name))
        if entry.ref in refs:
            text = _("There are two sentences with the number %(ref)s.")
            coming.problems.append(at(text % name, child=_ref_field(entry)))
        elif problem := _number_problem(entry, owners, clauses):
            coming.problems.append(at(problem % name, child=_ref_field(entry)))
        for part in _empty(entry):
            text = _("%(sentence)s has no words here.")
            coming.problems.append(at(text % name, child=field_of(part)))
        ids.add(entry.block_id or "")
        refs.add(entry.ref)


def _ref_field(entry: Entry) -> str:
    return "" if entry.kind in SINGLE else "ref"


def _number_problem(entry: Entry, owners: dict[UUID, str], clauses: dict[str, Clause]) -> str | None:
    if entry.kind in SINGLE:
        return None
    if not re.fullmatch(f"{LETTER[entry.kind]}[1-9][0-9]{{0,2}}", entry.ref):
        example = {"example": f"{LETTER[entry.kind]}9"}
        return _("The number of %%(sentence)s is a letter and digits, such as %(example)s.") % example
    own = owners.get(entry.key) if entry.key else None
    if own and own != entry.ref:
        return _("A sentence keeps its number for ever: this is %(own)s, not %%(ref)s.") % {"own": own}
    if entry.ref in clauses and not own:
        return _("%(ref)s was given to another sentence. Numbers are never used again: choose a new one.")
    return None


def _empty(entry: Entry) -> Iterable[str]:
    empty = [part for part in NEEDED[entry.kind] if not entry.parts[part]]
    if entry.kind == "outcome" and not any(entry.parts[audience] for audience in AUDIENCES):
        empty.append(next(iter(AUDIENCES)))
    return empty


def _weigh_retired(coming: NextVersion, retired: StreamValue, clauses: dict[str, Clause]) -> None:
    """A sentence that is gone from the page needs its reason under “Sentences taken out”."""
    kept = {entry.key for entry in coming.entries} | {
        clauses[e.ref].key for e in coming.entries if e.ref in clauses
    }
    gone = {v.clause.ref: v for key, v in coming.standing.items() if key not in kept}
    said: set[str] = set()
    for position, block in enumerate(retired):
        ref = (block.value.get("ref") or "").strip().upper()
        reason, decision_id = _why(block.value)
        at = partial(Problem, field="retired", index=position)
        if ref not in clauses or clauses[ref].key in kept or ref in said:
            text = _("%(ref)s is not a sentence that was taken out of the page above.")
            coming.problems.append(at(text % {"ref": ref or "…"}, child="ref"))
        elif ref in gone:
            now = gone[ref]
            coming.moves.append(Move(ClauseVersion.Kind.RETIRED, now, None, reason, decision_id))
            if not reason or reason == now.reason:
                text = _("%(sentence)s was taken out. Say why.")
                name = called(ref, now.clause.kind, now.parts)
                coming.problems.append(at(text % {"sentence": name}, child="reason"))
        said.add(ref)
    for ref, now in gone.items():
        if ref not in said:
            text = _("%(sentence)s was taken out. Say why under “Sentences taken out”, or put it back.")
            name = called(ref, now.clause.kind, now.parts)
            coming.problems.append(Problem(text % {"sentence": name}, "retired"))
