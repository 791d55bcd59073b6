"""What a stranger sees who walks every address of the site, in every turn of the canary test."""

from collections.abc import Iterator

from django.test import Client

from collaborative.consultations.models import Import
from collaborative.engagements.models import Engagement
from tests.whole.canaries import CLOSED, OPEN, Nest
from tests.whole.crawler import Visit, ask, crawl

PAPERS = ("paper", "responses", "feedback", "respond")
STARTS = [
    "/",
    *("/model/", "/model/versions/", "/model/versions/1/", "/model/compare/", "/model/compare/1/3/"),
    *("/model/versions/?on=2020-01-01", "/model/clauses/P3/?on=2026-06-01"),
    *("/recommendations/", "/evidence/", "/consultations/", "/changemakers/", "/decisions/"),
    *("/flow/", "/flow/data.csv", "/groups/", "/themes/", "/receipt/", "/join/", "/help/", "/help/wrong/"),
    *("/about/", "/search/", "/feed/", "/accessibility/", "/privacy/", "/house-rules/", "/news/"),
    *("/sitemap.xml", "/robots.txt", "/healthz", "/accounts/login/", "/accounts/password/reset/"),
    *(f"/consultations/{slug}/{paper}/" for slug in (OPEN, CLOSED) for paper in PAPERS),
    *(f"/consultations/{CLOSED}/responses/?view={view}" for view in ("question", "response")),
]
WRONG = [
    "/no-such-page/",
    "/model/versions/99/",
    "/decisions/no-such-decision/",
    "/themes/no-such/",
    "/x.php",
]
PRIVATE = [
    "/admin/",
    "/admin/downloads/",
    "/admin/waiting/",
    "/admin/safeguarding/",
    "/admin/sort/",
    "/admin/pages/",
]
REPORT = "/help/wrong/?"


class Walk:
    """Everything that a stranger saw, each turn in its own way."""

    def __init__(self, nest: Nest) -> None:
        self.nest = nest
        self.plain = crawl(STARTS)
        # Pages come out of the page cache now. More than half of all addresses are the one form that says
        # what is wrong with a page, once for each: every one of them was opened in the turn before.
        self.kept = crawl(STARTS, passing=REPORT)
        self.gaelic = crawl(["/"], passing=REPORT, accept_language="gd")
        both = [one for one in self.plain if one.startswith(("/model/", "/flow/", "/groups/"))]
        self.records = {address: ask(Client(), address, accept="application/json") for address in both}
        private = [*PRIVATE, *self._desk()]
        self.wrong = {address: ask(Client(), address) for address in [*WRONG, *private]}
        self.searched = {address: ask(Client(), address) for address in self._searches()}
        self.guessed = {address: ask(Client(), address) for address in self._guesses()}

    def _desk(self) -> list[str]:
        """Screens of staff on which what was planted stands."""
        place, file = Engagement.objects.get(slug=CLOSED).pk, Import.objects.order_by("-pk")[0].pk
        downloads = [f"/admin/downloads/{place}/", f"/admin/downloads/{place}/raw/"]
        return [*downloads, f"/admin/answers/files/{file}/", f"/admin/answers/files/{file}/problems/"]

    def _searches(self) -> list[str]:
        return [f"/{where}/?q={word}" for word in self.nest.words for where in ("search", "evidence")]

    def _guesses(self) -> list[str]:
        """Addresses that somebody could try who knows how this site names its pages."""
        places = [f"/{word}/" for word, place in self.nest.words.items() if "address of a" in place]
        places += [
            f"/{room}{slug}"
            for room in ("decisions", "consultations", "recommendations", "changemakers")
            for slug in places
        ]
        files = [w for w, place in self.nest.words.items() if place == "name of a private file"]
        places += [
            f"/consultations/{slug}/responses/{one}/file/"
            for one in self.nest.files[:-1]
            for slug in (OPEN, CLOSED)
        ]
        return [*places, *(f"/documents/{n}/{name}.txt" for n in range(1, 8) for name in files)]

    def visits(self) -> Iterator[Visit]:
        for turn in (
            self.plain,
            self.kept,
            self.gaelic,
            self.records,
            self.wrong,
            self.searched,
            self.guessed,
        ):
            yield from turn.values()
