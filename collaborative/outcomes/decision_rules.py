"""When a decision may be published (DEC-1, DEC-2, EQ-2, RIF-3). Pure reading: nothing is written here."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from collaborative.engagements.models import Engagement
from collaborative.outcomes import proposal_rules, quotes
from collaborative.outcomes.models import Change, Clause, DecisionPage, Disposition, Dissent, Promise
from collaborative.outcomes.problems import Problem, refuse
from collaborative.outcomes.written import Written


def problems(
    page: DecisionPage, cleaned: dict[str, Any] | None = None, *, skip: set[str] | None = None
) -> list[Problem]:
    """All that stands in the way. `skip` names fields that a form already refused."""
    written = Written(page, cleaned)
    rules = (_plain, _when, _answers, _taken, proposal_rules.problems, _changes, _kept, _quotes)
    found = [problem for rule in rules for problem in rule(written)]
    return [problem for problem in found if problem.field not in (skip or set())]


def refuse_unpublishable(page: DecisionPage) -> None:
    refuse(problems(page))


def _plain(written: Written) -> Iterator[Problem]:
    required = {
        "answer_sentence": _("Give the answer in one sentence."),
        "why": _("Say why."),
        "body_name": _("Say who decided."),
        "for_heard": _("Say what was said for it, or that nobody spoke for it."),  # DEC-2
        "against_heard": _("Say what was said against it, or that nobody spoke against it."),
    }
    for field, message in required.items():
        if not written.text(field):
            yield Problem(message, field)
    if not any(str(block.value).strip() for block in written["reopen_if"]):
        yield Problem(_("Say what would make you look again."), "reopen_if")
    same_number = DecisionPage.objects.live().filter(number=written["number"]).exclude(pk=written.page.pk)
    if same_number.exists():
        yield Problem(_("There is a decision %(number)s already.") % {"number": written["number"]}, "number")
    if written["replaces"] and written["replaces"].pk == written.page.pk:
        yield Problem(_("A decision cannot replace itself."), "replaces")
    if written["strategic"] and not written.many("assessments") and not written.text("no_assessment_reason"):
        message = _("A strategic decision needs an assessment, or a reason why there is none.")  # EQ-2
        yield Problem(message, "no_assessment_reason")


def _when(written: Written) -> Iterator[Problem]:
    """DEC-1, promise 5: nothing is decided while people are being asked, unless interim and said why."""
    decided_on: date | None = written["decided_on"]
    if decided_on is None:
        yield Problem(_("Say on which day it was decided."), "decided_on")
    elif decided_on > timezone.localdate():
        yield Problem(_("The day of the decision has not come yet."), "decided_on")
    engagements = written.many("engagements")
    if not engagements:
        yield Problem(_("Say which consultations or workshops it answers."), "engagements")
    if written["interim"]:
        if not written.text("interim_reason"):
            yield Problem(_("Say in public why it could not wait."), "interim_reason")
        return
    now = timezone.now()
    for engagement in engagements:
        if not _closed_before(engagement, decided_on, now):
            closes = engagement.closes_at
            until = formats.date_format(timezone.localtime(closes), "j F Y") if closes else _("no set day")
            message = _(
                "“%(title)s” is open until %(until)s. Decide after it has closed, or mark the decision as "
                "interim and say why it could not wait."
            ) % {"title": engagement.title, "until": until}
            yield Problem(message, "engagements")


def _closed_before(engagement: Engagement, decided_on: date | None, now: datetime) -> bool:
    if engagement.state_at(now) != Engagement.State.CLOSED or engagement.closes_at is None:
        return False
    return decided_on is None or timezone.localtime(engagement.closes_at).date() <= decided_on


def _answers(written: Written) -> Iterator[Problem]:
    """Promise 5: an answer and a reason for every theme, once, and none that was given is taken away."""
    seen: set[int] = set()
    for index, block in enumerate(written["answers"]):
        theme, answer, reason = (block.value[key] for key in ("theme", "answer", "reason"))
        if theme is None:
            yield Problem(_("Choose the topic."), "answers", index, "theme")
            continue
        named = {"topic": theme.name}
        if theme.pk in seen:
            yield Problem(_("“%(topic)s” is answered twice.") % named, "answers", index, "theme")
        if not answer:
            yield Problem(_("“%(topic)s” has no answer.") % named, "answers", index, "answer")
        if not (reason or "").strip():
            yield Problem(_("“%(topic)s” has no reason.") % named, "answers", index, "reason")
        seen.add(theme.pk)
    if not seen:
        yield Problem(_("Answer at least one topic."), "answers")
    given = Disposition.objects.filter(decision=written.page.pk).exclude(theme__in=seen)
    for name in sorted(set(given.values_list("theme__name", flat=True))):
        message = _("“%(topic)s” was answered here in public. Keep it; its answer may change, with a reason.")
        yield Problem(message % {"topic": name}, "answers")


def _taken(written: Written) -> Iterator[Problem]:
    """One theme has one answer in each engagement, unless the newer decision replaces the older."""
    replaced = written["replaces"]
    others = (
        Disposition.objects.current()
        .filter(theme__in=written.theme_ids(), decision__engagements__in=written.many("engagements"))
        .exclude(decision=written.page.pk)
        .exclude(decision=replaced.pk if replaced else None)
        .select_related("decision")
    )
    taken = {row.theme_id: row.decision for row in others}
    for index, block in enumerate(written["answers"]):
        theme = block.value["theme"]
        if theme is not None and theme.pk in taken:
            message = _(
                "“%(topic)s” is answered by decision %(number)s for the same people. If this one takes its "
                "place, name it under “replaces”."
            ) % {"topic": theme.name, "number": taken[theme.pk].number}
            yield Problem(message, "answers", index, "theme")


def _changes(written: Written) -> Iterator[Problem]:
    """A change, a promise, or nothing and why; every sentence that is named stands in the plan."""
    blocks = list(written["changes_made"])
    if not blocks:
        message = _("Say what it changes: a sentence, a promise, or nothing, because…")
        yield Problem(message, "changes_made")
        return
    refs = {block.value["ref"].strip().upper() for block in blocks if block.block_type == "clause"}
    clauses = {clause.ref: clause for clause in Clause.objects.filter(ref__in=refs)}
    for index, block in enumerate(blocks):
        if block.block_type == "clause":
            yield from _clause_change(index, block.value, clauses)
        elif block.block_type == "nothing":
            if not block.value.strip():
                yield Problem(_("Say why nothing changes."), "changes_made", index)
            if refs:
                message = _("It cannot change a sentence and change nothing.")
                yield Problem(message, "changes_made", index)
        else:
            for child, message in (
                ("text", _("Say what you promise.")),
                ("owner", _("Say who owns the promise.")),
            ):
                if not (block.value[child] or "").strip():
                    yield Problem(message, "changes_made", index, child)


def _clause_change(index: int, value: Any, clauses: dict[str, Clause]) -> Iterator[Problem]:
    ref = value["ref"].strip().upper()
    clause = clauses.get(ref)
    if clause is None:
        message = _("There is no sentence “%(ref)s” in the plan.") % {"ref": ref}
        yield Problem(message, "changes_made", index, "ref")
        return
    if not value["intended"].strip():
        message = _("Say how “%(ref)s” is to change.") % {"ref": ref}
        yield Problem(message, "changes_made", index, "intended")
    by_audience = clause.kind == Clause.Kind.OUTCOME
    if by_audience == (value["part"] in ("", None, "statement")):
        message = (
            _("Say whose words of “%(ref)s” are to change.")
            if by_audience
            else _("“%(ref)s” has one statement for everyone.")
        ) % {"ref": ref}
        yield Problem(message, "changes_made", index, "part")


def _kept(written: Written) -> Iterator[Problem]:
    """What was promised or changed in public stays, and nothing is carried over from another decision."""
    ids = {UUID(block.id): block for block in written["changes_made"] if block.id}
    dissent_ids = {UUID(block.id) for block in written["dissent"] if block.id}
    copied = Change.objects.filter(key__in=ids).exclude(decision=written.page.pk).exists() or (
        Dissent.objects.filter(key__in=dissent_ids).exclude(decision=written.page.pk).exists()
    )
    if copied:
        yield Problem(_("This was copied from another decision. Write it afresh."), "changes_made")
        return
    if not written.page.pk:
        return
    for promise in Promise.objects.filter(decision=written.page.pk):
        block = ids.get(promise.key)
        if block is None or block.block_type != "promise" or block.value["text"].strip() != promise.text:
            message = _(
                "“%(text)s” was promised in public. Keep its words, and say under “How it stands” "
                "what became of it."
            ) % {"text": promise.text}
            yield Problem(message, "changes_made")
    made = Change.objects.filter(decision=written.page.pk, made_by__isnull=False)
    for change in made.annotate(ref=F("clause__ref")):
        block = ids.get(change.key)
        if block is None or block.block_type != "clause" or block.value["ref"].strip().upper() != change.ref:
            message = _("This decision has changed “%(ref)s”. Keep that change here.") % {"ref": change.ref}
            yield Problem(message, "changes_made")


def _quotes(written: Written) -> Iterator[Problem]:
    """RIF-3: only words that may be quoted now, about the topics answered, from what the decision answers."""
    wanted = [block.value["passage"] for block in written["quotes"]]
    ids = [passage.pk for passage in wanted if passage]
    if not wanted:
        return
    allowed = set(
        quotes.quotable()
        .filter(
            pk__in=ids,
            theme__in=written.theme_ids(),
            wording__contribution__engagement__in=written.many("engagements"),
        )
        .values_list("pk", flat=True)
    )
    for index, passage in enumerate(wanted):
        if passage is None or passage.pk not in allowed:
            message = _("These words may not be quoted here. Choose others.")
            yield Problem(message, "quotes", index, "passage")
