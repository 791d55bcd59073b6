"""Who may do what around an engagement. Plain predicates."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_make_codes(user: User | AnonymousUser) -> bool:
    """Codes for classes and workshops are made by those who run them."""
    return has_role(user, Role.EDITORS, Role.FACILITATORS, Role.ADMINISTRATORS)
