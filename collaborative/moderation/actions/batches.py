"""What was decided with one press, for one thing or for many, and putting it back within a few minutes."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, move
from collaborative.contributions.models import Contribution, State
from collaborative.moderation.actions.checks import check, check_locked, locked
from collaborative.moderation.models import Appeal, Batch, Check, HouseRule
from collaborative.moderation.permissions import user_may_check
from collaborative.people.models import User

AT_MOST = 50  # of one press: each is locked, moved and told about by itself


@dataclass
class Done:
    """What became of one press. `left`: those that somebody else has, or has dealt with, meanwhile."""

    batch: Batch | None = None
    done: list[Contribution] = field(default_factory=list)
    left: list[Contribution] = field(default_factory=list)


def decide_together(
    references: list[str], *, rule: HouseRule | None, by: User, looked: str = "", withhold: str = ""
) -> Done:
    """Release what waits under these references, with `rule` refuse it, or with `withhold` (the reason) keep
    it off the page though it counts; all that can be, in one step.

    What is not waiting any more, lies open before somebody else, or was changed by its author since the list
    was made (`looked`, in seconds), is left as it is.
    """
    if not user_may_check(by):
        raise PermissionDenied
    if not references:
        raise NotPossible(_("Tick something first."))
    found = Done()
    with transaction.atomic():
        # Always in the same order, so that two who press at once never wait for each other in a ring.
        rows = list(
            Contribution.objects.filter(reference__in=references[:AT_MOST]).order_by("prompt_key", "pk")
        )
        batch = Batch.objects.create(by=by, at=timezone.now())
        for row in rows:
            try:
                _decide(row, rule, by, batch, f"{State.HELD}@{looked}", withhold)
                found.done.append(row)
            except NotPossible:
                found.left.append(row)
        if found.done:
            found.batch = batch
        else:
            batch.delete()
    return found


def _decide(
    row: Contribution, rule: HouseRule | None, by: User, batch: Batch, seen: str, withhold: str
) -> None:
    if withhold:
        check(row, State.RELEASED, Check.Outcome.WITHHELD, by, seen=seen, reason=withhold, batch=batch)
    elif rule is None:
        check(row, State.RELEASED, Check.Outcome.RELEASED, by, seen=seen, batch=batch)
    else:
        check(row, State.REFUSED, Check.Outcome.REFUSED, by, seen=seen, rule=rule, batch=batch)


def decide(
    contribution: Contribution, *, rule: HouseRule | None, by: User, seen: str | None = None
) -> Batch | None:
    """Release one thing, or with `rule` refuse it. The batch by which it can be put back, where it can.

    What was decided anew, or by a second person, is not put back by a press: there is no one state before.
    """
    to, outcome = (State.RELEASED, Check.Outcome.RELEASED)
    if rule is not None:
        to, outcome = (State.REFUSED, Check.Outcome.REFUSED)
    with transaction.atomic():
        row = locked(contribution.pk)
        batch = None
        if row.state == State.HELD and not hasattr(row, "appeal"):
            batch = Batch.objects.create(by=by, at=timezone.now())
        made = check_locked(row, to, outcome, by, seen=seen or contribution.state, rule=rule, batch=batch)
        if batch is not None and made is None:
            batch.delete()
            batch = None
    contribution.state, contribution.read_at = row.state, row.read_at
    return batch


def undo(batch: Batch, *, by: User) -> Done:
    """Put back what one press decided, exactly as it waited before. Only its own moderator, for five minutes.

    What has gone on since (taken back by its author, passed to safeguarding, decided anew) stays as it is.
    """
    now = timezone.now()
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.by_id != by.pk:
            raise PermissionDenied
        if row.undone_at is not None:
            return Done(row)
        if row.until <= now:
            raise NotPossible(_("That was more than a few minutes ago. Open each one and decide it anew."))
        found = Done(row)
        checks = row.checks.select_related("contribution").order_by(
            "contribution__prompt_key", "contribution"
        )
        for one in checks:
            (found.done if _put_back(one, row, by) else found.left).append(one.contribution)
        row.checks.filter(contribution__in=found.done).update(undone_at=now)
        Appeal.objects.filter(against__batch=row, contribution__in=found.done, decided_at=None).delete()
        row.undone_at = now
        row.save(update_fields=["undone_at"])
        ledger.record("batch.undone", f"batch:{row.pk}", by, things=len(found.done))
        pagecache.touch()
    return found


def _put_back(one: Check, batch: Batch, by: User) -> bool:
    row = Contribution.objects.select_for_update().get(pk=one.contribution_id)
    last = row.checks.order_by("-pk").values_list("pk", flat=True).first()
    expected = State.REFUSED if one.outcome == Check.Outcome.REFUSED else State.RELEASED
    if row.state != expected or last != one.pk:
        return False
    move(row, State.HELD, by=by, reason="undone")
    if row.read_at is not None and row.read_at >= batch.at:
        # It was read for the first time by this press. Had somebody read it before, that day stays.
        Contribution.objects.filter(pk=row.pk).update(read_at=None)
    return True
