"""Who may take answers out, and who may let somebody have them raw (P3)."""

from django.contrib.auth.models import AnonymousUser

from collaborative.consultations.models import RawRequest
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_see_exports(user: Anyone) -> bool:
    """The list: what was taken out by whom. No word of any answer stands there."""
    return has_role(user, Role.ANALYSTS, Role.FACILITATORS, Role.ADMINISTRATORS)


def user_may_ask_for_raw(user: Anyone) -> bool:
    return has_role(user, Role.ANALYSTS)


def user_may_decide_raw(user: Anyone) -> bool:
    """The second person: another analyst, or who looks after the site (P14). They see no answer by it."""
    return has_role(user, Role.ANALYSTS, Role.ADMINISTRATORS)


def user_may_decide(user: Anyone, request: RawRequest) -> bool:
    """Nobody approves their own."""
    return user_may_decide_raw(user) and request.by_id != user.pk


def user_may_see_request(user: Anyone, request: RawRequest) -> bool:
    return user_may_decide_raw(user) or (user_may_ask_for_raw(user) and request.by_id == user.pk)


def user_may_take_raw(user: Anyone, request: RawRequest) -> bool:
    """Only who asked, while the approval stands and they still may ask."""
    return user_may_ask_for_raw(user) and request.by_id == user.pk and request.stands
