"""Drafting the plan in the editor: what is refused, where it says so, and what is always saved."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision, Workflow

from collaborative.contributions.models import LedgerEvent
from collaborative.errors import Refused
from collaborative.outcomes import actions
from collaborative.outcomes.models import Clause, ClauseVersion, ModelPage, ModelVersion
from collaborative.people.models import User
from tests.outcomes.plan import (
    KEYS,
    Block,
    changed,
    draft,
    edit_url,
    form_data,
    principle,
    publish,
    published_page,
    state,
    stored,
    without,
)

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def page(db: None) -> ModelPage:
    return published_page()


@pytest.fixture
def boss(administrator: User) -> User:
    User.objects.filter(pk=administrator.pk).update(is_superuser=True)
    return User.objects.get(pk=administrator.pk)


@pytest.fixture
def desk(boss: User, client_for: ClientFor) -> Client:
    return client_for(boss)


def errors_shown(response: Any, field: str = "body") -> dict[str, Any]:
    """The errors that the editor's HTML hands to the blocks of a field."""
    text = response.content.decode()
    found = re.search(rf'id="{field}"[^>]*data-w-block-arguments-value="([^"]*)"', text)
    assert found, "the editor shows no such field"
    arguments = json.loads(html.unescape(found.group(1)))
    return arguments[1] if len(arguments) > 1 and arguments[1] else {}


def refused(desk: Client, page: ModelPage, body: list[Block], retired: list[Block] | None = None) -> Any:
    before = state(page)
    response = desk.post(edit_url(page), form_data(body, retired or [], **{"action-submit": "1"}))
    assert response.status_code == 200
    assert state(page) == before
    return response


def test_the_message_stands_at_the_block_and_names_the_sentence(page: ModelPage, desk: Client) -> None:
    body = changed(stored(page), "P1", statement="You asked me twice.", reason="")
    errors = errors_shown(refused(desk, page, body))
    assert list(errors["blockErrors"]) == ["3"]
    [message] = errors["blockErrors"]["3"]["blockErrors"]["reason"]["messages"]
    assert message == "P1 (Name of P1) changed. Say why these words changed."


def test_a_reason_counts_only_when_it_is_new(page: ModelPage, desk: Client) -> None:
    body = changed(stored(page), "P1", statement="You asked me twice.")
    errors = errors_shown(refused(desk, page, body))
    assert "the reason of an earlier change" in str(errors["blockErrors"]["3"])
    publish(page, changed(stored(page), "P1", statement="You asked me twice.", reason="Twice is better."))
    assert ModelVersion.objects.count() == 2


def test_every_sentence_without_a_reason_has_its_own_message(page: ModelPage, desk: Client) -> None:
    body = changed(stored(page), "V", statement="Other words.", reason="")
    body = changed(body, "O1", adult="I got an answer.", reason="")
    errors = errors_shown(refused(desk, page, body))
    assert sorted(errors["blockErrors"]) == ["0", "2"]
    assert "V (What we want)" in str(errors["blockErrors"]["0"])
    assert "O1 (Being heard)" in str(errors["blockErrors"]["2"])


def test_an_added_sentence_needs_its_reason(page: ModelPage, desk: Client) -> None:
    key = "22222222-0000-4000-8000-000000000001"
    new = {"type": "principle", "id": key, "value": principle("P3", "Same door.", reason="")}
    errors = errors_shown(refused(desk, page, [*stored(page), new]))
    assert "P3 (Name of P3) is new. Say why it was added." in str(errors["blockErrors"]["5"])

    new["value"]["reason"] = "Islands have doors too."
    publish(page, [*stored(page), new])
    row = ClauseVersion.objects.get(clause__ref="P3")
    assert (row.kind, row.number, str(row.clause.key)) == ("added", 1, key)


def test_a_retired_sentence_needs_its_reason_and_keeps_its_rows(page: ModelPage, desk: Client) -> None:
    body = without(stored(page), "P2")
    errors = errors_shown(refused(desk, page, body), "retired")
    assert "P2 (Name of P2) was taken out." in str(errors["messages"])
    said = {"type": "sentence", "id": KEYS["V"], "value": {"ref": "P2", "reason": "", "decision": None}}
    errors = errors_shown(refused(desk, page, body, [said]), "retired")
    assert "P2 (Name of P2) was taken out. Say why." in str(errors["blockErrors"]["0"])

    said["value"]["reason"] = "P1 says it better."
    publish(page, body, retired=[said])
    row = ClauseVersion.objects.get(clause__ref="P2", number=2)
    assert (row.kind, row.reason, row.parts["statement"]) == (
        "retired",
        "P1 says it better.",
        "It was there all the way.",
    )
    assert row.pk not in ModelVersion.objects.get(number=2).layout
    # What was said about it may stay on the page while other sentences change.
    again = changed(body, "H", statement="We plan with you.", reason="Plainer.")
    publish(page, again)
    assert ModelVersion.objects.count() == 3


