"""Looking things up: published pages, sentences of the plan that stands, topics, and evidence.

What people wrote is not searched. User text reaches the search backend only through
`parse_query_string`: raw, a lone quotation mark is an error on SQLite.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.utils import parse_query_string

from collaborative.analysis.models import ThemeVersion
from collaborative.outcomes import wording
from collaborative.outcomes.models import ClauseVersion, EvidenceRecord, ModelVersion

LONGEST_QUERY = 200
MOST_OF_A_KIND = 100
EXCERPT_LETTERS = 220
# Where the words for a list stand: the first of these that a page has.
SUMMARIES = ("answer_sentence", "statement", "summary", "introduction", "audience_text", "leader")
KINDS = {
    "ConsultationPage": _lazy("Consultation"),
    "SessionPage": _lazy("Workshop"),
    "DecisionPage": _lazy("Decision"),
    "RecommendationPage": _lazy("Recommendation"),
    "NewsPage": _lazy("News"),
    "Page": _lazy("Page"),
}


@dataclass(frozen=True)
class Hit:
    kind: str
    title: str
    url: str
    text: str


def clean(text: str) -> str:
    """What was typed, as one line without control characters, at most 200 letters long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_QUERY].strip()


def find(text: str, request: HttpRequest) -> list[Hit]:
    """What matches every word: sentences of the plan, topics, then pages and evidence, best first.

    At most 100 of a kind. An empty list when nothing does, or when there is no word in it.
    """
    if not any(letter.isalnum() for letter in text):
        return []
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    # Without its colons, "why:not" is two words and not a filter that is thrown away.
    _filters, query = parse_query_string(text.replace(":", " "), operator="and")
    pages = Page.objects.live().public().filter(depth__gt=1).specific(defer=False).search(query)
    evidence = get_search_backend().search(query, EvidenceRecord)
    return [
        *_sentences(words),
        *_topics(words),
        *(_page(page, request) for page in pages[:MOST_OF_A_KIND]),
        *(_evidence(record) for record in evidence[:MOST_OF_A_KIND]),
    ]


def _sentences(words: list[str]) -> list[Hit]:
    """The plan is a few dozen sentences: they are read through, in two queries."""
    version = ModelVersion.objects.current()
    if version is None:
        return []
    place = {pk: number for number, pk in enumerate(version.layout)}
    rows = ClauseVersion.objects.filter(pk__in=version.layout).select_related("clause")
    hits = []
    for row in sorted(rows, key=lambda row: place[row.pk]):
        whole = " ".join([row.clause.ref, *row.parts.values()]).casefold()
        if all(word in whole for word in words):
            hits.append(_sentence(row, words))
    return hits


def _sentence(row: ClauseVersion, words: list[str]) -> Hit:
    kind, title = row.clause.kind, wording.title_of(row.clause.kind, row.parts)
    number = wording.number_of(kind, row.clause.ref)
    said = [text for part, text in row.parts.items() if part not in ("name", "from", "to", "measure")]
    best = max(said, key=lambda text: sum(word in text.casefold() for word in words), default="")
    url = reverse("model_clause", args=[row.clause.ref])
    return Hit(_("Sentence of our plan"), number if number == title else f"{number}: {title}", url, best)


def _topics(words: list[str]) -> list[Hit]:
    """What a topic's own page says that it is. Not its example: that is for those who sort. One query."""
    hits = []
    for row in ThemeVersion.objects.in_use():
        whole = f"{row.theme.name} {row.definition} {row.includes}".casefold()
        if all(word in whole for word in words):
            url = reverse("theme", args=[row.theme.slug])
            hits.append(Hit(_("Topic"), row.theme.name, url, row.definition))
    return hits


def _page(page: Page, request: HttpRequest) -> Hit:
    texts = [page.search_description, *(getattr(page, name, "") for name in SUMMARIES)]
    text = next((text for text in texts if text and text.strip()), "")
    title = getattr(page, "question", "") or page.title
    kind = str(KINDS.get(type(page).__name__, KINDS["Page"]))
    return Hit(kind, title, page.get_url(request) or "/", Truncator(text).chars(EXCERPT_LETTERS))


def _evidence(record: EvidenceRecord) -> Hit:
    text = Truncator(record.summary).chars(EXCERPT_LETTERS)
    return Hit(_("Evidence"), f"{record.ref}: {record.title}", record.get_absolute_url(), text)
