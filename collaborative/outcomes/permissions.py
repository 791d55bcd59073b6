"""Who may do what with decisions beyond editing their pages, which Wagtail's own permissions rule."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_review(user: User | AnonymousUser) -> bool:
    """Say whether an answer still holds: the board that gave it, and who writes its decisions down."""
    return has_role(user, Role.BOARD, Role.SECRETARY, Role.EDITORS)
