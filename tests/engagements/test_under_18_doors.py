"""Nothing opens to people under 18 before everything stands, by whichever door (SAF-1, LUN-1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from collaborative.consultations.models import ConsultationPage
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations import making
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db

Door = Callable[[ConsultationPage, Client, User], str]


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        verb()
    return " ".join(refusal.value.messages)


def by_revision(page: ConsultationPage, client: Client, editor: User) -> str:
    return refused(lambda: page.save_revision().publish())


def by_plain_save(page: ConsultationPage, client: Client, editor: User) -> str:
    page.live = True
    return refused(page.save)


def by_schedule(page: ConsultationPage, client: Client, editor: User) -> str:
    """What was scheduled is published by a command, long after anyone looked at the form."""
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.object_id = str(page.pk)
    revision.content["go_live_at"] = None
    revision.save()
    return refused(lambda: call_command("publish_scheduled"))


def by_bulk(page: ConsultationPage, client: Client, editor: User) -> str:
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return client.post(f"{address}?id={page.pk}&next=/admin/", follow=True).content.decode()


def by_workflow(page: ConsultationPage, client: Client, editor: User) -> str:
    """Approved by the board: the last step publishes."""
    page.save_revision(user=editor)
    task = GroupApprovalTask.objects.create(name="A look by the board")
    task.groups.add(Group.objects.get(name=Role.BOARD.value))
    flow = Workflow.objects.create(name="Through the board")
    WorkflowTask.objects.create(workflow=flow, task=task)
    flow.start(page, editor)
    approver = person("Approver", Role.BOARD)
    state = page.current_workflow_task_state
    return refused(lambda: state.approve(user=approver))


def by_editor(page: ConsultationPage, client: Client, editor: User) -> str:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, {**posted(page, client), "action-publish": "1"})
    return " ".join(str(error) for errors in answer.context["form"].errors.values() for error in errors)


DOORS: list[Door] = [by_revision, by_plain_save, by_schedule, by_bulk, by_workflow, by_editor]
GAPS: dict[str, tuple[dict[str, Any], str]] = {
    "no lead": ({"safeguarding_lead": None}, "name the safeguarding lead"),
    "no deputy": ({"safeguarding_deputy": None}, "name the deputy"),
    "no hours": ({"cover_times": {}}, "on which days and at what times"),
    "nobody listens": ({"lundy_audience": ""}, "name who listens"),
    "it feeds no decision": ({"lundy_influence": ""}, "which decision it feeds"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("gap", GAPS)
def test_saf_1_lun_1_a_gap_is_refused_at_every_door(
    gap: str, door: Door, editor: User, client_for: Callable[[User], Client]
) -> None:
    missing, words = GAPS[gap]
    page = making.draft(**{**making.young_terms(), **missing})
    assert words in door(page, client_for(editor), editor).replace("&#x27;", "'")
    assert not ConsultationPage.objects.get(pk=page.pk).live
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("lost", ["closed", "no role"])
def test_saf_1_a_lead_who_cannot_open_a_concern_is_no_lead(
    lost: str, door: Door, editor: User, client_for: Callable[[User], Client]
) -> None:
    page = making.draft(**making.young_terms())
    if lost == "closed":
        User.objects.filter(pk=page.safeguarding_lead_id).update(is_active=False)
    else:
        page.safeguarding_lead.groups.clear()
    assert "cannot open a concern" in door(page, client_for(editor), editor)
    assert not Engagement.objects.exists()


def test_saf_1_the_hours_of_a_workshop_may_be_the_workshop_itself() -> None:
    from collaborative.engagements import gates

    terms = {**making.young_terms(), "cover_times": {}, "cover_throughout": True}
    page = ConsultationPage(**making.fields(**terms))
    assert gates.missing(page, Engagement.Kind.SESSION) == []
    assert [gate.field for gate in gates.missing(page, Engagement.Kind.CONSULTATION)] == ["cover_times"]


def test_saf_1_the_editor_types_the_hours_as_times(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    client, page = client_for(editor), making.draft(**{**making.young_terms(), "cover_times": {}})
    sent = posted(page, client) | {"cover_times_0": "08:30", "cover_times_1": "17:30", "action-publish": "1"}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, sent | {"cover_times_3": "17:00"})
    assert "Tuesday: give both times, or none." in str(answer.context["form"].errors)
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Engagement.objects.get().cover_times == {"mon": ["08:30", "17:30"]}
    assert Engagement.objects.get().cover_words == "Monday, 8:30am to 5:30pm."
