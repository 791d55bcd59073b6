"""Feedback in three dated parts (FBK-1): what it needs before it is published, and freezing it then.

The figures are those of the newest release, counted from the record and made safe; nobody types any. A part
that is published keeps pointing at the table it stood on, whatever is released later.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from collaborative.analysis.differencing import responses_changed_since
from collaborative.analysis.reckoning import disagreements
from collaborative.consultations.figures import table_disagreements
from collaborative.consultations.models.feedback import Feedback
from collaborative.contributions import ledger
from collaborative.engagements.gates import Gate
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.figures.suppression import Policy
from collaborative.outcomes.models import DecisionPage

PARTS = {Feedback.Part.ASKED: "we_asked", Feedback.Part.SAID: "you_said", Feedback.Part.DID: "we_did"}
# What tells readers numbers. Asking comes before there are any.
COUNTS = frozenset({Feedback.Part.SAID, Feedback.Part.DID})


def dated(fields: Mapping[str, Any], page_id: int | None) -> list[tuple[str, str]]:
    """FBK-1: each part has its date, and "we did" is answered for by a published decision. Pairs of
    (field, message)."""
    found = [
        (f"{name}_on", _("Say on which day."))
        for name in PARTS.values()
        if fields.get(name) and not fields.get(f"{name}_on")
    ]
    answering = DecisionPage.objects.live().filter(engagements__page=page_id or 0)
    if fields.get("we_did") and not answering.exists():
        found.append(("we_did", _("First publish the decision that answers this consultation.")))
    return found


def new_parts(fields: Mapping[str, Any], standing: Mapping[str, Feedback]) -> list[Feedback.Part]:
    """The parts that are not published yet in these words and with this day."""
    found = []
    for part, name in PARTS.items():
        text, on = (fields.get(name) or "").strip(), fields.get(f"{name}_on")
        row = standing.get(part)
        if text and (row is None or (row.text, row.on) != (text, on)):
            found.append(part)
    return found


def standing(engagement: Engagement | None) -> dict[str, Feedback]:
    """The newest wording of each part, with its table. One query."""
    if engagement is None or engagement.pk is None:
        return {}
    rows = Feedback.objects.filter(engagement=engagement).standing()  # type: ignore[attr-defined]
    return {row.part: row for row in rows.select_related("table__release")}


def stands_on(published: Mapping[str, Feedback]) -> Table | None:
    """The table that readers see beside it: that of the newest part with figures. None before one."""
    rows = [row for part, row in published.items() if part in COUNTS and row.table is not None]
    return max(rows, key=lambda row: row.pk).table if rows else None


def answered_by(published: Mapping[str, Feedback], decisions: list[DecisionPage]) -> list[DecisionPage]:
    """Of these decisions, those that answered when "we did" was published; all of them before it is."""
    did = published.get(Feedback.Part.DID)
    return decisions if did is None else [one for one in decisions if one.number in did.decisions]


def frozen_tables() -> list[Table]:
    """Every table that published feedback stands on, whatever was released since. One query."""
    rows = Feedback.objects.filter(part__in=COUNTS, table__isnull=False).standing()  # type: ignore[attr-defined]
    return [row.table for row in rows.select_related("table") if row.table is not None]


def counted(fields: Mapping[str, Any], engagement: Engagement | None) -> list[Gate]:
    """ANA-2: what keeps a part with figures from being published: there are none, they are old, or parts and
    totals disagree, and where. Empty for parts that stand as they were published."""
    fresh = COUNTS.intersection(new_parts(fields, standing(engagement)))
    if not fresh:
        return []
    field = PARTS[Feedback.Part.SAID] if Feedback.Part.SAID in fresh else PARTS[Feedback.Part.DID]
    table = Table.objects.now(f"engagement.{engagement.slug}") if engagement is not None else None
    if table is None or engagement is None:
        return [Gate(field, _("There are no figures of this consultation yet. Have them counted first."))]
    wrong = [*disagreements(engagement.pk), *table_disagreements(table.content)]
    if wrong:
        return [Gate(field, _("The figures do not add up. %(where)s") % {"where": one}) for one in wrong]
    changed = responses_changed_since(table.release, engagement.pk)
    if changed >= Policy().k:
        words = {"n": changed, "day": date_words(timezone.localtime(table.release.cut_at), "j F Y")}
        text = _("%(n)s responses changed since the figures were counted on %(day)s. Have them counted anew.")
        return [Gate(field, text % words)]
    return []


def for_young_people(fields: Mapping[str, Any], invites_under_18: bool) -> list[Gate]:
    """LUN-2: where people under 18 are invited, what we did is said for them too."""
    if not invites_under_18 or not fields.get("we_did") or (fields.get("young_feedback") or "").strip():
        return []
    return [Gate("young_feedback", _("People under 18 are invited: say for them too what became of it."))]


def freeze(page: Any, engagement: Engagement, now: datetime) -> list[Feedback]:
    """Write down each part that is new or says something else, with the table that it stands on.

    Part of the page's `save()`, under the lock on the engagement, after the checklist held. Publishing the
    same words again writes nothing.
    """
    fields = {name: getattr(page, name) for part in PARTS.values() for name in (part, f"{part}_on")}
    before = standing(engagement)
    fresh = new_parts(fields, before)
    if not fresh:
        return []
    table = Table.objects.now(f"engagement.{engagement.slug}")
    answering = DecisionPage.objects.live().filter(engagements=engagement).order_by("number")
    decisions = list(answering.values_list("number", flat=True))
    revision = page.live_revision
    by = get_active_log_context().user or (revision.user if revision else None)
    rows = Feedback.objects.bulk_create(
        Feedback(
            engagement=engagement,
            part=part,
            number=before[part].number + 1 if part in before else 1,
            text=fields[PARTS[part]].strip(),
            on=fields[f"{PARTS[part]}_on"],
            decisions=decisions if part == Feedback.Part.DID else [],
            table=table,
            published_at=now,
            published_by=by,
        )
        for part in fresh
    )
    ledger.record(
        "feedback.published",
        f"engagement:{engagement.pk}",
        by,
        parts=[row.part for row in rows],
        release=table.release.number if table else None,
    )
    return rows
