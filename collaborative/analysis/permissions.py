"""Who may sort what people said, and what may be quoted."""

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, State
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_code(user: Anyone) -> bool:
    """Open the workbench, apply and take back themes."""
    return has_role(user, Role.ANALYSTS)


def user_may_define_themes(user: Anyone) -> bool:
    return has_role(user, Role.ANALYSTS)


def may_be_coded(contribution: Contribution) -> bool:
    """Checked by a person and not left out. Permission to publish does not matter here (RIF-3)."""
    if contribution.is_private:
        return False
    return contribution.state == State.RELEASED and not contribution.receipt.exclusion
