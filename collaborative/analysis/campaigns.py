"""Campaigns (ANA-3): looking for texts that are nearly the same, and what a person decides about them.

The looking goes in short batches, each a transaction of its own, and in slices of some seconds, each a job of
its own, so that a concern about somebody's safety never waits behind it. Whoever is killed leaves behind how
far it was.
"""

import time
from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from collaborative import pagecache
from collaborative.analysis import likeness
from collaborative.analysis.actions import confirm_campaign
from collaborative.analysis.models import (
    Campaign,
    CampaignMember,
    CampaignSearch,
    CampaignSuggestion,
    SuggestedMember,
    TextMark,
)
from collaborative.analysis.permissions import user_may_code
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

AT_ONCE = 300
SLICE = 5.0  # seconds
STALE = timedelta(minutes=30)
State = CampaignSuggestion.State


def look(engagement: Engagement, *, by: User) -> CampaignSearch:
    """Begin to look through what was given there; the search that goes on already is given back."""
    if not user_may_code(by):
        raise PermissionDenied
    now = timezone.now()
    with transaction.atomic():
        search, new = CampaignSearch.objects.get_or_create(
            engagement=engagement,
            finished_at=None,
            defaults={
                "asked_by": by,
                "asked_at": now,
                "changed_at": now,
                "total": _responses(engagement.pk).count(),
            },
        )
        if new:
            ledger.record("campaign.looked", f"engagement:{engagement.pk}", by)
            transaction.on_commit(partial(work.enqueue, search.pk))
    return search


@task()
def work(pk: int) -> None:
    """One slice of a search; it may stop anywhere and be called again."""
    until = time.monotonic() + SLICE
    while _read_some(pk):
        if time.monotonic() > until:
            work.enqueue(pk)
            return
    _compare(pk)


def go_on(now: datetime | None = None) -> int:
    """For the nightly command: take up searches whose worker died. Returns how many."""
    before = (now or timezone.now()) - STALE
    rows = CampaignSearch.objects.filter(finished_at=None, changed_at__lt=before)
    found = list(rows.values_list("pk", flat=True))
    for pk in found:
        work.enqueue(pk)
    return len(found)


def _responses(engagement: int) -> "models.QuerySet[Receipt]":
    """Those that are analysed and in no campaign yet."""
    return Receipt.objects.analysed().filter(engagement=engagement, campaign_member=None)


def texts(receipts: list[int]) -> dict[int, str]:
    """All that each response says and may be sorted, in the order of the questions. One query."""
    said: dict[int, list[str]] = defaultdict(list)
    rows = Contribution.objects.analysable().filter(receipt__in=receipts).with_newest_text()
    for row in rows.only("receipt_id").order_by("prompt_key", "pk"):
        said[row.receipt_id].append(row.newest_text or "")  # type: ignore[attr-defined]
    return {receipt: "\n\n".join(parts) for receipt, parts in said.items()}


def _read_some(pk: int) -> bool:
    """Keep the marks of the next batch; whether there may be more."""
    with transaction.atomic():
        search = CampaignSearch.objects.select_for_update().filter(pk=pk, finished_at=None).first()
        if search is None:
            return False
        rows = _responses(search.engagement_id).filter(pk__gt=search.read_to).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not batch:
            return False
        TextMark.objects.bulk_create(_marks(search, texts(batch)))
        search.read_to, search.done = batch[-1], search.done + len(batch)
        search.changed_at = timezone.now()
        search.save(update_fields=["read_to", "done", "changed_at"])
    return True


def _marks(search: CampaignSearch, said: dict[int, str]) -> Iterator[TextMark]:
    for receipt, text in said.items():
        found = likeness.words(text)
        if len(found) >= likeness.LEAST_WORDS:
            its_sketch = likeness.sketch(found).tobytes()
            yield TextMark(search=search, receipt_id=receipt, mark=likeness.mark(found), sketch=its_sketch)


