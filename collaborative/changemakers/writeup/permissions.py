"""Who may write a workshop up. Plain predicates. Who took part needs no account: see `access`."""

from django.contrib.auth.models import AnonymousUser

from collaborative.changemakers.room.permissions import RUN_ANY, user_may_facilitate
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import has_role


def user_may_write_up(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """Whoever runs the workshop: draft, share, answer corrections, publish. At most one query."""
    return user_may_facilitate(user, engagement)


def user_finds_write_ups(user: User | AnonymousUser) -> bool:
    """Has them in the menu, which stands on every page and asks the database nothing. Who is only named on
    the page of a workshop comes by its console."""
    return has_role(user, *RUN_ANY)


def user_may_read_correction(user: User, contribution: Contribution) -> bool:
    """Whoever writes it up reads what is put right, besides the moderators. At most two queries."""
    return user_may_write_up(user, contribution.engagement)
