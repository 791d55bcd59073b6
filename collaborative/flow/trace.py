"""What became of what one person said: the chain, walked from a receipt. Reads only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from collaborative.analysis.models import Coding
from collaborative.changemakers.models import Basis, WriteUp
from collaborative.consultations.models import ChoiceAnswer
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.flow.tables import COLUMNS, topic_tone
from collaborative.moderation.models import Appeal, Check
from collaborative.outcomes import again, compare, desk, standing
from collaborative.outcomes.again import Again
from collaborative.outcomes.answering import answering_decisions
from collaborative.outcomes.models import Change, ClauseVersion, DecisionPage, Disposition, Proposal, PutOff
from collaborative.outcomes.models.decisions import TONES
from collaborative.outcomes.standing import Standing
from collaborative.people.models import HANDLED_AS_UNDER_18
from collaborative.threads.models import Comment

NOT_YET, READ, SORTED, ANSWERED = "received", "read", "sorted", "answered"


@dataclass
class Sentence:
    """A sentence of the plan that a decision changed, with the words before."""

    version: ClauseVersion
    part: str
    before: str
    after: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        return compare.words(self.before, self.after)


@dataclass
class Reply:
    """What became of one topic of one thing that was said."""

    topic: str
    topic_slug: str
    tone: str
    sorted_on: datetime
    decision: DecisionPage | None = None
    earlier: DecisionPage | None = (
        None  # a decision on this topic that did not take this engagement into account
    )
    reason: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)
    no_change: str = ""
    put_off: PutOff | None = None  # why the board answers it later, and by when it looks again
    again: Again | None = None  # what became of the answer after it was given
    raised: int | None = None  # responses that raised it and were answered so; None: not to be shown


@dataclass(frozen=True)
class Idea:
    """An idea of a workshop that rests on a note, and how it stands (CHG-1)."""

    standing: Standing
    url: str  # where everybody reads it


@dataclass
class Said:
    """One thing that was said. `words` is empty where they may not be shown here (an under-18's, unread)."""

    reference: str
    prompt: str
    words: str
    state: str  # waiting, shown, kept, refused, withdrawn: never tells an escalation apart from waiting
    received: datetime
    read: datetime | None
    replies: list[Reply]
    refusal: str = ""  # the kind reason of the house rule
    rule: int | None = None  # its number
    cut: bool = False  # words were taken out before it was shown
    withheld: bool = False  # counted, and kept off the page
    second_look: str = ""  # may, asked, stands, changed; "" where there is nothing to look at again
    no_topic: bool = False  # a person read it and found no topic in it
    said_at: str = ""  # of a comment: the page on which it was said
    ideas: list[Idea] = field(default_factory=list)  # of a note: what was put forward with it behind
    private: bool = False  # said to those who run the place alone: it is sorted by nobody
    correction: str = ""  # of what puts a write-up right: waiting, taken-in or not
    answer: str = ""  # and why, for its author

    @property
    def tone(self) -> str:
        return topic_tone({reply.tone for reply in self.replies}) if self.replies else "wait"

    @property
    def without_answer(self) -> str:
        """Why there is no answer: refused, withdrawn, none (no topic in it) or wait."""
        if self.state in {"refused", "withdrawn"}:
            return self.state
        return "none" if self.no_topic else "wait"

    @property
    def waits(self) -> bool:
        """Not read yet, or sorted into a topic that has no answer: words in no topic wait for none."""
        if self.private:
            return False
        return self.state == "waiting" or any(reply.tone == "wait" for reply in self.replies)

    @property
    def sorted_on(self) -> datetime | None:
        return max((reply.sorted_on for reply in self.replies), default=None)

    @property
    def answered_on(self) -> date | None:
        """The day of the last answer, once no topic waits for one."""
        if self.waits:
            return None
        days = [r.decision.decided_on for r in self.replies if r.decision and r.decision.decided_on]
        return max(days, default=None)


@dataclass
class Trace:
    receipt: Receipt
    said: list[Said]
    choices: list[ChoiceAnswer]

    @property
    def topics(self) -> list[tuple[str, int]]:
        """How many topics, each once however often it was spoken of, have an answer of each tone."""
        tones = {reply.topic_slug: reply.tone for one in self.said for reply in one.replies}
        tally = Counter(tones.values())
        return [(tone, tally[tone]) for tone in COLUMNS if tally[tone]]

    @property
    def topic_count(self) -> int:
        return sum(n for _tone, n in self.topics)

    @property
    def tally(self) -> Counter[str]:
        """How many things have a topic ("sorted"), and how many are what they are without one: wait, none,
        refused or withdrawn. Together all that was said, but for what was said to staff alone."""
        counted = [one for one in self.said if not one.private]
        return Counter("sorted" if one.replies else one.without_answer for one in counted)

    @property
    def write_up(self) -> bool:
        """Whether those who took part may read what was written up. One query for a receipt of a workshop."""
        engagement = self.receipt.engagement
        if engagement.kind != Engagement.Kind.SESSION or self.receipt.withdrawn_at is not None:
            return False
        return WriteUp.objects.filter(engagement=engagement, shared_at__isnull=False).exists()

    @property
    def due(self) -> date | None:
        """The day by which we said we would decide, while it is still to come."""
        day = self.receipt.engagement.decides_by
        return day if day and day >= timezone.localdate() else None

    @property
    def late(self) -> bool:
        """The day by which we said we would decide has passed, and something still waits."""
        due = self.receipt.engagement.decides_by
        waits = any(one.waits for one in self.said)
        return bool(due and due < timezone.localdate() and waits and not self.receipt.exclusion)


def of(receipt: Receipt) -> Trace:
    """The trace of one receipt. Eleven queries, whatever was said; three more with notes of a workshop."""
    found = receipt.contributions.with_newest_text().select_related(
        "no_topic", "appeal", "comment__parent", "correction"
    )
    rows = list(found.order_by("created_at", "pk"))
    replies = _replies(receipt)
    checks = _checks(receipt)
    noted = any(row.kind == Contribution.Kind.NOTE for row in rows)
    ideas = _ideas(receipt) if noted else {}
    said = [_said(row, receipt, replies[row.pk], checks.get(row.pk)) for row in rows]
    for one, row in zip(said, rows, strict=True):
        one.ideas = ideas.get(row.pk, []) if one.state == "checked" else []
    said.sort(key=lambda one: one.tone == "wait")  # what has an answer first; else in the order it was said
    choices = receipt.choices.select_related("wording__question").order_by("wording__question__order")
    return Trace(receipt, said, list(choices))


def _ideas(receipt: Receipt) -> dict[int, list[Idea]]:
    """Contribution id -> what was put forward with it behind. Three queries; one where there is nothing."""
    between = Basis.notes.through.objects.filter(
        note__contribution__receipt=receipt, basis__proposal__put_forward_at__isnull=False
    )
    behind = list(between.values_list("note__contribution_id", "basis__proposal_id").distinct())
    if not behind:
        return {}
    rows = Proposal.objects.public().filter(pk__in={proposal for _said, proposal in behind})
    page = receipt.engagement.page
    found: dict[int, list[Idea]] = defaultdict(list)
    for one in standing.of(rows.order_by("number")):
        idea = Idea(one, f"{page.url}#{one.proposal.anchor}")
        for said, proposal in behind:
            if proposal == one.proposal.pk:
                found[said].append(idea)
    return found


def _said(row: Contribution, receipt: Receipt, replies: list[Reply], check: Check | None) -> Said:
    comment: Comment | None = getattr(row, "comment", None)
    # Taken back while a concern about it is open: its author sees what anyone sees who takes something back.
    gone = comment is not None and comment.taken_back_at is not None
    waiting = row.state in {State.HELD, State.ESCALATED} and not gone
    state = {
        State.ESCALATED: "withdrawn" if gone else "waiting",
        State.REFUSED: "refused",
        State.WITHDRAWN: "withdrawn",
        State.HIDDEN: "refused",
    }.get(State(row.state), "waiting" if waiting else "checked")
    young = receipt.age_band in HANDLED_AS_UNDER_18 or receipt.age_band == "not-said"
    hidden = state == "withdrawn" or (young and row.state != State.RELEASED)
    put_right = getattr(row, "correction", None) if state in {"waiting", "checked"} else None
    refused = state == "refused" and check is not None and check.rule is not None
    return Said(
        reference=row.reference,
        prompt=row.prompt,
        words="" if hidden else getattr(row, "newest_text", None) or "",
        state=state,
        received=row.created_at,
        read=None if waiting else row.read_at,
        replies=[] if waiting or state != "checked" else replies,
        refusal=check.rule.kind_reason if refused else "",  # type: ignore[union-attr]
        rule=check.rule.number if refused else None,  # type: ignore[union-attr]
        withheld=state == "checked" and row.withheld,
        cut=state == "checked" and check is not None and check.outcome == Check.Outcome.REDACTED,
        second_look="" if state in {"waiting", "withdrawn"} else _second_look(row, check),
        no_topic=state == "checked" and not replies and hasattr(row, "no_topic"),
        private=row.is_private,
        said_at=_said_at(comment) if comment is not None else "",
        correction=(put_right.answer or "waiting") if put_right else "",
        answer=put_right.reason if put_right else "",
    )


def _said_at(comment: Comment) -> str:
    """The thread; the comment itself while it stands there."""
    page = reverse("thread", args=[comment.thread_id])
    stands = comment.shown and (comment.parent is None or comment.parent.shown)
    return f"{page}?at={comment.pk}" if stands else page


def _checks(receipt: Receipt) -> dict[int, Check]:
    """What was decided last about each thing; that a second person came to the same is told by its appeal."""
    rows = Check.objects.standing().filter(contribution__receipt=receipt)
    rows = rows.exclude(outcome=Check.Outcome.STANDS).select_related("rule").order_by("pk")
    return {row.contribution_id: row for row in rows}


def _second_look(row: Contribution, check: Check | None) -> str:
    """Whether its author may ask for one, has asked, or what came of it."""
    appeal: Appeal | None = getattr(row, "appeal", None)
    if appeal is not None:
        return "asked" if appeal.is_open else appeal.outcome
    refused = row.state == State.REFUSED and check is not None and check.outcome == Check.Outcome.REFUSED
    cut = (
        row.state == State.RELEASED
        and check is not None
        and (check.outcome in {Check.Outcome.REDACTED, Check.Outcome.WITHHELD})
    )
    return "may" if refused or cut else ""


def _replies(receipt: Receipt) -> dict[int, list[Reply]]:
    """Contribution id -> its replies, in the order of the words."""
    codings = (
        Coding.objects.live()
        .filter(wording__contribution__receipt=receipt)
        .select_related("theme", "wording")
        .order_by("wording__number", "start", "pk")
    )
    found = list(codings)
    answered = answering_decisions(receipt.engagement)
    engagement = receipt.engagement_id
    wanted = {answered.get((engagement, coding.theme_id)) for coding in found} - {None}
    anywhere = _newest_on({coding.theme_id for coding in found})
    decisions = DecisionPage.objects.in_bulk([*wanted, *anywhere.values()])
    answers = {
        (d.decision_id, d.theme_id): d for d in Disposition.objects.current().filter(decision__in=decisions)
    }
    later, off = again.of(answers.values()), desk.standing(receipt.engagement)
    changes = _changes(list(decisions))
    raised = Table.objects.now_many([f"theme.{coding.theme.slug}" for coding in found])
    replies: dict[int, dict[int, Reply]] = defaultdict(dict)
    for coding in found:
        theme = coding.theme
        table = raised.get(f"theme.{theme.slug}")
        reply = Reply(
            topic=theme.name,
            topic_slug=theme.slug,
            tone="wait",
            sorted_on=coding.created_at,
        )
        decision = answered.get((engagement, theme.pk))
        answer = answers.get((decision, theme.pk)) if decision else None
        if decision and answer:
            reply.decision, reply.reason = decisions[decision], answer.reason
            reply.tone, reply.again = TONES[answer.answer], later.get(answer.pk)
            reply.raised = _raised(table, reply.decision.slug)
            _add_changes(reply, changes[decision])
        else:
            reply.put_off = off.get(theme.pk)
            reply.earlier = decisions[anywhere[theme.pk]] if theme.pk in anywhere else None
        replies[coding.wording.contribution_id].setdefault(theme.pk, reply)
    return defaultdict(list, {pk: list(by_theme.values()) for pk, by_theme in replies.items()})


def _raised(table: Table | None, decision: str) -> int | None:
    """What the page of that decision says; the topic may have been raised elsewhere too."""
    answers = table.content["answers"] if table else []
    return next((answer["n"] for answer in answers if answer["decision"] == decision), None)


def _newest_on(themes: set[int]) -> dict[int, int]:
    """Theme -> its newest live decision, whatever it took into account."""
    rows = (
        Disposition.objects.current().filter(theme__in=themes).order_by("decision__decided_on", "decision_id")
    )
    return dict(rows.values_list("theme_id", "decision_id"))


def _changes(decisions: list[int]) -> dict[int, list[Change]]:
    rows = Change.objects.filter(decision__in=decisions).select_related(
        "clause", "promise", "made_by__clause"
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.decision_id].append(row)
    return found


def _add_changes(reply: Reply, changes: list[Change]) -> None:
    before = _words_before([c.made_by for c in changes if c.made_by])
    for change in changes:
        if change.made_by:
            part = change.part or "statement"
            old = before.get(change.made_by.pk, {}).get(part, "")
            reply.sentences.append(Sentence(change.made_by, part, old, change.made_by.parts.get(part, "")))
        elif change.promise:
            reply.promises.append(change.promise.text)
        elif change.nothing:
            reply.no_change = change.intended


def _words_before(versions: list[ClauseVersion]) -> dict[int, dict[str, str]]:
    """ClauseVersion id -> the parts of the version before it."""
    if not versions:
        return {}
    earlier = ClauseVersion.objects.filter(clause__in=[v.clause_id for v in versions])
    by_number = {(row.clause_id, row.number): row.parts for row in earlier}
    return {v.pk: by_number.get((v.clause_id, v.number - 1), {}) for v in versions}