def _compare(pk: int) -> None:
    """Group what was read, keep the groups as suggestions, and forget the marks."""
    search = CampaignSearch.objects.filter(pk=pk, finished_at=None).first()
    if search is None:
        return
    groups = likeness.Grouping().groups(_kept(search))
    now = timezone.now()
    with transaction.atomic():
        locked = CampaignSearch.objects.select_for_update().filter(pk=pk, finished_at=None)
        if not locked.exists():
            return
        engagement = search.engagement_id
        CampaignSuggestion.objects.filter(engagement=engagement, state=State.OPEN).delete()
        known = set(
            CampaignSuggestion.objects.filter(engagement=engagement, state=State.DISMISSED).values_list(
                "leader_id", flat=True
            )
        )
        for group in groups:
            if known.isdisjoint(group.identical):  # the same text was looked at before
                _suggest(engagement, group, now)
        search.marks.all().delete()
        locked.update(finished_at=now, changed_at=now)


def _kept(search: CampaignSearch) -> Iterator[tuple[int, bytes, "array[int]"]]:
    rows = search.marks.order_by("receipt_id").values_list("receipt_id", "mark", "sketch")
    for receipt, mark, kept in rows.iterator(chunk_size=2_000):
        yield receipt, bytes(mark), array("I", bytes(kept))


def _suggest(engagement: int, group: likeness.Group, now: datetime) -> None:
    suggestion = CampaignSuggestion.objects.create(
        engagement_id=engagement,
        leader_id=group.leader,
        identical=len(group.identical),
        varied=len(group.varied),
        found_at=now,
    )
    rows = [
        SuggestedMember(suggestion=suggestion, receipt_id=pk, varied=False, likeness=100)
        for pk in group.identical
    ]
    rows += [
        SuggestedMember(suggestion=suggestion, receipt_id=pk, varied=True, likeness=round(how * 100))
        for pk, how in group.varied
    ]
    SuggestedMember.objects.bulk_create(rows, batch_size=1_000)


# What a person decides -------------------------------------------------------------------------------


def confirm(suggestion: CampaignSuggestion, name: str, *, by: User) -> Campaign:
    """It is a campaign: its identical responses count once from now on. Twice is no error.

    Those that were taken back or left out meanwhile, or are in another campaign, do not come in. Raises
    NotPossible without a name of its own, or when nothing is left of it.
    """
    if not user_may_code(by):
        raise PermissionDenied
    name = " ".join(name.split())[:120]
    if not name:
        raise NotPossible(_("Give the campaign a name."))
    with transaction.atomic():
        row = CampaignSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
        if row.state == State.CONFIRMED and row.campaign is not None:
            return row.campaign
        if Campaign.objects.filter(engagement=row.engagement, name=name).exists():
            raise NotPossible(_("A campaign has this name already."))
        still = _responses(row.engagement_id)
        members = dict(row.members.filter(receipt__in=still).values_list("receipt_id", "varied"))
        receipts = {pk: Receipt(pk=pk) for pk in members}
        identical = [one for pk, one in receipts.items() if not members[pk]]
        if not identical:
            raise NotPossible(_("Nothing is left of it: look again."))
        varied = [one for pk, one in receipts.items() if members[pk]]
        campaign = confirm_campaign(row.engagement, name, identical=identical, varied=varied, by=by)
        _decide(row, State.CONFIRMED, by, campaign)
    return campaign


def dismiss(suggestion: CampaignSuggestion, *, by: User) -> None:
    """It is none: people wrote the same by themselves. It is not suggested again. Twice is no error."""
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        row = CampaignSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
        if row.state == State.CONFIRMED:
            raise NotPossible(_("It is a campaign by now. Undo that first."))
        if row.state == State.OPEN:
            _decide(row, State.DISMISSED, by, None)
            ledger.record("campaign.dismissed", f"suggestion:{row.pk}", by)


def _decide(row: CampaignSuggestion, state: str, by: User, campaign: Campaign | None) -> None:
    row.state, row.decided_by, row.decided_at, row.campaign = state, by, timezone.now(), campaign
    row.save(update_fields=["state", "decided_by", "decided_at", "campaign"])


def undo(campaign: Campaign, *, by: User) -> None:
    """Each of its responses counts by itself again, from the next release on. Twice is no error."""
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        row = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
        if row is None:
            return
        members = CampaignMember.objects.filter(campaign=row)
        identical = members.filter(varied=False).count()
        size = members.delete()[0]
        CampaignSuggestion.objects.filter(campaign=row).update(
            state=State.OPEN, decided_by=None, decided_at=None, campaign=None
        )
        ledger.record(
            "campaign.undone",
            f"campaign:{row.pk}",
            by,
            size=size,
            identical=identical,
            engagement=row.engagement_id,
        )
        row.delete()
        pagecache.touch()
