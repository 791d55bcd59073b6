"""Who has what open, what one moderator leaves for the next, and how each likes to work."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.moderation.models import Claim, Desk, HandOver
from collaborative.moderation.permissions import user_may_check
from collaborative.people.models import User


def claim(contribution: Contribution, *, by: User) -> Claim:
    """Take it for ten minutes, or find out who has it: see whose claim comes back. Four statements at most.

    Opening it again begins the ten minutes anew. A claim that lapsed is anybody's.
    """
    if not user_may_check(by):
        raise PermissionDenied
    now = timezone.now()
    with transaction.atomic():
        # Under the row's lock, so that of two who open it at once one is first.
        Contribution.objects.select_for_update().only("pk").get(pk=contribution.pk)
        standing = Claim.objects.select_related("by").filter(contribution=contribution).first()
        if standing is None:
            return Claim.objects.create(contribution=contribution, by=by, at=now)
        if standing.by_id != by.pk and standing.stands_at(now):
            return standing
        standing.by, standing.at = by, now
        standing.save(update_fields=["by", "at"])
        return standing


def let_go(contribution: Contribution, *, by: User) -> None:
    """Leave it for others. Letting go of what somebody else has is no error and does nothing."""
    Claim.objects.filter(contribution=contribution, by=by).delete()


def hand_over(text: str, *, by: User) -> HandOver:
    """A note for whoever is on duty next. The same note straight after itself is one note."""
    if not user_may_check(by):
        raise PermissionDenied
    text = text.strip()
    if not text:
        raise NotPossible(_("Write something first."))
    with transaction.atomic():
        newest = HandOver.objects.first()
        if newest is not None and newest.text == text and newest.by_id == by.pk:
            return newest
        return HandOver.objects.create(text=text, by=by, at=timezone.now())


def work_as(user: User, *, veiled: bool | None = None, keys: bool | None = None) -> Desk:
    """Cover the words or not, take single letters as commands or not; what is not named stays."""
    if not user_may_check(user):
        raise PermissionDenied
    wanted = {name: on for name, on in (("veiled", veiled), ("keys", keys)) if on is not None}
    return Desk.objects.update_or_create(user=user, defaults=wanted)[0]
