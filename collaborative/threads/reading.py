"""What a page of a thread shows, in a fixed number of queries whatever has piled up.

Words come through `Contribution.objects.public()` and no other way, whatever the comments' own rows say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.contributions.attribution import public_name
from collaborative.contributions.models import Contribution
from collaborative.live.models import Stream
from collaborative.threads import text
from collaborative.threads.anchors import survives
from collaborative.threads.models import Comment, OfficialWording, Thread
from collaborative.threads.models.comment import PINNED as PINNED_ABOVE
from collaborative.threads.models.comment import PINNED_REPLIES, REPLIES
from collaborative.threads.permissions import may_reply

PAGE = 20
FIRST_REPLIES = 3
FIRST_PINNED = 2  # replies that are pinned, before those
NEWEST, OLDEST, SUPPORTED = "newest", "oldest", "supported"


def find(number: int) -> Thread | None:
    """The thread with that number, if anyone may read it. One query."""
    return Thread.objects.readable().whole().filter(pk=number).first()


def follow(number: int) -> Thread | None:
    """The same with `live_seq`: how far its stream is. One query.

    The stream's number is read before the comments, so that a browser that listens from there misses none.
    """
    stream = Stream.objects.filter(key=OuterRef("stream_key")).values("last_seq")[:1]
    rows = Thread.objects.readable().whole().filter(pk=number)
    rows = rows.annotate(stream_key=Concat(Value("thread."), Cast("pk", CharField())))
    return rows.annotate(live_seq=Subquery(stream)).first()


@dataclass
class Shown:
    """One comment as everyone may see it."""

    comment: Comment
    text: str
    name: str
    who: str  # which group, or as whom an official one speaks
    replies: list["Shown"] = field(default_factory=list)
    sentence: str | None = None  # how what it is about reads now; None where nobody asks
    whole: bool = False  # show all of a long one
    tools: tuple[bool, bool] | None = None  # for its author alone: may change it, may take it back

    @property
    def pk(self) -> int:
        return self.comment.pk

    @property
    def official(self) -> bool:
        return self.comment.official

    @property
    def reference(self) -> str:
        said = self.comment.contribution
        return said.reference if said else ""

    @property
    def may_reply(self) -> bool:
        return may_reply(self.comment)

    @property
    def is_top(self) -> bool:
        return self.comment.parent_id is None

    @property
    def body(self) -> str:
        return text.html(self.text if self.whole else text.excerpt(self.text)[0])

    @property
    def is_cut(self) -> bool:
        return not self.whole and text.excerpt(self.text)[1]

    @property
    def more_replies(self) -> int:
        """How many are not among the first, which stand on the page."""
        return max(0, self.comment.reply_count - len(self.replies))

    @property
    def earlier_words(self) -> str:
        """The words that it was about, where they no longer stand in what it is about."""
        about = self.comment.about_words
        return about if self.sentence is not None and not survives(about, self.sentence) else ""

    @property
    def holds(self) -> str:
        """What its author said of the words as they read now; empty when nobody asked or answered yet."""
        return self.comment.holds if self.comment.holds_of == self.sentence else ""

    @property
    def said_on(self) -> datetime:
        return self.comment.created_at


def day(moment: datetime | date) -> str:
    """ "24 August", with the year once it is another."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return date_format(local, "j F" if local.year == timezone.localdate().year else "j F Y")


def clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "g:iA").lower()


# Rows into what is shown ------------------------------------------------------------------------


def show(rows: Iterable[Comment], sentence: str | None = None, *, whole: bool = False) -> list[Shown]:
    """These comments with their words, in the same order; without those that may not be read. Two queries."""
    comments = list(rows)
    said = _words([row.contribution_id for row in comments if row.contribution_id])
    official = _official([row.pk for row in comments if row.official])
    found = []
    for row in comments:
        if row.official and row.pk in official:
            wording = official[row.pk]
            found.append(Shown(row, wording.text, wording.name, wording.role, whole=whole))
        elif row.contribution_id in said:
            row.contribution = given = said[row.contribution_id]
            name, who = speaker(given)
            found.append(
                Shown(row, given.public_text, name, who, sentence=sentence, whole=whole)  # type: ignore[attr-defined]
            )
    return found


def speaker(said: Contribution) -> tuple[str, str]:
    """Who speaks, as far as they let us say (RIF-2). Never an age."""
    return public_name(said) or _("Name not shown"), said.group.name if said.group else ""


