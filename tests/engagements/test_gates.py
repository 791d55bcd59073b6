"""Nothing opens before everything it needs stands: asked at the form, and at every door to publication."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.consultations.models import ConsultationPage
from collaborative.engagements import gates
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.consultations import making

pytestmark = pytest.mark.django_db
CONSULTATION = Engagement.Kind.CONSULTATION


def missing(kind: str = CONSULTATION, **changed: Any) -> set[str]:
    return {gate.field for gate in gates.missing(ConsultationPage(**making.fields(**changed)), kind)}


def test_whole_terms_pass() -> None:
    assert missing() == set()
    assert missing(**making.young_terms()) == set()


@pytest.mark.parametrize(
    "field", ["can_change", "cannot_change", "who_decides", "decides_by", "opens_at", "closes_at"]
)
@pytest.mark.parametrize("kind", Engagement.Kind.values)
def test_par_1_what_can_change_and_who_decides_by_when(kind: str, field: str) -> None:
    assert missing(kind, **{field: None if field.endswith(("_at", "_by")) else " "}) == {field}


def test_con_3_less_than_12_weeks_needs_a_reason_for_a_consultation_alone() -> None:
    now = timezone.now()
    short = {"opens_at": now, "closes_at": now + timedelta(weeks=8)}
    assert missing(**short) == {"short_period_reason"}
    assert missing(**short, short_period_reason="The placement season begins.") == set()
    assert missing(Engagement.Kind.SESSION, **short) == set()
    assert missing(opens_at=now, closes_at=now + timedelta(weeks=12)) == set()


@pytest.mark.parametrize("hour", ["2026-10-25T00:46", "2026-10-25T01:46"])
def test_what_closed_while_the_clocks_went_back_is_published_again(hour: str) -> None:
    closing = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    page = making.draft(opens_at=closing - timedelta(weeks=13), closes_at=closing)
    making.publish(page)
    page = ConsultationPage.objects.get()
    page.search_description = "Seen again."
    page.save_revision().publish()
    # The clock says the same an hour earlier or later: it is another moment.
    page.closes_at = closing + timedelta(hours=1 if closing.hour == 0 else -1)
    with pytest.raises(Refused, match="Move the closing"):
        page.save_revision().publish()


def test_it_closes_after_it_opens() -> None:
    now = timezone.now()
    assert missing(opens_at=now, closes_at=now) == {"closes_at"}


@pytest.mark.parametrize("field", ["safeguarding_lead", "safeguarding_deputy", "cover_times"])
def test_saf_1_lead_deputy_and_hours_before_anyone_under_18_is_invited(field: str) -> None:
    young = making.young_terms()
    young[field] = {} if field == "cover_times" else None
    assert field in missing(**young)
    assert missing(**{**young, "invites_under_18": False}) == set()


def test_saf_1_the_deputy_is_somebody_else() -> None:
    young = making.young_terms()
    young["safeguarding_deputy"] = young["safeguarding_lead"]
    assert missing(**young) == {"safeguarding_deputy"}


@pytest.mark.parametrize("part", ["space", "voice", "audience", "influence"])
def test_lun_1_each_part_of_the_lundy_check(part: str) -> None:
    assert missing(**{**making.young_terms(), f"lundy_{part}": ""}) == {f"lundy_{part}"}


# Doors ------------------------------------------------------------------------------------------


def by_revision(page: ConsultationPage, client: Client) -> None:
    with pytest.raises(Refused, match="what can change"):
        page.save_revision().publish()


def by_plain_save(page: ConsultationPage, client: Client) -> None:
    page.live = True
    with pytest.raises(Refused, match="what can change"):
        page.save()


def by_schedule(page: ConsultationPage, client: Client) -> None:
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.object_id = str(page.pk)
    revision.content["go_live_at"] = None
    revision.save()
    with pytest.raises(Refused, match="what can change"):
        call_command("publish_scheduled")


def by_bulk(page: ConsultationPage, client: Client) -> None:
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{address}?id={page.pk}&next=/admin/", follow=True)
    assert "Say what can change." in answer.content.decode()


@pytest.mark.parametrize("door", [by_revision, by_plain_save, by_schedule, by_bulk])
def test_par_1_holds_at_every_door(
    door: Callable[[ConsultationPage, Client], None],
    editor: User,
    client_for: Callable[[User], Client],
) -> None:
    page = making.draft(can_change="")
    door(page, client_for(editor))
    assert not ConsultationPage.objects.get(pk=page.pk).live
    assert not Engagement.objects.exists()


def test_a_refusal_leaves_what_was_published(editor: User) -> None:
    page = making.draft()
    engagement = making.publish(page)
    page.refresh_from_db()
    page.can_change, page.title = "", "Another title"
    with pytest.raises(Refused):
        page.save_revision().publish()
    assert ConsultationPage.objects.get(pk=page.pk).title == engagement.title
    assert Engagement.objects.get().can_change == engagement.can_change


def test_drafts_always_save() -> None:
    page = making.draft(questions=[], can_change="", opens_at=None)
    page.title = "Still thinking"
    page.save_revision()
    assert page.latest_revision.as_object().title == "Still thinking"


def test_publication_copies_the_terms_once_and_keeps_the_row() -> None:
    page = making.draft(audiences=["parents", "employers"])
    first = making.publish(page)
    assert {group.slug for group in first.audiences.all()} == {"parents", "employers"}
    page.refresh_from_db()
    page.title, page.who_decides = "A better title", "The whole board"
    again = making.publish(page)
    assert (again.pk, again.title, again.who_decides) == (first.pk, "A better title", "The whole board")


def test_two_engagements_cannot_have_one_address() -> None:
    taken = making.consultation()
    taken.slug = "second"
    taken.save()
    page = making.draft(slug="second")
    with pytest.raises(Refused, match="address"):
        page.save_revision().publish()


# The form ---------------------------------------------------------------------------------------


def posted(page: ConsultationPage, client: Client, **changed: Any) -> dict[str, Any]:
    """What the editor's browser would send for this page, read from its form."""
    from bs4 import BeautifulSoup

    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = BeautifulSoup(client.get(address).content, "html.parser").find("form", id="page-edit-form")
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or (field.get("type") in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.get("type") == "checkbox" and name in data:
            data[name] = [*([data[name]] if isinstance(data[name], str) else data[name]), field["value"]]
        elif field.name == "select":
            data[name] = [o.get("value", "") for o in field.find_all("option") if o.has_attr("selected")]
        else:
            data[name] = (
                field.text.lstrip("\n")
                if field.name == "textarea"
                else field.get("value", "on" if field.get("type") == "checkbox" else "")
            )
    blocks = list(page.questions.raw_data)
    data |= {"questions-count": str(len(blocks))}
    for i, one in enumerate(blocks):
        data |= {
            f"questions-{i}-id": one["id"],
            f"questions-{i}-type": "question",
            f"questions-{i}-order": str(i),
        }
        data[f"questions-{i}-deleted"] = ""
        for name, value in one["value"].items():
            if isinstance(value, list) and value and isinstance(value[0], str):  # boxes that are ticked
                data[f"questions-{i}-value-{name}"] = value
            elif isinstance(value, list):
                data[f"questions-{i}-value-{name}-count"] = str(len(value))
                for j, item in enumerate(value):
                    stem = f"questions-{i}-value-{name}-{j}"
                    plain = item.get("value", item)
                    data |= {f"{stem}-deleted": "", f"{stem}-order": str(j), f"{stem}-id": ""}
                    data |= {f"{stem}-value-{part}": text for part, text in plain.items()}
            elif isinstance(value, dict):
                data |= {f"questions-{i}-value-{name}-{part}": text or "" for part, text in value.items()}
            elif value is not False:
                data[f"questions-{i}-value-{name}"] = "" if value is None else value
    return {**data, "background": "null", **changed}


def test_the_form_says_at_the_field_what_is_missing_and_saves_the_draft_all_the_same(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(editor)
    page = making.draft(**making.young_terms())
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    whole = posted(page, client, can_change="", lundy_audience="")
    answer = client.post(address, {**whole, "action-publish": "1"})
    form = answer.context["form"]
    assert set(form.errors) == {"can_change", "lundy_audience"}
    assert not ConsultationPage.objects.get(pk=page.pk).live
    saved = client.post(address, whole)
    assert saved.status_code == 302
    assert ConsultationPage.objects.get(pk=page.pk).latest_revision.as_object().can_change == ""
    published = client.post(
        address, {**whole, "can_change": "all", "lundy_audience": "Ms Rae", "action-publish": "1"}
    )
    assert published.status_code == 302, published.context["form"].errors
    assert Engagement.objects.get().can_change == "all"
