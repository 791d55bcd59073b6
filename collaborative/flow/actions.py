"""Cutting a release: counting, making safe, checking that parts add up, and freezing what the public sees."""

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from collaborative import pagecache
from collaborative.analysis.differencing import responses_changed_since
from collaborative.consultations.feedback import frozen_tables
from collaborative.contributions import ledger
from collaborative.figures.models import Release, Table
from collaborative.figures.suppression import Policy
from collaborative.flow import tables
from collaborative.flow.engagement_tables import moved
from collaborative.flow.permissions import user_may_cut_release
from collaborative.people.models import User

NIGHTLY = "nightly"


def cut_release(*, by: User | None = None, reason: str = NIGHTLY) -> Release:
    """Count everything, hide what must be hidden, and make it what every public page shows from now on.

    `by` is None for the nightly job. Raises PermissionDenied, or figures.reconcile.NotReconciled when parts
    and totals disagree: then nothing changes. The newest release is returned and nothing is written when the
    figures are the same, or when so few responses changed that two releases side by side would point at
    them. Somebody who may cut one can do so all the same, and says why (SDC-1, differencing).
    """
    if by is not None and not user_may_cut_release(by):
        raise PermissionDenied
    policy = Policy()
    waiting = _must_wait(policy, by, reason)
    if waiting is not None:
        return waiting
    content = stand_still(
        tables.build(policy), policy
    )  # outside the transaction: counting must not hold SQLite's lock
    mark = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with transaction.atomic():
        newest = Release.objects.select_for_update().order_by("-number").first()
        if newest is not None and newest.content_hash == mark:
            return newest
        release = _freeze(content, mark, policy.as_dict(), by, reason)
        ledger.record("release.cut", f"release:{release.number}", by, reason=reason, tables=len(content))
        pagecache.touch()
    return release


def _must_wait(policy: Policy, by: User | None, reason: str) -> Release | None:
    """The newest release, where the next one has to wait for more responses to change; otherwise None."""
    newest = Release.objects.current()
    if newest is None or (by is not None and reason.strip() and reason != NIGHTLY):
        return None
    return newest if 0 < responses_changed_since(newest) < policy.k else None


def stand_still(content: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """The new tables, but what published feedback stands on unchanged where it moved by less than a crowd.

    That table stays on the feedback page for good. Each release is k responses away from the one before it,
    yet responses may come back to where they stood; then a newer table laid beside the frozen one would point
    at the few that did not (SDC-1). One table that does not move says nothing.
    """
    for frozen in frozen_tables():
        new = content.get(frozen.key)
        if new is not None and moved(frozen.content, new) < policy.k:
            content[frozen.key] = frozen.content
    return content


def _freeze(
    content: dict[str, Any], mark: str, policy: dict[str, Any], by: User | None, reason: str
) -> Release:
    number = (Release.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    release = Release.objects.create(
        number=number, cut_at=timezone.now(), cut_by=by, reason=reason, policy=policy, content_hash=mark
    )
    Table.objects.bulk_create(
        Table(release=release, key=key, content=value) for key, value in content.items()
    )
    return release
