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
from collaborative.contributions.actions import NotPossible, add_wording, move
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation.models import Check, HouseRule
from collaborative.moderation.permissions import user_may_check, user_may_decide
from collaborative.moderation.redaction import REMOVED, leaves_words, redacts
from collaborative.people.models import User


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
        if row.state != (seen or contribution.state):
            raise NotPossible(_("Somebody else has dealt with this already."))
        if not redacts(newest.text, text):
            how = _("Put %(removed)s in place of the words, and change nothing else.")
            raise NotPossible(how % {"removed": REMOVED})
        if not leaves_words(text):
            raise NotPossible(_("There are no words left. Refuse it instead."))
        check(contribution, State.RELEASED, Check.Outcome.REDACTED, by, seen=row.state, reason=reason)
        return add_wording(contribution, Wording.Kind.REDACTED, text, by=by, reason=reason)


def refuse(
    contribution: Contribution, rule: HouseRule, *, by: User, reason: str = "", seen: str | None = None
) -> None:
    """Refuse by a published house rule and nothing else (KC-6)."""
    check(contribution, State.REFUSED, Check.Outcome.REFUSED, by, seen=seen, rule=rule, reason=reason)


def check(
    contribution: Contribution,
    to: str,
    outcome: str,
    by: User,
    *,
    seen: str | None,
    rule: HouseRule | None = None,
    reason: str = "",
) -> None:
    """Move it and say who looked, under the row's lock, so that of two moderators one is first."""
    if not user_may_check(by):
        raise PermissionDenied
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        if row.state != (seen or contribution.state):
            _already(row, to, outcome, by)
        elif row.state != to or outcome == Check.Outcome.REDACTED:
            if not user_may_decide(by, row):
                raise NotPossible(_("Somebody else has dealt with this already."))
            move(row, to, by=by)
            Check.objects.create(
                contribution=row, outcome=outcome, rule=rule, reason=reason, by=by, at=timezone.now()
            )
            pagecache.touch()
    contribution.state, contribution.read_at = row.state, row.read_at


def _already(row: Contribution, to: str, outcome: str, by: User) -> None:
    """Pass over what this person did before (a double click); refuse when it was somebody else."""
    last = row.checks.order_by("-pk").first()
    if row.state != to or last is None or last.by_id != by.pk or last.outcome != outcome:
        raise NotPossible(_("Somebody else has dealt with this already."))
