"""What whoever runs a workshop decides about one thing that was written in it, in one press."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions as moderation
from collaborative.moderation.permissions import user_may_decide, user_may_raise_concern
from collaborative.staff import actor


def check(request: HttpRequest, said: Contribution, *, done: str) -> None:
    """`do` is "release" or "worried", `seen` the state that it had on their screen. Says what happened, with
    `done` when it was released."""
    user, do = actor(request), request.POST.get("do")
    try:
        if do == "worried" and user_may_raise_concern(user, said):
            moderation.escalate(said, by=user)
            messages.success(request, _("It is with the people named for safety."))
        elif do == "release" and user_may_decide(user, said):
            moderation.release(said, by=user, seen=request.POST.get("seen") or None)
            messages.success(request, done)
        else:
            raise NotPossible(_("Somebody else has dealt with this already."))
    except NotPossible as refused:
        messages.info(request, str(refused))
