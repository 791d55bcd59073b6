"""Who may make new figures public."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_cut_release(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.ANALYSTS, Role.SECRETARY)
