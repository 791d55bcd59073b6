"""Who may sort what people said and take it out, and what may be sorted."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
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


def user_may_export(user: Anyone, engagement: Engagement) -> bool:
    """Of one place, as `exportable` says. One query for facilitators."""
    if has_role(user, Role.ANALYSTS):
        return True
    return exportable(user).filter(pk=engagement.pk).exists()


def exportable(user: Anyone) -> QuerySet[Engagement]:
    """Those who sort what people said, everywhere; those who run workshops, what was said at the workshops
    whose page names them (P8), though in the room one stands in for another."""
    if has_role(user, Role.ANALYSTS):
        return Engagement.objects.all()
    if not has_role(user, Role.FACILITATORS):
        return Engagement.objects.none()
    # By the name of the relation: the page of a workshop is on a floor above.
    return Engagement.objects.filter(kind=Engagement.Kind.SESSION, page__sessionpage__facilitator=user.pk)
