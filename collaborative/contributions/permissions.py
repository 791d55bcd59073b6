"""Who may see and do what with what people gave. Plain predicates, for views, templates and tests alike."""

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, State
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_read_words(user: Anyone, contribution: Contribution) -> bool:
    """Staff screens, by need to know: escalated words are for the safeguarding role alone (SAF-2)."""
    if contribution.state == State.ESCALATED:
        return has_role(user, Role.SAFEGUARDING)
    if contribution.state == State.RELEASED and not contribution.is_private:
        return has_role(user, Role.MODERATORS, Role.ANALYSTS)
    return has_role(user, Role.MODERATORS)


def user_may_exclude(user: Anyone) -> bool:
    return has_role(user, Role.ANALYSTS)
