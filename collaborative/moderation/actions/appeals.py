"""A second person looks, once, when the author asks (KC-6)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible, add_wording
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation.actions.checks import ANEW, check_locked, close_appeal, locked
from collaborative.moderation.actions.intake import received
from collaborative.moderation.models import Appeal, Check, Flag
from collaborative.moderation.permissions import user_may_check, user_may_look_again
from collaborative.people.models import User


def decision_on(contribution: Contribution) -> Check | None:
    """The decision of a person that its author may ask to have looked at again: the newest that stands."""
    newest = contribution.checks.standing().order_by("-pk").first()
    if newest is None:
        return None
    refused = newest.outcome == Check.Outcome.REFUSED and contribution.state == State.REFUSED
    changed = newest.outcome in ANEW and contribution.state == State.RELEASED
    return newest if refused or changed else None


def ask_again(contribution: Contribution) -> Appeal:
    """The author, or whoever has the code, asks for a second person. The same request again is the same one.

    Who asks is the caller's to know: nothing about them is kept. Raises NotPossible where nothing was
    refused or removed, and where a second person has looked already.
    """
    with transaction.atomic():
        row = locked(contribution.pk)
        standing = getattr(row, "appeal", None)
        if standing is not None:
            if standing.is_open:
                return standing
            raise NotPossible(_("A second person has looked at this. It cannot be asked again."))
        against = decision_on(row)
        if against is None:
            raise NotPossible(_("There is nothing to look at again."))
        appeal = Appeal.objects.create(contribution=row, against=against, asked_at=timezone.now())
        received(row, [Flag.APPEAL])
        ledger.record("appeal.asked", f"contribution:{row.reference}")
    return appeal


def uphold(contribution: Contribution, *, by: User) -> None:
    """The second person finds the same as the first did."""
    if not user_may_check(by):
        raise PermissionDenied
    with transaction.atomic():
        row = locked(contribution.pk)
        appeal = _to_decide(row, by)
        if appeal is None:
            return
        Check.objects.create(contribution=row, outcome=Check.Outcome.STANDS, by=by, at=timezone.now())
        close_appeal(appeal, Appeal.Outcome.STANDS, by)


def put_words_back(contribution: Contribution, *, by: User) -> None:
    """The second person finds that no words had to go, or that it need not be kept off the page: what was
    given stands again, whole."""
    if not user_may_check(by):
        raise PermissionDenied
    with transaction.atomic():
        row = locked(contribution.pk)
        appeal = _to_decide(row, by)
        if appeal is None:
            return
        whole = row.wordings.exclude(kind=Wording.Kind.REDACTED).order_by("-number").first()
        if row.state != State.RELEASED or whole is None or not whole.text:
            raise NotPossible(_("There are no words to put back."))
        check_locked(row, State.RELEASED, Check.Outcome.RELEASED, by, seen=row.state, again=True)
        newest = row.wordings.order_by("-number").first()
        if newest is not None and newest.kind == Wording.Kind.REDACTED:
            add_wording(row, whole.kind, whole.text, by=by, reason=_("Put back after a second look."))


def _to_decide(row: Contribution, by: User) -> Appeal | None:
    """The open appeal, where this person may decide it; None when they just did so (a double click)."""
    appeal: Appeal | None = getattr(row, "appeal", None)
    if appeal is None:
        raise NotPossible(_("Nobody asked for a second look at this."))
    if not appeal.is_open:
        if appeal.decided_by_id == by.pk:
            return None
        raise NotPossible(_("Somebody else has dealt with this already."))
    if not user_may_look_again(by, appeal):
        raise NotPossible(_("You decided this. Somebody else has to look a second time."))
    if row.state not in {State.REFUSED, State.RELEASED}:
        raise NotPossible(_("Somebody else has dealt with this already."))
    return appeal
