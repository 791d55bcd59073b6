"""Publishing the plan: a whole new version, or none (TOM-2, TOM-3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupApprovalTask, Page, Revision, TaskState, Workflow, WorkflowPage, WorkflowTask

from collaborative.contributions import ledger
from collaborative.outcomes.models import Change, Clause, ClauseVersion, ModelPage, ModelVersion
from collaborative.outcomes.next_version import Entry, Move, NextVersion, propose
from collaborative.outcomes.problems import refuse
from collaborative.outcomes.wording import fingerprint
from collaborative.people.models import User
from collaborative.people.roles import Role

WORKFLOW_NAME = "Board approval"


def publish_model(
    page: ModelPage,
    *,
    by: User | None = None,
    at: datetime | None = None,
    skip_permission_checks: bool = False,
) -> ModelVersion | None:
    """Publish the newest draft of the plan. Returns the new version, or None when nothing changed.

    `at` dates the version when it was approved earlier than now. Raises Refused when a change has no fresh
    reason, PermissionDenied when `by` may not publish; the version before then stands whole.
    """
    before = ModelVersion.objects.current()
    revision = page.get_latest_revision() or page.save_revision(user=by)
    action = PublishPageRevisionAction(revision, user=by)
    action.object.version_at = at
    action.object.version_by = by
    with transaction.atomic():
        action.execute(skip_permission_checks=skip_permission_checks)
    after = ModelVersion.objects.current()
    return after if after != before else None


def freeze_model(
    page: ModelPage, *, by: User | None = None, at: datetime | None = None
) -> ModelVersion | None:
    """Freeze what the page now says as the next version. Called by `ModelPage.save()` inside its transaction.

    Returns None when neither a word nor the order changed. Raises Refused, one message for each sentence
    whose change has no fresh reason: the caller's transaction then puts everything back.
    """
    Page.objects.select_for_update().get(pk=page.pk)  # two publications take turns
    coming = propose(page.body, page.retired, page.version_summary)
    refuse(coming.problems)
    if not coming.changes_anything:
        return None
    number = coming.current.number + 1 if coming.current else 1
    written = _write_clause_versions(coming, number)
    standing = {**coming.standing, **{version.clause.key: version for version in written}}
    actor = by or _actor(page.live_revision)
    version = ModelVersion.objects.create(
        number=number,
        approved_at=at or timezone.now(),
        approved_by=page.approved_by or _("The board of %(operator)s") % {"operator": settings.OPERATOR},
        summary=page.version_summary,
        revision_id=page.live_revision_id,
        made_by=actor,
        layout=[standing[entry.key].pk for entry in coming.entries if entry.key],
    )
    mark_made(v.decision_id for v in written if v.decision_id)
    ledger.record(
        "model.published",
        f"model:{number}",
        actor,
        revision=page.live_revision_id,
        sentences={
            v.clause.ref: {"kind": v.kind, "number": v.number, "words": v.fingerprint} for v in written
        },
    )
    return version


def _actor(revision: Revision) -> User | None:
    """Who published: whoever is at work in the admin, else who approved the revision, else who wrote it."""
    if user := get_active_log_context().user:
        return user if user.is_authenticated else None
    approved = TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    last = approved.order_by("-finished_at").select_related("finished_by").first()
    return last.finished_by if last and last.finished_by else revision.user


def _write_clause_versions(coming: NextVersion, number: int) -> list[ClauseVersion]:
    """A row for each sentence whose wording moved, and the sentence itself where it is new."""
    known = {clause.ref: clause for clause in Clause.objects.all()}
    new = [move.entry for move in coming.moves if move.entry and move.entry.ref not in known]
    for clause in Clause.objects.bulk_create(_clause(entry) for entry in new):
        known[clause.ref] = clause
    return ClauseVersion.objects.bulk_create(_clause_version(move, known, number) for move in coming.moves)


def _clause(entry: Entry) -> Clause:
    return Clause(key=entry.key or uuid4(), ref=entry.ref, kind=entry.kind)


def _clause_version(move: Move, known: dict[str, Clause], number: int) -> ClauseVersion:
    ref = move.entry.ref if move.entry else move.now.clause.ref  # type: ignore[union-attr]
    parts = move.entry.parts if move.entry else move.now.parts  # type: ignore[union-attr]
    return ClauseVersion(
        clause=known[ref],
        number=move.now.number + 1 if move.now else 1,
        model_version_number=number,
        kind=move.kind,
        parts=parts,
        reason=move.reason,
        editorial=move.editorial,
        decision_id=move.decision_id,
        fingerprint=fingerprint(parts),
    )


def mark_made(decision_ids: Iterable[int]) -> int:
    """Tie each change that these decisions asked for to the wording that made it; returns how many.

    A wording makes a change when it names the decision and its words differ in the part that was to change.
    To be called when the plan is published and when a decision is, whichever comes later.
    """
    waiting = Change.objects.filter(decision_id__in=set(decision_ids), clause__isnull=False, made_by=None)
    changes = list(waiting)
    if not changes:
        return 0
    versions = ClauseVersion.objects.filter(clause_id__in={c.clause_id for c in changes}).order_by("number")
    history: dict[int, list[ClauseVersion]] = {}
    for version in versions:
        history.setdefault(version.clause_id, []).append(version)
    made = []
    for change in changes:
        change.made_by = _maker(change, history.get(change.clause_id or 0, []))
        if change.made_by:
            made.append(change)
    Change.objects.bulk_update(made, ["made_by"])
    return len(made)


def _maker(change: Change, history: list[ClauseVersion]) -> ClauseVersion | None:
    before: dict[str, Any] = {}
    for version in history:
        gone = version.kind == ClauseVersion.Kind.RETIRED
        moved = gone or not change.part or version.parts.get(change.part) != before.get(change.part)
        if version.decision_id == change.decision_id and moved:
            return version
        before = {} if gone else version.parts
    return None


def ensure_workflow() -> Workflow:
    """The board's approval, on the page of the plan. Idempotent: run after migrate and with a new page."""
    group, _made = Group.objects.get_or_create(name=Role.BOARD.value)
    task = GroupApprovalTask.objects.filter(name=WORKFLOW_NAME).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=WORKFLOW_NAME)
        task.groups.add(group)
    workflow = Workflow.objects.filter(name=WORKFLOW_NAME).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW_NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    # Only keys are read: after a migration to an earlier state other columns may be missing.
    for key in ModelPage.objects.filter(workflowpage__isnull=True).values_list("pk", flat=True):
        WorkflowPage.objects.create(workflow=workflow, page_id=key)
    return workflow
