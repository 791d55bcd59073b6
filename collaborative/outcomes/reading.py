"""What the public pages of the plan show, in a fixed number of queries however many sentences it has.

Versions are read from frozen rows alone. The page in the editor is asked for one thing only: whether a draft
is on its way. Its words are private.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localdate
from wagtail.models import WorkflowState

from collaborative.figures.models import Table
from collaborative.outcomes import again
from collaborative.outcomes.compare import Piece, earlier, later, words
from collaborative.outcomes.models import (
    TONES,
    Answer,
    Change,
    ClauseVersion,
    DecisionPage,
    Disposition,
    ModelPage,
    ModelVersion,
)
from collaborative.outcomes.wording import AUDIENCES, PART_LABELS, PARTS, number_of, title_of

FOLLOWED = frozenset({Answer.ADOPTED, Answer.IN_PART})
Parts = dict[str, str]


@dataclass(frozen=True)
class ChangedPart:
    part: str
    label: str
    pieces: list[Piece]

    @property
    def before(self) -> list[Piece]:
        return earlier(self.pieces)

    @property
    def after(self) -> list[Piece]:
        return later(self.pieces)


def changed_parts(old: Parts, new: Parts, kind: str) -> list[ChangedPart]:
    """The parts whose words differ, in the order of the page. An empty `old` or `new` means there is none."""
    return [
        ChangedPart(part, str(PART_LABELS[part]), words(old.get(part, ""), new.get(part, "")))
        for part in PARTS[kind]
        if old.get(part, "") != new.get(part, "")
    ]


@dataclass
class Sentence:
    """A sentence as it stands in one version, and what was there before it."""

    row: ClauseVersion
    before: ClauseVersion | None = None
    came_at: datetime | None = None  # when its words were approved
    fresh: bool = False  # its words came with the version that is shown
    heard: Table | None = None
    decision: DecisionPage | None = None
    coming: list[Change] = field(default_factory=list)  # decided, and not yet in the plan

    @property
    def ref(self) -> str:
        return self.row.clause.ref

    @property
    def anchor(self) -> str:
        return self.ref.lower()

    @property
    def kind(self) -> str:
        return self.row.clause.kind

    @property
    def parts(self) -> Parts:
        return self.row.parts

    @property
    def number(self) -> str:
        return number_of(self.kind, self.ref)

    @property
    def title(self) -> str:
        return title_of(self.kind, self.parts)

    @property
    def is_new(self) -> bool:
        return self.before is None or self.before.kind == ClauseVersion.Kind.RETIRED

    @cached_property
    def changes(self) -> list[ChangedPart]:
        """What its words changed from; empty for a sentence that was new."""
        return (
            [] if self.is_new or not self.before else changed_parts(self.before.parts, self.parts, self.kind)
        )

    @property
    def changed_for(self) -> str:
        """For whom an outcome changed, as “Adult, Employer”; empty when it changed for everybody."""
        changed = [c.label for c in self.changes if c.part in AUDIENCES]
        return "" if len(changed) == len(AUDIENCES) else ", ".join(changed)

    @property
    def voices(self) -> list[tuple[str, str]]:
        """An outcome in everybody's words: (audience, words)."""
        return [(str(label), self.parts[key]) for key, label in AUDIENCES.items() if self.parts.get(key)]

    @property
    def groups(self) -> list[dict[str, Any]]:
        if self.heard is None:
            return []
        return [group for group in self.heard.get("groups", []) if group["n"] != 0]

    @property
    def hides_a_number(self) -> bool:
        if self.heard is None:
            return False
        return self.heard.get("base") is None or any(group["n"] is None for group in self.groups)

    @property
    def tone(self) -> str:
        return TONES.get(self.decision.overall_answer, "wait") if self.decision else ""

    def _answers(self, *, followed: bool) -> list[tuple[str, Disposition]]:
        given = self.decision.answers_now if self.decision else []  # type: ignore[attr-defined]
        return [(TONES[d.answer], d) for d in given if (d.answer in FOLLOWED) is followed]

    @property
    def followed(self) -> list[tuple[str, Disposition]]:
        return self._answers(followed=True)

    @property
    def not_followed(self) -> list[tuple[str, Disposition]]:
        return self._answers(followed=False)


