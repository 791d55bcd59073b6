"""Who may do what with the plan."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_publish_model(user: User | AnonymousUser) -> bool:
    """The board passes a version; its secretary and administrators may publish for it. Editors only draft."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or has_role(user, Role.BOARD, Role.SECRETARY, Role.ADMINISTRATORS)
