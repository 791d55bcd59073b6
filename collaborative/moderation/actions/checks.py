"""What moderators decide about one contribution.

The verbs take `seen`: the state it had when the moderator looked at it (by default the state of the object
handed over). When it has moved since, somebody else was faster and nothing is written; only a concern goes
through whatever happened meanwhile. Doing the same thing twice is no error.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, add_wording, keep_back, move
from collaborative.contributions.models import Contribution, Edition, State, Wording
from collaborative.moderation import notices
from collaborative.moderation.films import film_in
from collaborative.moderation.models import Appeal, Batch, Check, Claim, HouseRule
from collaborative.moderation.permissions import user_may_check_this, user_may_decide
from collaborative.moderation.redaction import REMOVED, leaves_words, redacts
from collaborative.people.models import User

# Decided anew although it was released before.
ANEW = frozenset({Check.Outcome.REDACTED, Check.Outcome.WITHHELD})


def release(contribution: Contribution, *, by: User, seen: str | None = None) -> None:
    """A person has read it and lets it be counted, sorted and, where its author permits, shown."""
    check(contribution, State.RELEASED, Check.Outcome.RELEASED, by, seen=seen)


def release_redacted(
    contribution: Contribution, text: str, reason: str, *, by: User, seen: str | None = None
) -> Wording:
    """Release with words removed: the original stays, restricted (RIF-6). `text` is the whole new wording.

    Raises NotPossible unless it is the newest wording with passages replaced by REMOVED, and nothing else.
    """
    if not reason.strip():
        raise NotPossible(_("Say why words were removed."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        newest = row.wordings.order_by("-number")[0]
        if row.state == State.RELEASED and newest.kind == Wording.Kind.REDACTED and newest.text == text:
            return newest
        if row.state != (seen or contribution.state).partition("@")[0]:
            raise NotPossible(_("Somebody else has dealt with this already."))
        if not redacts(newest.text, text):
            how = _("Put %(removed)s in place of the words, and change nothing else.")
            raise NotPossible(how % {"removed": REMOVED})
        if not leaves_words(text):
            raise NotPossible(_("There are no words left. Refuse it instead."))
        check(contribution, State.RELEASED, Check.Outcome.REDACTED, by, seen=row.state, reason=reason)
        return add_wording(contribution, Wording.Kind.REDACTED, text, by=by, reason=reason)


def withhold(contribution: Contribution, reason: str, *, by: User, seen: str | None = None) -> None:
    """Keep it off every page and let it be sorted and counted all the same (RIF-6). It breaks no house rule.

    `reason` stays in the record. Twice is no error. Raises NotPossible for a comment, which stands in a
    conversation or does not: that one is released or refused.
    """
    check(contribution, State.RELEASED, Check.Outcome.WITHHELD, by, seen=seen, reason=reason)


def refuse(
    contribution: Contribution, rule: HouseRule, *, by: User, reason: str = "", seen: str | None = None
) -> None:
    """Refuse by a published house rule and nothing else (KC-6)."""
    check(contribution, State.REFUSED, Check.Outcome.REFUSED, by, seen=seen, rule=rule, reason=reason)


def locked(pk: int) -> Contribution:
    """The row under its lock, with who has it open and whether its author asked for a second look.

    Locked first and read afterwards: PostgreSQL would show what is joined to a row that it had to wait for
    as it was before the wait.
    """
    Contribution.objects.select_for_update().values_list("pk").get(pk=pk)
    return Contribution.objects.select_related("claim", "appeal__against").get(pk=pk)


def check(
    contribution: Contribution,
    to: str,
    outcome: str,
    by: User,
    *,
    seen: str | None,
    rule: HouseRule | None = None,
    reason: str = "",
    batch: Batch | None = None,
) -> None:
    """Move it and say who looked, under the row's lock, so that of two moderators one is first."""
    with transaction.atomic():
        row = locked(contribution.pk)
        check_locked(
            row, to, outcome, by, seen=seen or contribution.state, rule=rule, reason=reason, batch=batch
        )
    contribution.state, contribution.read_at = row.state, row.read_at