def _words(pks: Sequence[int]) -> dict[int, Contribution]:
    if not pks:
        return {}
    rows = Contribution.objects.public().filter(pk__in=pks).select_related("receipt", "group")
    return {row.pk: row for row in rows}


def _official(pks: Sequence[int]) -> dict[int, OfficialWording]:
    """Comment -> its newest wording."""
    if not pks:
        return {}
    rows = OfficialWording.objects.filter(comment__in=pks).order_by("number")
    return {row.comment_id: row for row in rows}


# Pages ------------------------------------------------------------------------------------------


@dataclass
class Page:
    """Some of the comments of a thread, and where those before and after begin."""

    shown: list[Shown]
    pinned: list[Shown] = field(default_factory=list)
    is_first: bool = True
    before: str = ""  # the query that leads to the ones before; empty at the beginning
    after: str = ""

    def give_tools(self, tools: dict[int, tuple[bool, bool]]) -> None:
        """To whoever looks, for what they said themselves. Never part of what is sent to everyone."""
        for one in [*self.pinned, *self.shown]:
            for each in (one, *one.replies):
                each.tools = tools.get(each.pk)


def page(thread: Thread, order: str, start: str = "", end: str = "", sentence: str | None = None) -> Page:
    """20 comments from a place on, or the 20 that end at it. Four queries at most.

    Places are numbers of the order itself (`seq`, and the support before it), so that a page deep in a long
    thread costs what the first one costs.
    """
    if order == SUPPORTED and not thread.has_support:
        order = NEWEST
    rows = with_first_replies(thread.comments.listed()).order_by(*_by(order))
    backwards = bool(end) and not start
    place = _place(order, end if backwards else start)
    if place:
        rows = rows.filter(_from(order, place, backwards=backwards))
    if backwards:
        rows = rows.order_by(*_by(order, backwards=True))
    found = list(rows[: PAGE + 1])
    if backwards and len(found) < PAGE:  # less than a page before it: then it is the first
        return page(thread, order, sentence=sentence)
    more, found = found[PAGE:], found[:PAGE]
    if backwards:
        found.reverse()
    is_first = not place or (backwards and not more)
    whole = _with_replies(thread, found, with_pinned=is_first)
    shown = show(whole, sentence)
    by_pk = {one.pk: one for one in shown}
    result = Page(
        shown=[_family(row, by_pk) for row in found if row.pk in by_pk],
        pinned=[one for one in shown if one.is_top and one.comment.pinned_at],
        is_first=is_first,
    )
    if found and not is_first:
        result.before = f"order={order}&to={_name(order, found[0])}"
    if backwards:
        result.after = f"order={order}&from={end}"
    elif more:
        result.after = f"order={order}&from={_name(order, more[0])}"
    return result


def _by(order: str, *, backwards: bool = False) -> list[str]:
    up = (order == OLDEST) != backwards
    names = ["support_count", "seq"] if order == SUPPORTED else ["seq"]
    return names if up else [f"-{name}" for name in names]


def _name(order: str, row: Comment) -> str:
    return f"{row.support_count}-{row.seq}" if order == SUPPORTED else str(row.seq)


def _place(order: str, typed: str) -> tuple[int, ...]:
    """The numbers that an address names; nothing for anything else."""
    parts = typed.split("-")
    wanted = 2 if order == SUPPORTED else 1
    if len(parts) != wanted or not all(
        part.isascii() and part.isdecimal() and len(part) < 10 for part in parts
    ):
        return ()
    return tuple(int(part) for part in parts)


def _from(order: str, place: tuple[int, ...], *, backwards: bool) -> Q:
    """Rows from the place on, itself included; backwards those before it, itself not."""
    up = (order == OLDEST) != backwards
    compare = ("gt" if up else "lt") if backwards else ("gte" if up else "lte")
    if order != SUPPORTED:
        return Q(**{f"seq__{compare}": place[0]})
    support, seq = place
    beyond = "gt" if up else "lt"
    same = Q(support_count=support, **{f"seq__{compare}": seq})
    # The first term lets the index find the place; the second is the order itself.
    return Q(**{f"support_count__{beyond}e": support}) & (Q(**{f"support_count__{beyond}": support}) | same)


