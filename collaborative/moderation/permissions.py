"""Who may check, and who may open a safeguarding case."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, State
from collaborative.contributions.permissions import user_may_read_words
from collaborative.moderation.models import Appeal, Report, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import STAFF_ROLES, Role, has_role, who_check

Anyone = User | AnonymousUser
# Who checks one thing though they open no queue: the room that owns its kind says so, as whoever runs a
# workshop does with the notes that are written there.
Checker = Callable[[User, Contribution], bool]
_checkers: dict[str, Checker] = {}


def let_check(kind: str, checker: Checker) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    _checkers[kind] = checker


def user_may_check(user: Anyone) -> bool:
    """Open the queue."""
    return has_role(user, Role.MODERATORS)


def user_may_check_this(user: Anyone, contribution: Contribution) -> bool:
    """A moderator, or whoever runs the place where it was written. Never what has been escalated."""
    if user_may_check(user):
        return True
    checker = _checkers.get(contribution.kind)
    if checker is None or not isinstance(user, User) or contribution.state == State.ESCALATED:
        return False
    return checker(user, contribution)


def user_may_decide(user: Anyone, contribution: Contribution) -> bool:
    """Release, refuse or escalate one thing: never what has been escalated or taken back."""
    return user_may_check_this(user, contribution) and contribution.state in {
        State.HELD,
        State.RELEASED,
        State.REFUSED,
    }


def user_may_look_again(user: Anyone, appeal: Appeal) -> bool:
    """Decide what an author asked to have looked at a second time: never whoever looked first (KC-6)."""
    return user_may_check(user) and appeal.against.by_id != user.pk


def somebody_else_may_check(user: User) -> bool:
    """Whether a second person is there at all. One query."""
    return who_check().exclude(pk=user.pk).exists()


def user_may_name_moderators(user: Anyone) -> bool:
    return user.has_perm("people.change_user")


def user_may_open_cases(user: Anyone) -> bool:
    return has_role(user, Role.SAFEGUARDING)


def user_may_open_case(user: Anyone, case: SafeguardingCase) -> bool:
    """Need to know (SAF-2): only those named for where it was said, as `for_user` tells. One query."""
    return SafeguardingCase.objects.for_user(user).filter(pk=case.pk).exists()


def user_works_here(user: Anyone) -> bool:
    """Anyone who works here may be worried; what about, `user_may_raise_concern` says."""
    return has_role(user, *STAFF_ROLES)


def user_may_have_file(user: Anyone, contribution: Contribution) -> bool:
    """Whoever may read the words it came with; what left moderation, those named for its case (SAF-2)."""
    if contribution.state == State.ESCALATED:
        return SafeguardingCase.objects.for_user(user).filter(contribution=contribution).exists()
    return contribution.state != State.WITHDRAWN and user_may_read_words(user, contribution)


def user_may_raise_concern(user: Anyone, contribution: Contribution) -> bool:
    """Whoever works here and can read the words: on a screen of theirs, or because everyone can.

    Pressing twice is no error, and a moderator may worry about what was taken back a moment ago.
    """
    if contribution.state == State.ESCALATED:
        return user_works_here(user)
    if contribution.state == State.WITHDRAWN:
        return user_may_check(user)
    return (
        user_may_read_words(user, contribution)
        or (user_works_here(user) and contribution.state == State.RELEASED)
        or user_may_check_this(user, contribution)
    )


def user_may_see_reports(user: Anyone) -> bool:
    return has_role(user, Role.MODERATORS, Role.ADMINISTRATORS)


def reports_for(user: Anyone) -> list[str]:
    """What the reports that this person may read are about. Safety is never among it: see the cases."""
    return [Report.About.WORDS.value, Report.About.SITE.value] if user_may_see_reports(user) else []


def user_may_handle_report(user: Anyone, report: Report) -> bool:
    """Need to know: a report about somebody's safety is read on its case, by those named for it (SAF-2)."""
    return report.about in reports_for(user)


def user_may_mend_gaps(user: Anyone) -> bool:
    """Is told which consultation or workshop is paused for people under 18, and why."""
    return has_role(user, Role.EDITORS, Role.FACILITATORS, Role.SAFEGUARDING, Role.ADMINISTRATORS)


def user_may_check_contacts(user: Anyone) -> bool:
    """Say that a contact is still right: whoever may change it."""
    return user.has_perm("moderation.change_contact")
