"""Who may do what with a class. Plain predicates. A teacher needs no account: the private link is theirs."""

from django.contrib.auth.models import AnonymousUser

from collaborative.engagements.permissions import user_may_make_codes
from collaborative.people.models import User


def user_may_decide_classes(user: User | AnonymousUser) -> bool:
    """Approve a class or not, and with that read who asks and whom to ring at the school. Those who may make
    codes: an approval makes one."""
    return user_may_make_codes(user)
