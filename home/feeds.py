"""What is new, as an Atom feed: decisions, what was found on looking again, versions of the plan, and news.

No words of those who answered.
"""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from collaborative.context import site
from collaborative.outcomes.models import DecisionPage, Disposition, ModelVersion, Review
from home.models import NewsPage

NEWEST = 30


class Entry(NamedTuple):
    title: str
    text: str
    url: str
    at: datetime


def newest(request: HttpRequest) -> list[Entry]:
    """The newest of each kind, merged, newest first (one query for each kind)."""
    entries = [*_decisions(request), *_looked_again(request), *_versions(), *_news(request)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:NEWEST]


def _decisions(request: HttpRequest) -> list[Entry]:
    found = DecisionPage.objects.live().public().exclude(decided_on=None).defer_streamfields()
    return [
        Entry(
            page.question or page.title, page.answer_sentence, page.get_url(request), _noon(page.decided_on)
        )
        for page in found.order_by("-decided_on", "-number")[:NEWEST]
    ]


def _looked_again(request: HttpRequest) -> list[Entry]:
    """The newest thing that somebody found about each answer: one address each, as a feed needs."""
    live = DecisionPage.objects.live().public()
    stands = Disposition.objects.current().filter(decision__in=live)
    rows = Review.objects.newest().filter(disposition__in=stands).order_by("-at")
    return [
        Entry(
            _("We looked again at “%(topic)s”") % {"topic": row.disposition.theme.name},
            f"{row.get_verdict_display()}. {row.reason}",
            f"{row.disposition.decision.get_url(request)}#topic-{row.disposition.theme.slug}",
            row.at,
        )
        for row in rows.select_related("disposition__theme", "disposition__decision")[:NEWEST]
    ]


def _versions() -> list[Entry]:
    return [
        Entry(
            _("Our plan, version %(number)s") % {"number": version.number},
            version.summary,
            reverse("model_version", args=[version.number]),
            version.approved_at,
        )
        for version in ModelVersion.objects.order_by("-number")[:NEWEST]
    ]


def _news(request: HttpRequest) -> list[Entry]:
    return [
        Entry(page.title, page.introduction, page.get_url(request), _noon(page.date))
        for page in NewsPage.newest()[:NEWEST]
    ]


def _noon(day: date) -> datetime:
    """A day has no hour: its noon is that day in every time zone near us."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone()).astimezone(UTC)


class WhatIsNew(Feed):
    feed_type = Atom1Feed
    link = "/"

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def title(self, request: HttpRequest) -> str:
        return _("%(name)s: what is new") % {"name": site(request)["site_name"]}

    def subtitle(self) -> str:
        return _("Decisions, versions of our plan, and news.")

    def items(self, request: HttpRequest) -> list[Entry]:
        return newest(request)

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Entry) -> str:
        return item.text

    def item_link(self, item: Entry) -> str:
        return item.url

    def item_pubdate(self, item: Entry) -> datetime:
        return item.at

    def item_updateddate(self, item: Entry) -> datetime:
        return item.at
