"""Who may do what with a consultation. Plain predicates."""

from django.contrib.auth.models import AnonymousUser

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_move_closing(user: User | AnonymousUser) -> bool:
    """Those who publish consultations: the day stands in what they published."""
    return has_role(user, Role.EDITORS, Role.ADMINISTRATORS)


def user_may_write_questions(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.EDITORS, Role.ADMINISTRATORS)


def user_may_see_feedback(user: User | AnonymousUser) -> bool:
    """Those who write what came of a consultation, and those whose figures stand beside it."""
    return has_role(user, Role.EDITORS, Role.SECRETARY, Role.ANALYSTS)
