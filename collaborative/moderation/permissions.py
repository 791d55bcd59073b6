"""Who may check, and who may open a safeguarding case."""

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, State
from collaborative.moderation.models import Appeal, Report, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role

Anyone = User | AnonymousUser


def user_may_check(user: Anyone) -> bool:
    """Open the queue."""
    return has_role(user, Role.MODERATORS)


def user_may_decide(user: Anyone, contribution: Contribution) -> bool:
    """Release, refuse or escalate one thing: never what has been escalated or taken back."""
    return user_may_check(user) and contribution.state in {State.HELD, State.RELEASED, State.REFUSED}


def user_may_look_again(user: Anyone, appeal: Appeal) -> bool:
    """Decide what an author asked to have looked at a second time: never whoever looked first (KC-6)."""
    return user_may_check(user) and appeal.against.by_id != user.pk


def user_may_open_cases(user: Anyone) -> bool:
    return has_role(user, Role.SAFEGUARDING)


def user_may_open_case(user: Anyone, case: SafeguardingCase) -> bool:
    return user_may_open_cases(user)


def user_may_see_reports(user: Anyone) -> bool:
    return has_role(user, Role.MODERATORS, Role.ADMINISTRATORS, Role.SAFEGUARDING)


def reports_for(user: Anyone) -> list[str]:
    """What the reports that this person may read are about."""
    found = []
    if has_role(user, Role.SAFEGUARDING):
        found.append(Report.About.SAFETY.value)
    if has_role(user, Role.MODERATORS, Role.ADMINISTRATORS):
        found += [Report.About.WORDS.value, Report.About.SITE.value]
    return found


def user_may_handle_report(user: Anyone, report: Report) -> bool:
    """Need to know: a report about somebody's safety is for the safeguarding role alone (SAF-2)."""
    return report.about in reports_for(user)
