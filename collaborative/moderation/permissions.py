"""Who may check, and who may open a safeguarding case."""

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, State
from collaborative.moderation.models import SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_check(user: Anyone) -> bool:
    """Open the queue."""
    return has_role(user, Role.MODERATORS)


def user_may_decide(user: Anyone, contribution: Contribution) -> bool:
    """Release, refuse or escalate one thing: never what has been escalated or taken back."""
    return user_may_check(user) and contribution.state in {State.HELD, State.RELEASED, State.REFUSED}


def user_may_open_cases(user: Anyone) -> bool:
    return has_role(user, Role.SAFEGUARDING)


def user_may_open_case(user: Anyone, case: SafeguardingCase) -> bool:
    return user_may_open_cases(user)


def user_may_handle_reports(user: Anyone) -> bool:
    return has_role(user, Role.MODERATORS, Role.ADMINISTRATORS)