def test_a_retired_sentence_can_come_back_with_its_key_and_a_reason(page: ModelPage) -> None:
    body, said = stored(page), {"ref": "P2", "reason": "P1 says it better.", "decision": None}
    gone = without(body, "P2")
    publish(page, gone, retired=[{"type": "sentence", "id": KEYS["V"], "value": said}])
    for stale in ("People asked for it.", "P1 says it better.", ""):
        with pytest.raises(Refused):
            publish(page, changed(body, "P2", reason=stale), retired=[])
    publish(page, changed(body, "P2", reason="It was missed."), retired=[])
    assert ClauseVersion.objects.filter(clause__ref="P2").count() == 3


@pytest.mark.parametrize(
    ("break_it", "at", "says"),
    [
        (
            lambda body: [*body, {**body[4], "value": principle("P9", "Twice.", reason="New.")}],
            "5",
            "same hidden key",
        ),
        (lambda body: [*body, {**body[4], "id": "no-key"}], "5", "two sentences with the number P2"),
        (
            lambda body: changed(body, "P1", ref="P7", reason="Other."),
            "3",
            "keeps its number for ever: this is P1",
        ),
        (lambda body: changed(body, "P1", ref="Q1"), "3", "a letter and digits, such as P9"),
    ],
)
def test_keys_and_numbers_are_never_used_twice(
    break_it: Callable[[list[Block]], list[Block]], at: str, says: str, page: ModelPage, desk: Client
) -> None:
    errors = errors_shown(refused(desk, page, break_it(stored(page))))
    assert says in str(errors["blockErrors"][at])
    draft(page, break_it(stored(page)))
    with pytest.raises(Refused, match=says):
        ModelPage.objects.get(pk=page.pk).get_latest_revision().publish()


def test_the_number_of_a_retired_sentence_is_not_given_again(page: ModelPage) -> None:
    said = {"ref": "P2", "reason": "P1 says it better.", "decision": None}
    gone = [{"type": "sentence", "id": KEYS["V"], "value": said}]
    publish(page, without(stored(page), "P2"), retired=gone)
    other = {
        "type": "principle",
        "id": "22222222-0000-4000-8000-000000000002",
        "value": principle("P2", "Quite another.", reason="New."),
    }
    with pytest.raises(Refused, match="P2 was given to another sentence"):
        publish(page, [*without(stored(page), "P2"), other])
    assert Clause.objects.filter(ref="P2").count() == 1


def test_a_vision_written_in_a_new_block_is_still_the_vision(page: ModelPage) -> None:
    body = stored(page)
    body[0] = {
        "type": "vision",
        "id": "22222222-0000-4000-8000-000000000003",
        "value": {**body[0]["value"], "statement": "Everyone.", "reason": "Shorter."},
    }
    publish(page, body)
    assert ClauseVersion.objects.get(clause__ref="V", number=2).kind == "changed"


def test_another_order_is_another_version_without_new_wordings(page: ModelPage) -> None:
    body = stored(page)
    body[3], body[4] = body[4], body[3]
    version = publish(page, body)
    assert version is not None and version.number == 2
    assert ClauseVersion.objects.count() == 5


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}])
def test_drafts_and_autosave_always_save(headers: dict[str, str], page: ModelPage, desk: Client) -> None:
    before = state(page)
    body = changed(stored(page), "P1", statement="", reason="", name="")
    body = changed(body, "P2", statement="Half a tho", reason="")
    response = desk.post(edit_url(page), form_data(without(body, "H")), headers=headers)
    assert response.status_code == (200 if headers else 302)
    if headers:
        assert response.json()["success"] is True
    revision = ModelPage.objects.get(pk=page.pk).get_latest_revision()
    assert "Half a tho" in json.dumps(revision.content)
    assert state(page) == before


def test_sending_to_the_board_needs_reasons_too(page: ModelPage, editor: User, desk: Client) -> None:
    body = changed(stored(page), "P1", statement="You asked me twice.", reason="")
    response = desk.post(edit_url(page), form_data(body, **{"action-submit": "1"}))
    assert "Say why these words changed" in str(errors_shown(response))
    assert not ModelPage.objects.get(pk=page.pk).workflow_in_progress


def submitted(page: ModelPage, author: User) -> Revision:
    words = changed(stored(page), "P1", statement="You asked me twice.", reason="Once is not enough.")
    revision = draft(page, words, user=author)
    fresh = ModelPage.objects.get(pk=page.pk)
    fresh.get_workflow().start(fresh, author)
    return revision


def approve(page: ModelPage, client: Client) -> Any:
    task = ModelPage.objects.get(pk=page.pk).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    return client.post(address, follow=True)


def test_the_board_approves_what_an_editor_wrote(
    page: ModelPage, editor: User, board_member: User, client_for: ClientFor
) -> None:
    revision = submitted(page, editor)
    approve(page, client_for(board_member))
    version = ModelVersion.objects.get(number=2)
    assert (version.made_by, version.revision_id) == (board_member, revision.pk)
    event = LedgerEvent.objects.get(verb="page.approved")
    assert (event.actor, event.data["revision"]) == (board_member, revision.pk)
    published = LedgerEvent.objects.get(verb="model.published", subject="model:2")
    assert "twice" not in json.dumps(published.data)