def check_locked(
    row: Contribution,
    to: str,
    outcome: str,
    by: User,
    *,
    seen: str,
    rule: HouseRule | None = None,
    reason: str = "",
    batch: Batch | None = None,
    again: bool = False,
) -> Check | None:
    """The same for a row from `locked()`, in the caller's transaction. None where nothing was left to do.

    `again`: it is decided anew though its state stays. A concern is stopped by nobody's claim.
    """
    if not user_may_check_this(by, row):
        raise PermissionDenied
    if outcome == Check.Outcome.WITHHELD:
        if not reason.strip():
            raise NotPossible(_("Say why it is kept off the page."))
        if row.kind == Contribution.Kind.COMMENT:
            raise NotPossible(_("A comment is shown or refused."))
        if row.withheld and row.state == to:
            return None
    state, _at, looked = seen.partition("@")
    _refuse_unread(row, looked)
    if row.state != state:
        _already(row, to, outcome, by)
        return None
    if row.state == to and not again and outcome not in ANEW and not row.withheld:
        return None
    if not user_may_decide(by, row):
        raise NotPossible(_("Somebody else has dealt with this already."))
    if outcome != Check.Outcome.ESCALATED:
        is_free_for(row, by)
    if to == State.RELEASED:
        _refuse_film(row)
    move(row, to, by=by)
    if row.withheld != (outcome == Check.Outcome.WITHHELD):
        keep_back(row, not row.withheld, by=by)
    made = Check.objects.create(
        contribution=row, outcome=outcome, rule=rule, reason=reason, by=by, at=timezone.now(), batch=batch
    )
    _afterwards(row, made, by)
    pagecache.touch()
    return made


def _refuse_film(row: Contribution) -> None:
    """LNG-1: what is signed is released in words. One query, for that edition alone."""
    if row.edition == Edition.BSL and film_in(row, row.wordings.order_by("-number")[0].text):
        raise NotPossible(_("This is a film. First write down what is signed."))


def _refuse_unread(row: Contribution, looked: str) -> None:
    """Nobody lets words pass that they have not read: their author may change them while they wait.

    `looked` is when the moderator's page was made, in seconds; empty where nobody can have changed them.
    """
    if not looked or row.state != State.HELD:
        return
    newest = row.wordings.filter(kind=Wording.Kind.EDITED).order_by("-number").first()
    if newest is not None and newest.created_at.timestamp() > _seconds(looked):
        raise NotPossible(_("Its author has changed it since you opened it. Read it again."))


def _seconds(text: str) -> float:
    """What is no number was never looked at."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def is_free_for(row: Contribution, by: User) -> None:
    """Nobody else has it open, and a second look is somebody else's than the first was."""
    claim: Claim | None = getattr(row, "claim", None)
    if claim is not None and claim.by_id != by.pk and claim.stands_at(timezone.now()):
        raise NotPossible(_("Somebody else has this open just now."))
    appeal: Appeal | None = getattr(row, "appeal", None)
    if appeal is None or appeal.against.by_id != by.pk:
        return
    if appeal.is_open:
        raise NotPossible(_("You decided this. Somebody else has to look a second time."))
    if row.state != State.HELD:
        raise NotPossible(_("A second person has decided this."))


def _afterwards(row: Contribution, made: Check, by: User) -> None:
    """Nobody has it open any more; its author is told, and a second look that was asked for has happened."""
    Claim.objects.filter(contribution=row).delete()
    if made.outcome == Check.Outcome.ESCALATED:
        return
    appeal: Appeal | None = getattr(row, "appeal", None)
    if appeal is not None and appeal.is_open:
        same = made.outcome == appeal.against.outcome == Check.Outcome.REFUSED
        close_appeal(appeal, Appeal.Outcome.STANDS if same else Appeal.Outcome.CHANGED, by)
    else:
        notices.decided(made)


def close_appeal(appeal: Appeal, outcome: str, by: User) -> None:
    """Write down how it ended, in the caller's transaction, and tell the author."""
    appeal.outcome, appeal.decided_at, appeal.decided_by = outcome, timezone.now(), by
    appeal.save(update_fields=["outcome", "decided_at", "decided_by"])
    subject = f"contribution:{appeal.contribution.reference}"
    ledger.record("appeal.decided", subject, by, outcome=str(outcome))
    notices.second_look(appeal)


def _already(row: Contribution, to: str, outcome: str, by: User) -> None:
    """Pass over what this person did before (a double click); refuse when it was somebody else."""
    last = row.checks.order_by("-pk").first()
    if row.state != to or last is None or last.by_id != by.pk or last.outcome != outcome:
        raise NotPossible(_("Somebody else has dealt with this already."))
