"""Who may do what with decisions beyond editing their pages, which Wagtail's own permissions rule."""

from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page

from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

DECIDE = (Role.BOARD, Role.SECRETARY)


def user_may_see_desk(user: User | AnonymousUser) -> bool:
    """See what waits for an answer, with exact counts: who decides, and who writes decisions down."""
    return has_role(user, *DECIDE, Role.EDITORS)


def user_may_put_off(user: User | AnonymousUser) -> bool:
    """Put a topic off, take it up again, and say that nothing waits any more."""
    return has_role(user, *DECIDE)


def user_may_begin_decision(user: User, index: Page) -> bool:
    """Whoever Wagtail lets write a page there."""
    return bool(index.permissions_for_user(user).can_add_subpage())


def user_may_review(user: User | AnonymousUser) -> bool:
    """Say whether an answer still holds: the board that gave it, and who writes its decisions down."""
    return has_role(user, *DECIDE, Role.EDITORS)
