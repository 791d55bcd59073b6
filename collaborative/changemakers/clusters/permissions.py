"""Who sees what became of the groups of notes, and who makes an idea of one. Plain predicates.

Sorting under a topic is for those who sort whatever people said (`analysis.permissions.user_may_code`).
"""

from django.contrib.auth.models import AnonymousUser

from collaborative.analysis.permissions import user_may_code
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role


def user_may_see_groups(user: User | AnonymousUser) -> bool:
    """The list of workshops with groups of notes, and each of them."""
    return user_may_code(user) or has_role(user, Role.EDITORS, Role.FACILITATORS, Role.ADMINISTRATORS)


def user_may_open_groups(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """The same of one workshop: whoever runs it as well."""
    return user_may_see_groups(user) or user_may_facilitate(user, engagement)


def user_may_propose(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """Write an idea in the organisers' words, and put it forward: whoever runs the workshop, and editors."""
    return has_role(user, Role.EDITORS) or user_may_facilitate(user, engagement)
