"""The roles of the platform and what each may do, laid by one idempotent `ensure_roles()` after migrate."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, Group

from collaborative.people.models import User


class Role(StrEnum):
    EDITORS = "editors"
    BOARD = "board"
    SECRETARY = "secretary"
    ANALYSTS = "analysts"
    MODERATORS = "moderators"
    SAFEGUARDING = "safeguarding"
    FACILITATORS = "facilitators"
    ADMINISTRATORS = "administrators"


# Everyone who works here reaches the Wagtail admin; what stands in it depends on the role.
STAFF_ROLES = frozenset(Role)


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether an active user holds one of the roles. A superuser is not a moderator or a safeguarding lead by that.

    The roles of a user object are read once (need-to-know: even an administrator of the machine
    does not open a safeguarding case without being named for it).
    """
    if not user.is_authenticated or not user.is_active:
        return False
    held = getattr(user, "_role_names", None)
    if held is None:
        held = set(user.groups.values_list("name", flat=True))
        user._role_names = held  # type: ignore[union-attr]
    return any(role.value in held for role in roles)


def give_role(user: User, *roles: Role) -> None:
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    if hasattr(user, "_role_names"):
        del user._role_names
