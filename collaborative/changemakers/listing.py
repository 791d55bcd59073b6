"""What the pages of workshops show: the list, and one workshop."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.changemakers import stages
from collaborative.changemakers.clock import When
from collaborative.changemakers.clusters import reading as clusters
from collaborative.changemakers.models import SessionPage, WriteUpVersion
from collaborative.changemakers.seats import words
from collaborative.engagements.models import Engagement
from collaborative.figures.policy import Policy
from collaborative.outcomes import wording
from collaborative.outcomes.models import ClauseVersion, RecommendationPage
from collaborative.people.models import User

PER_PAGE = 20
NOW, COMING, PAST = "now", "coming", "past"
STATES = {Engagement.State.OPEN: NOW, Engagement.State.COMING: COMING, Engagement.State.CLOSED: PAST}


def published() -> QuerySet[SessionPage]:
    """Workshops that anyone may see, with the terms they were published under."""
    return SessionPage.objects.live().public().select_related("engagement").defer_streamfields()


def index_context(request: HttpRequest) -> dict[str, Any]:
    """Now and coming (soonest first), past (newest first, 20 to a page). A constant number of queries."""
    now = timezone.now()
    ahead = published().filter(engagement__closes_at__gt=now).order_by("engagement__opens_at", "pk")
    entries = [entry(page, now) for page in ahead]
    behind = published().filter(engagement__closes_at__lte=now).order_by("-engagement__opens_at", "-pk")
    past = Paginator(behind, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "section": "workshops",
        "crumbs": [("", _("Workshops"))],
        "now": [one for one in entries if one["state"] == NOW],
        "coming": [one for one in entries if one["state"] == COMING],
        "past": [entry(page, now) for page in past],
        "page_of": past,
    }


def entry(page: SessionPage, now: datetime) -> dict[str, Any]:
    """A workshop as a list shows it."""
    engagement: Any = page.engagement
    return {
        "page": page,
        "state": STATES[engagement.state_at(now)],
        "when": When(engagement.opens_at, engagement.closes_at),
        "where": where(page),
    }


def where(page: SessionPage) -> str:
    """The place, and whether people can join online; the place may say so itself."""
    if page.online and "online" not in page.place.lower():
        return _("%(place)s, and online") % {"place": page.place} if page.place else _("Online")
    return page.place


def session_context(page: SessionPage, now: datetime | None = None) -> dict[str, Any]:
    """Everything on the page of one workshop; in a preview, as the draft has it."""
    now = now or timezone.now()
    engagement = Engagement.objects.filter(page_id=page.pk).first() if page.pk else None
    terms = page if engagement is None or getattr(page, "is_previewing", False) else engagement
    when = When(terms.opens_at, terms.closes_at) if terms.opens_at and terms.closes_at else None
    dates = Engagement(opens_at=terms.opens_at, closes_at=terms.closes_at)
    return {
        "section": "workshops",
        "crumbs": [("/changemakers/", _("Workshops")), ("", page.title)],
        "state": STATES[dates.state_at(now)],
        "paused": STATES[dates.state_at(now)] != PAST and bool(engagement and engagement.pauses_under_18()),
        "when": when,
        "where": where(page),
        "people": _people(page),
        "can_change": lines(page.can_change),
        "cannot_change": lines(page.cannot_change),
        "decides_by": date_format(page.decides_by, "j F Y") if page.decides_by else "",
        "is_late": page.decides_by is not None and page.decides_by < timezone.localdate(now),
        "places": words.of(engagement, now) if page.takes_registrations else None,
        "agenda": stages.timed(page.stages, terms.opens_at),
        "attended": attended(page),
        "decisions": _decisions(engagement),
        "ideas": clusters.ideas(engagement) if engagement else [],
        "write_up": WriteUpVersion.objects.standing(engagement) if engagement else None,
        "sentences": _sentences(page.clauses),
        "recommendations": _recommendations(page.recommendations),
    }


def lines(text: str) -> list[str]:
    """One entry for each line that an editor wrote, without the mark they may have begun it with."""
    return [line.strip().lstrip("-•* ") for line in text.splitlines() if line.strip()]


def attended(page: SessionPage) -> int | None:
    """How many came; None when it is not known, or so few that the number could point at someone (SDC-1)."""
    policy = Policy()
    least = policy.k_sensitive if page.invites_under_18 else policy.k
    return page.attended if page.attended and page.attended >= least else None


def _people(page: SessionPage) -> dict[str, str]:
    """Names, never addresses, of those who run it and look after safety (one query)."""
    ids = {"facilitator": page.facilitator_id}
    if page.invites_under_18:
        ids |= {"lead": page.safeguarding_lead_id, "deputy": page.safeguarding_deputy_id}
    found = User.objects.in_bulk([pk for pk in ids.values() if pk])
    return {name: found[pk].get_full_name() for name, pk in ids.items() if pk in found}


def _decisions(engagement: Any) -> list[Any]:
    """Published decisions that took this workshop into account (CHG-1)."""
    if engagement is None:
        return []
    return list(engagement.decisions.live().public().defer_streamfields().order_by("-decided_on", "number"))


def _sentences(refs: str) -> list[dict[str, str]]:
    wanted = [ref.upper() for ref in refs.replace(",", " ").split()]
    if not wanted:
        return []
    found = {
        one.clause.ref: one
        for one in ClauseVersion.objects.newest()
        .filter(clause__ref__in=wanted)
        .exclude(kind=ClauseVersion.Kind.RETIRED)
    }
    return [
        {
            "url": f"/model/clauses/{ref}/",
            "number": wording.number_of(found[ref].clause.kind, ref),
            "title": wording.title_of(found[ref].clause.kind, found[ref].parts),
        }
        for ref in wanted
        if ref in found
    ]


def _recommendations(numbers: str) -> list[RecommendationPage]:
    wanted = [int(number) for number in numbers.replace(",", " ").split() if number.isdecimal()]
    if not wanted:
        return []
    found = RecommendationPage.objects.live().public().filter(number__in=wanted)
    return list(found.defer_streamfields().order_by("number"))
