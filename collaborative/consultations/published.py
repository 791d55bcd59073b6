"""Answers that anyone may read: found by question, by group and by words, and downloaded.

A group is named, and may be chosen, only where the newest release prints its number: choosing a smaller one
would point at the few who are in it (SDC-1). Nothing but `Contribution.objects.public()` is read (RIF-2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.consultations.listing import public_answers, text_questions
from collaborative.consultations.models.questions import Question
from collaborative.contributions.attribution import attribution
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.people.models import StakeholderGroup

ON_A_PAGE = 20
MOST_LETTERS = 100  # of the words that are looked for
QUESTION, RESPONSE = "question", "response"
AT_ONCE = 1_000  # rows that a download holds in memory


@dataclass(frozen=True)
class Wanted:
    """What somebody asked to see; unknown values ask for everything."""

    view: str = QUESTION
    question: str = ""
    group: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        view = RESPONSE if query.get("view") == RESPONSE else QUESTION
        words = query.get("q", "").replace("\x00", "").strip()[:MOST_LETTERS]
        return cls(view, query.get("show", "")[:40], query.get("group", "")[:60], words)

    def address(self, **changed: str) -> str:
        """The query of the same page with something else chosen."""
        given = {"view": self.view, "show": self.question, "group": self.group, "q": self.words, **changed}
        if given["view"] == RESPONSE:
            del given["show"]
        else:
            del given["view"]
        return urlencode({name: value for name, value in given.items() if value})


class Answers:
    """What people said in one consultation, as far as anyone may read it."""

    def __init__(self, engagement: Engagement, wanted: Wanted, number: str = "1") -> None:
        self.engagement, self._number = engagement, number
        self.questions: list[Question] = text_questions(engagement)
        self.groups = groups_shown(engagement)
        self.wanted = Wanted(
            wanted.view,
            next((one.key for one in self.questions if one.key == wanted.question), ""),
            wanted.group if wanted.group in self.groups else "",
            wanted.words,
        )
        self.chosen = self._chosen()

    def _chosen(self) -> Question | None:
        if self.wanted.view == RESPONSE or not self.questions:
            return None
        return next((one for one in self.questions if one.key == self.wanted.question), self.questions[0])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted.group or self.wanted.words)

    def rows(self) -> QuerySet[Contribution]:
        """Which answers are asked for. Of a hundred thousand none is read to count them: `page` reads twenty,
        and those through `public()`."""
        answer = Contribution.Kind.ANSWER
        rows = Contribution.objects.permitted().filter(engagement=self.engagement, kind=answer)
        if self.chosen is not None:
            rows = rows.filter(self._of_question(self.chosen.key))
        if self.wanted.group:
            rows = rows.filter(receipt__group__in=self._of_group)
        if self.wanted.words:
            with_words = rows.with_newest_text("found_in")
            rows = with_words.filter(found_in__icontains=self.wanted.words)  # type: ignore[misc]
        return rows

    def _of_question(self, key: str) -> Q:
        """What was said to a question, and why, where anyone said why. Of one key alone the index is in the
        order of the page, so that nothing is sorted to show twenty of a hundred thousand."""
        why = f"{key}-why"
        if Contribution.objects.filter(engagement=self.engagement, prompt_key=why).exists():
            return Q(prompt_key__in=[key, why])
        return Q(prompt_key=key)

    @cached_property
    def _of_group(self) -> list[int]:
        """The group that was chosen and those below it. One query."""
        of = self.wanted.group
        found = StakeholderGroup.objects.filter(Q(slug=of) | Q(parent__slug=of))
        return list(found.values_list("pk", flat=True))

    def page(self) -> Page[Any]:
        """20 answers, each with `by`; or 20 receipts, each with `by` and `said`. Newest first."""
        return self._responses() if self.wanted.view == RESPONSE else self._answers()

    def _answers(self) -> Page[Contribution]:
        rows = self.rows().order_by("-created_at", "-pk").values_list("pk", flat=True)
        page: Page[Any] = Paginator(rows, ON_A_PAGE).get_page(self._number)
        found = public_answers(self.engagement).filter(pk__in=list(page.object_list))
        page.object_list = list(found.order_by("-created_at", "-pk"))
        for said in page.object_list:
            said.by = attribution(said, self.groups)
        return page

    def _responses(self) -> Page[Receipt]:
        """Each with everything it says, though only a part of it was looked for."""
        here = Receipt.objects.filter(engagement=self.engagement, exclusion="")
        if self.wanted.group:
            here = here.filter(group__in=self._of_group)
        found = here.filter(Exists(self.rows().filter(receipt=OuterRef("pk"))))
        paginator = Paginator(found.order_by("-created_at", "-pk"), ON_A_PAGE)
        # Asked from the side of the answers: for a hundred thousand that is less than half the work.
        paginator.count = self.rows().aggregate(n=Count("receipt", distinct=True))["n"]
        page = paginator.get_page(self._number)
        said_by: dict[int, list[Contribution]] = {receipt.pk: [] for receipt in page.object_list}
        for said in public_answers(self.engagement).filter(receipt_id__in=said_by).order_by("pk"):
            said_by[said.receipt_id].append(said)
        for receipt in page.object_list:
            receipt.said = said_by[receipt.pk]  # type: ignore[attr-defined]
            first = next(iter(said_by[receipt.pk]), None)
            receipt.by = attribution(first, self.groups) if first else ""  # type: ignore[attr-defined]
        return page


def groups_shown(engagement: Engagement) -> dict[str, str]:
    """Main groups whose number the newest release prints, by slug: their names. One query."""
    table = Table.objects.now(f"engagement.{engagement.slug}")
    rows = table.get("groups") if table else None
    return {row["slug"]: row["name"] for row in rows or [] if row["n"]}


def columns() -> list[str]:
    return [
        _("Question"),
        _("Response"),  # the same on every answer of one respondent
        _("Answer"),
        _("Who"),
        _("Edition"),
        _("Language"),
        _("Words"),
    ]


def lines(engagement: Engagement) -> Iterator[list[str]]:
    """Every answer that may be read, the answers of one respondent together. Memory does not grow, and the
    database is free again after each thousand: whoever reads slowly keeps nobody waiting.
    """
    groups = groups_shown(engagement)
    rows = public_answers(engagement).order_by("receipt_id", "pk")
    receipt, pk, response = 0, 0, ""
    while found := list(rows.filter(Q(receipt_id__gt=receipt) | Q(receipt_id=receipt, pk__gt=pk))[:AT_ONCE]):
        for said in found:
            if said.receipt_id != receipt:
                receipt, response = said.receipt_id, said.reference
            pk = said.pk
            by, edition = attribution(said, groups), said.get_edition_display()
            yield [said.prompt, response, said.reference, by, edition, said.language, said.public_text]
