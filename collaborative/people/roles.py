"""The roles of the platform and what each may do, laid by one idempotent `ensure_roles()` after migrate."""

from enum import StrEnum

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import QuerySet
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    TaskState,
    Workflow,
    WorkflowState,
    WorkflowTask,
)

from collaborative.people.models import User


class Role(StrEnum):
    EDITORS = "editors"
    BOARD = "board"
    SECRETARY = "secretary"
    ANALYSTS = "analysts"
    MODERATORS = "moderators"
    SAFEGUARDING = "safeguarding"
    FACILITATORS = "facilitators"
    ADMINISTRATORS = "administrators"


# Everyone who works here reaches the Wagtail admin; what stands in it depends on the role.
STAFF_ROLES = frozenset(Role)


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether an active user holds one of the roles; they are read once for each user object.

    A superuser holds none by that: even an administrator of the machine does not open a safeguarding
    case without being named for it.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    held = getattr(user, "_role_names", None)
    if held is None:
        held = set(user.groups.values_list("name", flat=True))
        user._role_names = held  # type: ignore[union-attr,attr-defined]
    return any(role.value in held for role in roles)


def who_look_after_safety() -> QuerySet[User]:
    """Everyone who can open a safeguarding case: an open account in that role."""
    return User.objects.filter(is_active=True, groups__name=Role.SAFEGUARDING.value)


def who_check() -> QuerySet[User]:
    """Every moderator with an open account."""
    return User.objects.filter(is_active=True, groups__name=Role.MODERATORS.value)


def give_role(user: User, *roles: Role) -> None:
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    if hasattr(user, "_role_names"):
        del user._role_names  # type: ignore[attr-defined]


def ensure_roles(**kwargs: object) -> None:
    """Lay the roles and what each may do in the Wagtail admin. Idempotent; run after every migrate.

    What a role may do with evidence is decided by predicates (`permissions.py` of each room), not by rows;
    rows are only for Wagtail's own screens: pages, images, documents, snippets, settings, users.
    """
    for label in {name.split(".")[0] for name in [*EDITED, *ADMINISTERED, "analysis.theme"]}:
        # Django makes a room's permissions when that room's turn comes; some have not had theirs yet.
        create_permissions(apps.get_app_config(label), verbosity=0)
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    access = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    ).first()
    root = Page.objects.filter(depth=1).first()
    if access is None or root is None:
        return  # the tables of Wagtail stand only after its own migrations
    _clear_what_wagtail_laid()
    for role in STAFF_ROLES:
        groups[role].permissions.add(access)
    _allow_pages(groups[Role.EDITORS], root, ["add", "change", "publish", "lock", "unlock"])
    _allow_pages(groups[Role.BOARD], root, ["change"])
    _allow_pages(groups[Role.SECRETARY], root, ["add", "change"])
    _allow_pages(
        groups[Role.ADMINISTRATORS], root, ["add", "change", "publish", "lock", "unlock", "bulk_delete"]
    )
    _allow_models(groups[Role.EDITORS], EDITED)
    _allow_models(groups[Role.ANALYSTS], ["analysis.theme"], verbs=["view"])
    _allow_models(
        groups[Role.MODERATORS], ["moderation.houserule", "moderation.contact", "moderation.watchedword"]
    )
    _allow_models(
        groups[Role.SAFEGUARDING],
        ["moderation.contact", "moderation.safetysettings", "moderation.watchedword"],
    )
    _allow_models(groups[Role.ADMINISTRATORS], [*EDITED, *ADMINISTERED])
    _allow_files(groups[Role.EDITORS])


EDITED = ["outcomes.evidencerecord", "outcomes.assessment", "outcomes.seat"]
ADMINISTERED = [
    "people.user",
    "people.stakeholdergroup",
    "people.organisation",
    "auth.group",
    "home.sitesettings",
    "moderation.houserule",
    "moderation.contact",
    "moderation.safetysettings",
    "moderation.watchedword",
]


def _clear_what_wagtail_laid() -> None:
    """Wagtail's own groups beside ours of nearly the same name, and its approval by one of them, confuse.

    What is in use stays: a group with people in it, an approval that a page ever went through.
    """
    name = "Moderators approval"
    if not WorkflowState.objects.filter(workflow__name=name).exists():
        Workflow.objects.filter(name=name).delete()
    stay = [TaskState.objects.filter(task__name=name), WorkflowTask.objects.filter(task__name=name)]
    if not any(rows.exists() for rows in stay):
        GroupApprovalTask.objects.filter(name=name).delete()
    groups = Group.objects.filter(name__in=["Editors", "Moderators"], user=None)
    groups.exclude(groupapprovaltask__isnull=False).delete()


def _allow_pages(group: Group, root: Page, verbs: list[str]) -> None:
    for verb in verbs:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{verb}_page")
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _allow_models(group: Group, labels: list[str], verbs: list[str] | None = None) -> None:
    for label in labels:
        app, model = label.split(".")
        wanted = [f"{verb}_{model}" for verb in verbs or ["add", "change", "delete", "view"]]
        group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=wanted))


def _allow_files(group: Group) -> None:
    root = Collection.get_first_root_node()
    for app, model in [("wagtailimages", "image"), ("wagtaildocs", "document")]:
        for verb in ["add", "change", "choose"]:
            permission = Permission.objects.get(content_type__app_label=app, codename=f"{verb}_{model}")
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
