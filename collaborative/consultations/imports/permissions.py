"""Who may key in what reached us by other ways, and who may bring a file."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_key_in(user: Anyone) -> bool:
    """Those who run consultations, and those who were at the event."""
    return has_role(user, Role.EDITORS, Role.SECRETARY, Role.FACILITATORS)


def user_may_import(user: Anyone) -> bool:
    """A file holds what many people said, so fewer may bring one."""
    return has_role(user, Role.EDITORS, Role.SECRETARY)
