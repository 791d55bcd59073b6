"""Who may do what in the room of a workshop. Plain predicates."""

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

ADULTS_NEEDED = 2
RUN_ANY = (Role.FACILITATORS, Role.ADMINISTRATORS)  # every workshop, not only those that name them


def user_may_facilitate(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """Run the room: who is named on its page, and everyone of the role, so that a second person takes over
    when the first one's line drops. At most one query for who holds neither role."""
    if has_role(user, *RUN_ANY):
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    from collaborative.changemakers.models import SessionPage  # the page imports this room

    return SessionPage.objects.filter(pk=engagement.page_id, facilitator=user).exists()


def user_may_read_message(user: User, contribution: Contribution) -> bool:
    """Whoever runs the workshop reads what was said to its facilitator alone, besides the moderators. What is
    escalated is out of their sight as of everyone's (SAF-2)."""
    return user_may_facilitate(user, contribution.engagement)


def user_may_record_adults(user: User | AnonymousUser, engagement: Engagement) -> bool:
    """Record that somebody's PVG scheme check was seen (SAF-1): who looks after safety, and who runs it."""
    return has_role(user, Role.SAFEGUARDING) or user_may_facilitate(user, engagement)


def young_people_may_enter(adults: int) -> bool:
    """Whether somebody under 18 may be in a small group with so many named adults."""
    return adults >= ADULTS_NEEDED