class Book:
    """All versions and all their wordings, in two queries."""

    def __init__(self) -> None:
        self.versions = list(ModelVersion.objects.order_by("-number"))
        self._numbers = {version.number: version for version in self.versions}
        rows = ClauseVersion.objects.select_related("clause").order_by("clause_id", "number")
        self.rows = {row.pk: row for row in rows}
        self.history: dict[str, list[ClauseVersion]] = {}
        for row in self.rows.values():
            self.history.setdefault(row.clause.ref, []).append(row)

    @property
    def current(self) -> ModelVersion | None:
        return self.versions[0] if self.versions else None

    def version(self, number: int) -> ModelVersion | None:
        return self._numbers.get(number)

    def on(self, day: date) -> ModelVersion | None:
        """The version that stood at the end of that day; None before the first."""
        return next((one for one in self.versions if localdate(one.approved_at) <= day), None)

    def standing(self, version: ModelVersion) -> list[ClauseVersion]:
        return [self.rows[pk] for pk in version.layout]

    def before(self, row: ClauseVersion) -> ClauseVersion | None:
        return next((r for r in self.history[row.clause.ref] if r.number == row.number - 1), None)

    def sentence(self, row: ClauseVersion, shown_in: ModelVersion | None = None) -> Sentence:
        fresh = shown_in is not None and shown_in.number == row.model_version_number > 1
        came_with = self.version(row.model_version_number)
        return Sentence(row, self.before(row), came_with.approved_at if came_with else None, fresh)

    def sentences(self, version: ModelVersion) -> dict[str, list[Sentence]]:
        """The sentences of a version by kind, each kind in page order."""
        found: dict[str, list[Sentence]] = {kind: [] for kind in PARTS}
        for row in self.standing(version):
            found[row.clause.kind].append(self.sentence(row, version))
        return found

    def between(self, ref: str, older: int, newer: int) -> list[ClauseVersion]:
        """What happened to a sentence after one version, up to and with another."""
        return [row for row in self.history[ref] if older < row.model_version_number <= newer]


def decisions(ids: set[int]) -> dict[int, DecisionPage]:
    """Published decisions by id, with their answers, what became of these, and what they made (five queries).
    Drafts stay out.

    They hang on each decision as `answers_now` and `made_now`.
    """
    answers = Disposition.objects.current().select_related("theme").order_by("theme__name")
    found = (
        DecisionPage.objects.live()
        .filter(pk__in=ids)
        .defer("answers", "changes_made", "reopen_if", "dissent")
        .prefetch_related(
            Prefetch("dispositions", queryset=answers, to_attr="answers_now"),
            Prefetch("changes", queryset=Change.objects.exclude(made_by=None), to_attr="made_now"),
        )
    )
    again.hang([answer for decision in found for answer in decision.answers_now])  # type: ignore[attr-defined]
    return {decision.pk: decision for decision in found}


def behind(row: ClauseVersion, found: dict[int, DecisionPage]) -> DecisionPage | None:
    """The decision that made this wording.

    A later wording may still name it in the editor without having been made by it: where the decision made
    a wording of the sentence, it stands with that one alone.
    """
    decision = found.get(row.decision_id or 0)
    if decision is None:
        return None
    made = {one.made_by_id for one in decision.made_now if one.clause_id == row.clause_id}  # type: ignore[attr-defined]
    return decision if not made or row.pk in made else None


def shape(sentences: list[Sentence]) -> None:
    """Add to each sentence who shaped it: what was said, decided and is still to come (five queries)."""
    tables = Table.objects.now_many([f"clause.{sentence.ref}" for sentence in sentences])
    found = decisions({s.row.decision_id for s in sentences if s.row.decision_id})
    coming: dict[int, list[Change]] = {}
    waiting = Change.objects.filter(
        clause__in=[s.row.clause_id for s in sentences], made_by=None, decision__live=True
    ).select_related("decision")
    for change in waiting:
        coming.setdefault(change.clause_id or 0, []).append(change)
    for sentence in sentences:
        sentence.heard = tables.get(f"clause.{sentence.ref}")
        sentence.decision = behind(sentence.row, found)
        sentence.coming = coming.get(sentence.row.clause_id, [])


@dataclass(frozen=True)
class Draft:
    """That a next version is on its way. Nothing of what it says."""

    number: int
    since: Any = None  # with the board since then; None while it is being written


