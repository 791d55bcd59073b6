"""Freezing a decision: what its page says becomes rows that other rooms and later readers can count on."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from collaborative import pagecache
from collaborative.analysis.models import Coding, Theme, ThemeVersion
from collaborative.contributions import ledger
from collaborative.errors import Refused
from collaborative.outcomes.actions.model import mark_made
from collaborative.outcomes.actions.proposals import freeze_proposals
from collaborative.outcomes.actions.reviews import keep_readings
from collaborative.outcomes.models import (
    Change,
    Clause,
    DecisionPage,
    Disposition,
    Dissent,
    Promise,
    Proposal,
)


def take_turns(page: DecisionPage) -> None:
    """Hold the themes and proposals that a page answers until the transaction ends.

    Two decisions on one of them then check and freeze one after the other, so that neither misses the other.
    """
    answered = [block.value["theme"].pk for block in page.answers if block.value["theme"]]
    list(Theme.objects.select_for_update().filter(pk__in=answered).order_by("pk").values_list("pk"))
    ideas = [block.value["proposal"].pk for block in page.proposals if block.value["proposal"]]
    if ideas:
        list(Proposal.objects.select_for_update().filter(pk__in=ideas).order_by("pk").values_list("pk"))


def freeze_decision(page: DecisionPage) -> None:
    """Write the dispositions, changes, promises and dissent of a page that is being published.

    Called by `DecisionPage.save()` in its transaction, after the rules of `decision_rules` held.
    Publishing the same words again writes no new disposition. The id of a block is the key of its row.
    """
    with transaction.atomic():
        first = not page.dispositions.exists()
        new = _freeze_answers(page)
        ideas = freeze_proposals(page, _midday(page))
        moved = _freeze_promises(page)
        _freeze_changes(page)
        _freeze_dissent(page)
        mark_made([page.pk])
        ledger.record(
            "decision.published" if first else "decision.published_again",
            f"decision:{page.number}",
            get_active_log_context().user or (page.live_revision.user if page.live_revision else None),
            answers={row.theme.code: row.answer for row in new},
            promises=moved,
            **({"proposals": ideas} if ideas else {}),
        )
        pagecache.touch()


def _freeze_answers(page: DecisionPage) -> list[Disposition]:
    themes = {block.value["theme"].pk: block.value["theme"] for block in page.answers}
    versions = {v.theme_id: v for v in ThemeVersion.objects.filter(theme__in=themes).order_by("number")}
    seen = Coding.objects.seen(themes, [engagement.pk for engagement in page.engagements.all()])
    newest = {row.theme_id: row for row in page.dispositions.order_by("number")}
    new = []
    for block in page.answers:
        theme, answer, reason = block.value["theme"], block.value["answer"], block.value["reason"].strip()
        before = newest.get(theme.pk)
        if before is not None and (before.answer, before.reason) == (answer, reason):
            continue
        if theme.pk not in versions:
            raise Refused(_("“%(topic)s” has no definition yet.") % {"topic": theme.name})
        new.append(
            Disposition(
                decision=page,
                theme=theme,
                number=before.number + 1 if before else 1,
                answer=answer,
                reason=reason,
                decided_at=timezone.now() if before else _midday(page),
                theme_version=versions[theme.pk],
                seen=seen[theme.pk],
            )
        )
    made = Disposition.objects.bulk_create(new)
    keep_readings(page, made)
    return made


def _midday(page: DecisionPage) -> datetime:
    """A first answer was given on the day of the decision; the hour is not known."""
    noon = datetime.combine(page.decided_on or timezone.localdate(), time(12))
    return min(timezone.make_aware(noon), timezone.now())


def _freeze_promises(page: DecisionPage) -> list[list[Any]]:
    """Returns what moved, as [key, state before (or null), state now, due], for the record."""
    known = {promise.key: promise for promise in page.promises.all()}
    moved: list[list[Any]] = []
    new: list[Promise] = []
    changed: list[Promise] = []
    for key, value in _blocks(page, "promise"):
        promise = known.get(key)
        before = None if promise is None else (promise.state, promise.due)
        promise = promise or Promise(decision=page, key=key, text=value["text"].strip())
        promise.owner, promise.due = value["owner"].strip(), value["due"]
        promise.state = value["state"] or Promise.State.NOT_STARTED
        promise.note = (value["note"] or "").strip()
        (changed if key in known else new).append(promise)
        if before != (promise.state, promise.due):
            due = value["due"].isoformat() if value["due"] else None
            moved.append([str(key), before[0] if before else None, promise.state, due])
    Promise.objects.bulk_create(new)
    Promise.objects.bulk_update(changed, ["owner", "due", "state", "note"])
    return moved


def _freeze_changes(page: DecisionPage) -> None:
    """Changes that a version of the model has made stay as they are; the others follow the page."""
    made = set(page.changes.filter(made_by__isnull=False).values_list("key", flat=True))
    promises = {promise.key: promise for promise in page.promises.all()}
    refs = {value["ref"].strip().upper() for _key, value in _blocks(page, "clause")}
    clauses = {clause.ref: clause for clause in Clause.objects.filter(ref__in=refs)}
    page.changes.exclude(key__in=made).delete()
    rows = []
    for key, value in _blocks(page, "clause"):
        clause = clauses[value["ref"].strip().upper()]
        part = value["part"] or "statement"
        rows.append(Change(key=key, clause=clause, part=part, intended=value["intended"].strip()))
    rows += [
        Change(key=key, promise=promises[key], intended=value["text"].strip())
        for key, value in _blocks(page, "promise")
    ]
    rows += [Change(key=key, nothing=True, intended=text.strip()) for key, text in _blocks(page, "nothing")]
    fresh = [row for row in rows if row.key not in made]
    for row in fresh:
        row.decision = page
    Change.objects.bulk_create(fresh)


def _freeze_dissent(page: DecisionPage) -> None:
    page.dissents.all().delete()
    Dissent.objects.bulk_create(
        Dissent(
            decision=page, key=UUID(block.id), by=block.value["by"].strip(), text=block.value["text"].strip()
        )
        for block in page.dissent
    )


def _blocks(page: DecisionPage, kind: str) -> Sequence[tuple[UUID, Any]]:
    return [(UUID(block.id), block.value) for block in page.changes_made if block.block_type == kind]