def test_nobody_approves_their_own_draft(
    page: ModelPage, editor: User, board_member: User, client_for: ClientFor
) -> None:
    before = state(page)
    editor.groups.add(*board_member.groups.all())
    submitted(page, editor)
    response = approve(page, client_for(User.objects.get(pk=editor.pk)))
    assert "Nobody approves their own draft" in response.content.decode()
    assert state(page) == before
    assert ModelPage.objects.get(pk=page.pk).workflow_in_progress


@pytest.mark.parametrize("overwrite", [True, False])
def test_only_the_revision_that_was_sent_in_can_be_approved(
    overwrite: bool, page: ModelPage, editor: User, board_member: User, client_for: ClientFor
) -> None:
    """Autosave writes into the same revision: its number stays and its words do not."""
    before = state(page)
    revision = submitted(page, editor)
    fresh = ModelPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    fresh.body = ModelPage.body.field.to_python(
        changed(stored(page), "P1", statement="Other words altogether.", reason="Slipped in.")
    )
    fresh.save_revision(user=editor, clean=False, overwrite_revision=revision if overwrite else None)
    response = approve(page, client_for(board_member))
    assert "The draft changed after it was sent in" in response.content.decode()
    assert state(page) == before


def test_approving_in_the_editor_publishes_what_was_sent_in(
    page: ModelPage, editor: User, board_member: User, client_for: ClientFor
) -> None:
    submitted(page, editor)
    body = stored(ModelPage.objects.get(pk=page.pk).get_latest_revision_as_object())
    data = form_data(body, **{"action-workflow-action": "true", "workflow-action-name": "approve"})
    client_for(board_member).post(edit_url(page), data)
    assert ModelVersion.objects.count() == 2


def test_the_workflow_is_laid_once_and_hangs_on_the_plan(page: ModelPage) -> None:
    first, again = actions.ensure_workflow(), actions.ensure_workflow()
    assert first == again == ModelPage.objects.get(pk=page.pk).get_workflow()
    assert Workflow.objects.filter(name=first.name).count() == 1
    assert first.tasks.count() == 1


def test_the_preview_shows_what_the_draft_changes(page: ModelPage, desk: Client) -> None:
    body = changed(stored(page), "P1", statement="You asked me <b>twice</b>.", reason="")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert desk.post(address, form_data(body)).json()["is_valid"]
    shown = desk.get(address).content.decode()
    assert "Draft of version 2" in shown
    assert "<del>" in shown and "<ins>" in shown and "&lt;" in shown and "<b>twice" not in shown
    assert "Say why these words changed" in html.unescape(shown) or "earlier change" in shown
    draft(page, body)
    assert desk.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200


def test_deleting_the_plan_is_refused_with_a_message(page: ModelPage, desk: Client) -> None:
    home = Page.objects.filter(depth=2).order_by("path")[0]
    for target in (page, home):
        address = reverse("wagtailadmin_pages:delete", args=[target.pk])
        assert "cannot be deleted" in desk.post(address, follow=True).content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = desk.post(f"{bulk}?id={page.pk}", follow=True)
    assert "cannot be deleted" in response.content.decode()
    with pytest.raises(Refused):
        ModelPage.objects.get(pk=page.pk).delete()
    assert ModelPage.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("what", ["unpublish", "move", "copy"])
def test_unpublish_move_and_copy_are_switched_off(what: str, page: ModelPage, desk: Client) -> None:
    before, path = state(page), page.path
    home = Page.objects.filter(depth=2).order_by("path")[0]
    response = desk.post(reverse(f"wagtailadmin_pages:{what}", args=[page.pk]), follow=True)
    assert "do not have permission" in response.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", what if what != "copy" else "move"])
    desk.post(f"{bulk}?id={page.pk}", {"chooser": home.pk, "include_descendants": ""})
    assert state(page) == before
    assert ModelPage.objects.get().path == path


def test_the_editor_offers_no_schedule(page: ModelPage, desk: Client) -> None:
    shown = desk.get(edit_url(page))
    assert "go_live_at" not in shown.context["form"].fields
    assert "expire_at" not in shown.context["form"].fields


def test_what_a_version_changes_is_said_afresh(page: ModelPage, desk: Client) -> None:
    body = changed(stored(page), "P1", statement="You asked me twice.", reason="Twice is better.")
    for summary, says in (
        ("", "Write what this version changes"),
        (ModelVersion.objects.get().summary, "This is what version 1 changed."),
    ):
        before = state(page)
        data = form_data(body, **{"version_summary": summary, "action-submit": "1"})
        form = desk.post(edit_url(page), data).context["form"]
        assert says in str(form.errors["version_summary"])
        with pytest.raises(Refused, match=says):
            publish(page, body, version_summary=summary)
        assert state(page) == before
