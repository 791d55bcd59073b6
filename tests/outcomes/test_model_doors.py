"""Publication through any door makes a whole new version, or none (TOM-2, TOM-3)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from wagtail.models import APIToken, Page

from collaborative.errors import Refused
from collaborative.outcomes import actions
from collaborative.outcomes.models import ClauseVersion, ModelPage, ModelVersion
from collaborative.people.models import User
from collaborative.people.roles import Role, give_role
from tests.outcomes.plan import (
    DOORS,
    Block,
    Door,
    blocks,
    changed,
    draft,
    new_page,
    published_page,
    state,
    stored,
)

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
# Doors at which Wagtail asks whether somebody may publish: nobody may, whatever their role.
SHUT = ("editor", "bulk", "page")
OPEN = [door for door in DOORS if door not in SHUT]
NEW_WORDS = "You asked me first, and again when things changed."


@pytest.fixture
def page(db: None) -> ModelPage:
    return published_page()


@pytest.fixture
def boss(administrator: User) -> User:
    User.objects.filter(pk=administrator.pk).update(is_superuser=True)
    return User.objects.get(pk=administrator.pk)


def through(door: Door, page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    """Go through the door; a command has nobody to show a refusal to and raises it."""
    try:
        door(page, body, client, user)
    except Refused:
        assert door in (DOORS["schedule"], DOORS["command"], DOORS["page"])


@pytest.mark.parametrize("door", OPEN)
def test_a_change_with_its_reason_makes_one_whole_version(
    door: str, page: ModelPage, boss: User, client_for: ClientFor
) -> None:
    body = changed(stored(page), "P1", statement=NEW_WORDS, reason="Being asked once is not enough.")
    through(DOORS[door], page, body, client_for(boss), boss)

    version = ModelVersion.objects.get(number=2)
    rows = ClauseVersion.objects.filter(model_version_number=2)
    assert [(r.clause.ref, r.kind, r.number, r.reason) for r in rows] == [
        ("P1", "changed", 2, "Being asked once is not enough.")
    ]
    assert len(version.layout) == 5
    fresh = ModelPage.objects.get(pk=page.pk)
    assert fresh.live
    assert fresh.live_revision_id == version.revision_id
    assert stored(fresh)[3]["value"]["statement"] == NEW_WORDS
    assert NEW_WORDS in Client().get("/model/").content.decode()


@pytest.mark.parametrize("door", OPEN)
def test_a_reason_missing_at_one_sentence_leaves_everything_as_it_was(
    door: str, page: ModelPage, boss: User, client_for: ClientFor
) -> None:
    """P2 has its reason and P1 has none: neither is published."""
    before = state(page)
    body = changed(stored(page), "P2", statement="It is there.", reason="Shorter.")
    body = changed(body, "P1", statement=NEW_WORDS)
    through(DOORS[door], page, body, client_for(boss), boss)

    assert state(page) == before
    assert NEW_WORDS not in Client().get("/model/").content.decode()


@pytest.mark.parametrize("door", OPEN)
def test_publishing_without_a_changed_word_makes_no_version(
    door: str, page: ModelPage, boss: User, client_for: ClientFor
) -> None:
    body = changed(stored(page), "P1", reason="A reason for nothing.", editorial=True)
    through(DOORS[door], page, body, client_for(boss), boss)

    assert ModelVersion.objects.count() == 1
    assert ModelPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("door", OPEN)
def test_the_first_version_is_whole_or_missing_through_every_door(
    door: str, boss: User, client_for: ClientFor
) -> None:
    page = new_page()
    through(DOORS[door], page, changed(blocks(), "O1", reason=""), client_for(boss), boss)
    assert not ModelVersion.objects.exists()
    assert not ModelPage.objects.get(pk=page.pk).live

    if door == "workflow":
        ModelPage.objects.get(pk=page.pk).current_workflow_state.cancel()
    through(DOORS[door], page, blocks(), client_for(boss), boss)
    assert ModelVersion.objects.get().number == 1
    assert ClauseVersion.objects.filter(kind="added").count() == 5


@pytest.mark.parametrize("door", SHUT)
@pytest.mark.parametrize("role", [*Role, "superuser"])
def test_nobody_publishes_without_the_approval_of_the_board(
    door: str, role: str, page: ModelPage, boss: User, editor: User, client_for: ClientFor
) -> None:
    """One person as editor and secretary at once could publish a plan “approved by the board”."""
    who = boss
    if role != "superuser":
        give_role(editor, Role(role))
        who = User.objects.get(pk=editor.pk)
    version = state(page)[3:]
    body = changed(stored(page), "P1", statement=NEW_WORDS, reason="Being asked once is not enough.")
    try:
        DOORS[door](page, body, client_for(who), who)
    except PermissionDenied:
        assert door == "page"

    assert state(page)[3:] == version
    assert NEW_WORDS not in Client().get("/model/").content.decode()


@pytest.mark.parametrize("action", ["patch", "publish"])
@override_settings(ROOT_URLCONF="tests.outcomes.api_urls")
def test_the_api_of_wagtail_publishes_for_nobody(action: str, page: ModelPage, boss: User) -> None:
    before = state(page)
    key = APIToken.create_token(user=boss, name="test")[1]
    headers = {"Authorization": f"Bearer {key}"}
    client = Client()
    draft(page, changed(stored(page), "P1", statement=NEW_WORDS, reason="Asked once is not enough."))
    if action == "patch":
        sent = {"meta": {"type": "outcomes.ModelPage", "action": "publish"}, "title": "Our plan"}
        address = f"/wagtail-api/pages/{page.pk}/"
        answer = client.patch(address, json.dumps(sent), content_type="application/json", headers=headers)
    else:
        answer = client.post(f"/wagtail-api/pages/{page.pk}/actions/publish/", headers=headers)

    assert answer.status_code == 403, answer.content
    assert state(page) == before


def test_the_action_of_this_room_dates_the_version_and_names_who_made_it(board_member: User) -> None:
    from datetime import UTC, datetime

    page = new_page()
    draft(page, blocks())
    moment = datetime(2025, 3, 17, 9, tzinfo=UTC)
    version = actions.publish_model(
        ModelPage.objects.get(pk=page.pk), by=board_member, at=moment, skip_permission_checks=True
    )
    assert version is not None
    assert (version.number, version.approved_at, version.made_by) == (1, moment, board_member)
    again = actions.publish_model(
        ModelPage.objects.get(pk=page.pk), by=board_member, skip_permission_checks=True
    )
    assert again is None


def test_an_editor_may_not_publish_even_with_the_right_to_publish_pages(
    page: ModelPage, editor: User
) -> None:
    draft(page, changed(stored(page), "P1", statement=NEW_WORDS, reason="Asked once is not enough."))
    with pytest.raises(PermissionDenied):
        actions.publish_model(page, by=editor)
    assert ModelVersion.objects.count() == 1


def test_a_plain_save_of_the_live_page_obeys_the_same_rule(page: ModelPage) -> None:
    before = state(page)
    page.body = ModelPage.body.field.to_python(changed(stored(page), "P1", statement=NEW_WORDS))
    with pytest.raises(Refused):
        page.save()
    assert state(page) == before


def test_the_plan_is_not_unpublished_by_anything(page: ModelPage) -> None:
    before = state(page)
    with pytest.raises(Refused):
        ModelPage.objects.get(pk=page.pk).unpublish()
    with pytest.raises(Refused):
        Page.objects.get(pk=page.pk).specific.unpublish(set_expired=True)
    assert state(page) == before