def with_first_replies(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    """Each with the ids of its first replies: pinned ones, then the earliest. Some looks at an index each."""
    replies = Comment.objects.filter(parent=OuterRef("pk"))
    pinned = replies.filter(PINNED_REPLIES).order_by("pinned_at").values("pk")
    others = replies.filter(REPLIES).order_by("seq").values("pk")
    first = {f"pin_{n}": Subquery(pinned[n : n + 1]) for n in range(FIRST_PINNED)}
    first |= {f"reply_{n}": Subquery(others[n : n + 1]) for n in range(FIRST_REPLIES)}
    return rows.annotate(**first)


def _reply_ids(row: Any) -> list[int]:
    names = [
        *(f"pin_{n}" for n in range(FIRST_PINNED)),
        *(f"reply_{n}" for n in range(FIRST_REPLIES)),
    ]
    return [pk for name in names if (pk := getattr(row, name, None)) is not None]


def _with_replies(thread: Thread, found: list[Comment], *, with_pinned: bool) -> list[Comment]:
    """The comments, their first replies and, on the first page, what is pinned above all. One query."""
    replies = Comment.objects.filter(pk__in=[pk for row in found for pk in _reply_ids(row)])
    if with_pinned:
        pinned = (
            thread.comments.filter(PINNED_ABOVE).order_by("-pinned_at").values("pk")
        )  # `pin` keeps them few
        # Joined, not "or": each half then goes along an index of its own.
        replies = replies.union(Comment.objects.filter(pk__in=Subquery(pinned)))
    rows = sorted(replies, key=lambda row: (row.pinned_at is None, row.pk))
    for row in [*found, *rows]:
        row.thread = thread
    return [*found, *rows]


def _family(row: Comment, by_pk: dict[int, Shown]) -> Shown:
    """A comment with its first replies under it."""
    one = by_pk[row.pk]
    one.replies = [by_pk[pk] for pk in _reply_ids(row) if pk in by_pk]
    for reply in one.replies:
        reply.sentence = one.sentence
    return one


def first_replies(comment: Comment) -> list[Shown]:
    """Those that stand under one comment in the list. Three queries."""
    row = with_first_replies(Comment.objects.filter(pk=comment.pk)).get()
    pks = _reply_ids(row)
    rows = {reply.pk: reply for reply in Comment.objects.filter(pk__in=pks)}
    for reply in rows.values():
        reply.thread = comment.thread
    return show(rows[pk] for pk in pks if pk in rows)


PINNED_PLACE = "p"  # a place among the pinned replies: p and the number of the first


def replies_page(comment: Comment, start: str = "") -> Page:
    """The replies of one comment, the earliest first: all that are pinned, 20 at a time, then the others.

    The last of the pages with pinned ones, mostly the first of all, has 20 others under them.
    """
    among_pinned = _place(OLDEST, start.removeprefix(PINNED_PLACE)) if start[:1] == PINNED_PLACE else ()
    place = _place(OLDEST, start)
    pinned, further = ([], []) if place else _pinned_replies(comment, among_pinned)
    rows = comment.replies.filter(REPLIES).order_by("seq")
    if place:
        rows = rows.filter(seq__gte=place[0])
    found = [] if further else list(rows[: PAGE + 1])
    more, found = found[PAGE:], found[:PAGE]
    for row in [*found, *pinned]:
        row.thread = comment.thread
    shown = show([*pinned, *found], whole=True)
    result = Page(shown=shown, is_first=not place and not among_pinned)
    if further:
        result.after = f"from={PINNED_PLACE}{further[0].seq}"
    elif more:
        result.after = f"from={more[0].seq}"
    return result


def _pinned_replies(comment: Comment, place: tuple[int, ...]) -> tuple[list[Comment], list[Comment]]:
    """20 of them from a place on, in the order in which they were pinned; and the one after these, if any."""
    rows = comment.replies.filter(PINNED_REPLIES).order_by("pinned_at")
    if place:
        first = comment.replies.filter(seq=place[0]).values("pinned_at")[:1]
        rows = rows.filter(pinned_at__gte=Subquery(first))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE:]


def is_among_first(reply: Comment) -> bool:
    """Whether a reply stands in the list, under what it answers."""
    rows = Comment.objects.filter(parent=reply.parent_id)
    if reply.pinned_at is not None:
        before = rows.filter(PINNED_REPLIES, pinned_at__lt=reply.pinned_at)
        return len(before.values_list("pk")[:FIRST_PINNED]) < FIRST_PINNED
    before = rows.filter(REPLIES, seq__lt=reply.seq)
    return len(before.values_list("pk")[:FIRST_REPLIES]) < FIRST_REPLIES


def place_among_replies(reply: Comment) -> str:
    """From where the page of all replies begins with this one."""
    return f"{PINNED_PLACE if reply.pinned_at else ''}{reply.seq}"
