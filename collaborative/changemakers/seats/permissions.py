"""Who may see and do what with places. Plain predicates. Who registers needs no account: they have a link."""

from django.contrib.auth.models import AnonymousUser

from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_see_places(user: User | AnonymousUser) -> bool:
    """The list of workshops, who has a place and who waits; add somebody, take somebody off."""
    return has_role(user, Role.EDITORS, Role.FACILITATORS, Role.ADMINISTRATORS)


def user_may_open_places(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """The same of one workshop: whoever runs it as well."""
    return user_may_see_places(user) or user_may_facilitate(user, engagement)


def user_may_read_access_needs(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """Those who run the room and nobody else: administrators have no use for what somebody needs."""
    return has_role(user, Role.FACILITATORS) or user_is_named(user, engagement)


def user_may_take_the_door_list(user: User | AnonymousUser, engagement: Engagement) -> bool:
    return user_may_facilitate(user, engagement)


def user_is_named(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """As the facilitator of this workshop. One query for who is signed in."""
    if not user.is_authenticated or not user.is_active:
        return False
    from collaborative.changemakers.models import SessionPage  # the page imports this package

    return SessionPage.objects.filter(pk=engagement.page_id, facilitator=user).exists()