def draft_on_its_way(current: ModelVersion | None) -> Draft | None:
    """A draft with the board, or one being written (at most two queries)."""
    page = ModelPage.objects.defer("body", "retired").first()
    if page is None:
        return None
    number = current.number + 1 if current else 1
    started = (
        WorkflowState.objects.for_instance(page)
        .filter(status=WorkflowState.STATUS_IN_PROGRESS)
        .values_list("created_at", flat=True)
        .first()
    )
    if started:
        return Draft(number, started)
    return Draft(number) if page.has_unpublished_changes else None


@dataclass(frozen=True)
class Difference:
    """One sentence in two versions; either side may be missing."""

    old: Sentence | None
    new: Sentence | None
    parts: list[ChangedPart]
    reasons: list[Sentence]  # every change of it in between, newest first, with its decision

    @property
    def sentence(self) -> Sentence:
        return self.new or self.old  # type: ignore[return-value]


def comparison(book: Book, a: ModelVersion, b: ModelVersion) -> dict[str, Any]:
    """What leads from version `a` to version `b`, in either direction (four queries)."""
    old = {row.clause.ref: book.sentence(row) for row in book.standing(a)}
    new = {row.clause.ref: book.sentence(row) for row in book.standing(b)}
    older, newer = sorted((a.number, b.number))
    same: list[Sentence] = []
    differences: list[Difference] = []
    for ref in [*new, *(ref for ref in old if ref not in new)]:
        here, there = old.get(ref), new.get(ref)
        if here and there and here.parts == there.parts:
            same.append(there)
            continue
        side: Sentence = there or here  # type: ignore[assignment]
        parts = changed_parts(here.parts if here else {}, there.parts if there else {}, side.kind)
        reasons = [book.sentence(row) for row in reversed(book.between(ref, older, newer))]
        differences.append(Difference(here, there, parts, reasons))
    reasons = [reason for difference in differences for reason in difference.reasons]
    found = decisions({reason.row.decision_id for reason in reasons if reason.row.decision_id})
    for reason in reasons:
        reason.decision = behind(reason.row, found)
    return {
        "differences": differences,
        "same": same,
        "reordered": [r for r in old if r in new] != [r for r in new if r in old],
        "no_words": _decided_without_words(a, b),
    }


def _decided_without_words(a: ModelVersion, b: ModelVersion) -> list[DecisionPage]:
    """Decisions between two versions that left the plan as it was, and say why."""
    first, last = sorted(localdate(version.approved_at) for version in (a, b))
    return list(
        DecisionPage.objects.live()
        .filter(changes__nothing=True, decided_on__gt=first, decided_on__lte=last)
        .exclude(changes__clause__isnull=False)
        .order_by("number")
        .distinct()
        .only("title", "slug", "number", "live")
    )


def history(book: Book, ref: str) -> list[Sentence]:
    """Every wording that a sentence had, newest first, each with the decision behind it."""
    steps = [book.sentence(row) for row in reversed(book.history[ref])]
    found = decisions({step.row.decision_id for step in steps if step.row.decision_id})
    for step in steps:
        step.decision = behind(step.row, found)
    return steps


def on_day(book: Book, steps: list[Sentence], day: date) -> Sentence | None:
    """Of every wording, newest first, the one that stood at the end of that day; None before its first."""
    version = book.on(day)
    number = version.number if version else 0
    return next((step for step in steps if step.row.model_version_number <= number), None)


def preview(page: ModelPage) -> dict[str, Any]:
    """For staff: the draft on the page, each sentence against the version that stands."""
    from collaborative.outcomes.next_version import propose

    coming = propose(page.body, page.retired, page.version_summary)
    moves = {move.entry.position: move for move in coming.moves if move.entry}
    rows = []
    for entry in coming.entries:
        move = moves.get(entry.position)
        before = move.now.parts if move and move.now and move.kind == ClauseVersion.Kind.CHANGED else {}
        rows.append(
            {
                "kind": entry.kind,
                "number": number_of(entry.kind, entry.ref),
                "title": title_of(entry.kind, entry.parts),
                "move": move,
                "parts": changed_parts(before, entry.parts, entry.kind) if move else [],
                "whole": [(str(PART_LABELS[p]), entry.parts[p]) for p in PARTS[entry.kind] if entry.parts[p]],
            }
        )
    gone = [move.now for move in coming.moves if move.entry is None and move.now]
    return {
        "rows": rows,
        "gone": [(number_of(r.clause.kind, r.clause.ref), title_of(r.clause.kind, r.parts)) for r in gone],
        "problems": [problem.message for problem in coming.problems],
        "current": coming.current,
        "next_number": coming.current.number + 1 if coming.current else 1,
    }
