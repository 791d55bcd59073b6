"""What the front page shows, in order, each part in as few queries as it takes.

Every number comes from the newest release; every sentence from a frozen version of the plan.
"""

import re
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from collaborative.changemakers.clock import When, clock, day
from collaborative.changemakers.listing import where
from collaborative.changemakers.models import SessionPage
from collaborative.consultations.models import ConsultationPage
from collaborative.figures.models import Table
from collaborative.outcomes import compare, wording
from collaborative.outcomes.models import (
    Answer,
    Change,
    Clause,
    ClauseVersion,
    DecisionPage,
    Disposition,
    ModelVersion,
    Seat,
)

BEFORE_AND_AFTER = 3
SESSIONS_READ = 8


def front_context(request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    """Everything on the front page, in a number of queries that does not grow with the site."""
    now = now or timezone.now()
    # Asked once for all that follows; public() would ask again each time.
    public = ~Page.objects.all().private_q()
    version = ModelVersion.objects.current()
    standing = _standing(version)
    changes = _newest_changes(public, standing)
    tables = Table.objects.now_many(["heard", *(f"clause.{one.clause.ref}" for one in changes)])
    return {
        "open_now": closing_soonest(public, now),
        "changes": _before_and_after(changes, tables),
        "no": _no_because(public),
        "plan": plan_in_brief(version, standing),
        **_workshops(public, now),
        "heard": heard(tables.get("heard")),
        "membership": membership(),
        "decisions": DecisionPage.objects.live().filter(public).count(),
    }


# The consultation that closes soonest ----------------------------------------------------------


def closing_soonest(public: Q, now: datetime) -> dict[str, Any] | None:
    page = (
        ConsultationPage.objects.live()
        .filter(public, engagement__opens_at__lte=now, engagement__closes_at__gt=now)
        .select_related("engagement")
        .defer_streamfields()
        .annotate(asked=Count("engagement__questions", filter=Q(engagement__questions__retired=False)))
        .order_by("engagement__closes_at", "pk")
        .first()
    )
    if page is None:
        return None
    closes = page.engagement.closes_at
    return {"page": page, "takes": _takes(page), "closes": f"{day(closes)}, {days_left(closes, now)}"}


def days_left(closes: datetime, now: datetime) -> str:
    """In days, never as a countdown (KC-13)."""
    days = (timezone.localdate(closes) - timezone.localdate(now)).days
    if days == 0:
        return _("closes today at %(time)s") % {"time": clock(closes)}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def _takes(page: Any) -> str:
    minutes = ngettext("About %(n)s minute", "About %(n)s minutes", page.minutes) % {"n": page.minutes}
    if not page.asked:
        return minutes
    questions = ngettext("%(n)s question", "%(n)s questions", page.asked) % {"n": page.asked}
    return f"{minutes}, {questions}"


# What changed ----------------------------------------------------------------------------------


def _newest_changes(public: Q, standing: list[ClauseVersion]) -> list[Any]:
    """The newest public changes whose words still stand, one of each decision and sentence; no spellings."""
    now = {one.clause_id: one for one in standing}
    before = ClauseVersion.objects.filter(
        clause=OuterRef("made_by__clause"), number=OuterRef("made_by__number") - 1
    )
    found: Any = (
        Change.objects.annotate(before=Subquery(before.values("parts")))
        .filter(made_by__isnull=False, made_by__editorial=False, made_by__number__gt=1)
        .filter(decision__in=DecisionPage.objects.live().filter(public, decided_on__isnull=False))
        .select_related("made_by", "clause", "decision")
        .order_by("-decision__decided_on", "-made_by__model_version_number", "pk")
    )
    # Of what one decision changed, the sentence in somebody's own voice is shown before how we work.
    newest = sorted(
        (one for one in found[: 8 * BEFORE_AND_AFTER] if _still_stands(one, now.get(one.clause_id))),
        key=lambda one: (-one.decision.decided_on.toordinal(), one.clause.kind in wording.TITLES),
    )
    chosen: list[Any] = []
    for change in newest:
        seen = {one.decision_id for one in chosen}, {one.clause_id for one in chosen}
        if change.decision_id not in seen[0] and change.clause_id not in seen[1]:
            chosen.append(change)
    return chosen[:BEFORE_AND_AFTER]


def _still_stands(change: Any, now: ClauseVersion | None) -> bool:
    """Whether the words that a change made are in the plan today, in the part that is shown of them."""
    part = _shown_part(change)
    return now is not None and now.parts.get(part) == change.made_by.parts.get(part)


def _shown_part(change: Any) -> str:
    old, new = change.before or {}, change.made_by.parts
    return change.part if old.get(change.part) != new.get(change.part) else _changed_part(old, new)


def _before_and_after(changes: list[Any], tables: dict[str, Table]) -> list[dict[str, Any]]:
    found = []
    for change in changes:
        old, new = change.before or {}, change.made_by.parts
        part = _shown_part(change)
        table = tables.get(f"clause.{change.clause.ref}")
        found.append(
            {
                "decision": change.decision,
                "ref": change.clause.ref,
                "parts": compare.words(old.get(part, ""), new.get(part, "")),
                "why": first_sentence(change.decision.why),
                "base": table.get("base") if table else None,
            }
        )
    return found


def _changed_part(old: dict[str, str], new: dict[str, str]) -> str:
    return next((part for part, text in new.items() if text != old.get(part, "")), "statement")


def first_sentence(text: str) -> str:
    """The first sentence of a text that an editor wrote."""
    return re.split(r"(?<=[.!?…])\s+", text.strip(), maxsplit=1)[0]


def _no_because(public: Q) -> Disposition | None:
    """The newest answer that was no."""
    return (
        Disposition.objects.current()
        .filter(answer=Answer.NOT_ADOPTED, decision__in=DecisionPage.objects.live().filter(public))
        .select_related("decision", "theme")
        .order_by("-decision__decided_on", "-decided_at", "pk")
        .first()
    )


# Our plan, who is heard, who decides -----------------------------------------------------------


def _standing(version: ModelVersion | None) -> list[ClauseVersion]:
    """The wordings of a version (one query)."""
    keys = version.layout if version else []
    return list(ClauseVersion.objects.filter(pk__in=keys).select_related("clause"))


def plan_in_brief(version: ModelVersion | None, standing: list[ClauseVersion]) -> dict[str, Any] | None:
    if version is None:
        return None
    said = {one.clause.kind: one.parts.get("statement", "") for one in standing}
    count = {kind: sum(1 for one in standing if one.clause.kind == kind) for kind in Clause.Kind.values}
    return {
        "version": version,
        "approved": day(version.approved_at),
        "vision": said.get(Clause.Kind.VISION, ""),
        "how": said.get(Clause.Kind.HOW, ""),
        "outcomes": count[Clause.Kind.OUTCOME],
        "principles": count[Clause.Kind.PRINCIPLE],
    }


def heard(table: Table | None) -> dict[str, Any] | None:
    """Responses by group, most first, as bars; a hidden number stays hidden."""
    if table is None or not table.get("base"):
        return None
    base = table.get("base")
    groups = sorted(table.get("groups", []), key=lambda group: -(group["n"] or 0))
    bars = [
        (group["name"], group["n"], base, round(100 * group["n"] / base, 1) if group["n"] else 0)
        for group in groups
    ]
    return {"base": base, "bars": bars}


def membership() -> dict[str, Any]:
    """Who sits at the table, seat by seat, and whose seats are empty (COL-1; one query)."""
    seats = sorted(Seat.objects.all(), key=lambda seat: (Seat.Kind.values.index(seat.kind), seat.pk))
    kinds: list[dict[str, Any]] = []
    for kind in Seat.Kind:
        own = [seat for seat in seats if seat.kind == kind]
        empty = sum(1 for seat in own if not seat.holder.strip())
        if own:
            kinds.append({"name": kind.label, "total": len(own), "empty": empty, "nobody": empty == len(own)})
    return {
        "seats": seats,
        "total": len(seats),
        "filled": sum(one["total"] - one["empty"] for one in kinds),
        "gaps": [_("%(name)s: %(empty)s of %(total)s") % one for one in kinds if one["empty"]],
        # A kind of people for whom there is no seat at all is not at the table either.
        "nobody": [one["name"] for one in kinds if one["nobody"]]
        + [kind.label for kind in Seat.Kind if seats and not any(seat.kind == kind for seat in seats)],
    }


# Workshops -------------------------------------------------------------------------------------


def _workshops(public: Q, now: datetime) -> dict[str, Any]:
    """The one that is live now, and the next one (one query)."""
    ahead = (
        SessionPage.objects.live()
        .filter(public, engagement__closes_at__gt=now)
        .select_related("engagement")
        .order_by("engagement__opens_at", "pk")[:SESSIONS_READ]
    )
    pages = list(ahead)
    live = next((page for page in pages if page.engagement.opens_at <= now), None)
    coming = next((page for page in pages if page.engagement.opens_at > now), None)
    return {"live_now": live and _workshop(live), "next_workshop": coming and _workshop(coming)}


def _workshop(page: Any) -> dict[str, Any]:
    when = When(page.engagement.opens_at, page.engagement.closes_at)
    return {"page": page, "when": when, "until": clock(page.engagement.closes_at), "where": where(page)}
