"""The screens of those who run threads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from collaborative.people.models import User
from collaborative.people.roles import Role
from collaborative.threads import actions
from collaborative.threads.models import Comment, Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]


def test_an_editor_opens_a_thread_on_a_page(editor: User, client_for: Browsers) -> None:
    client, where = client_for(editor), talking.adults_only()
    query = f"?engagement={where.pk}&page={where.page_id}"
    assert "On which page?" in client.get("/admin/comments/new/").content.decode()
    assert "The whole page" in client.get(f"/admin/comments/new/{query}").content.decode()
    sent = {"anchor": "page:", "title": "What would help?", "intro": "Tell us."}
    client.post(f"/admin/comments/new/{query}", sent)
    thread = Thread.objects.get()
    assert (thread.title, thread.page_id, thread.created_by) == ("What would help?", where.page_id, editor)
    again = client.post(f"/admin/comments/new/{query}", sent).content.decode()
    assert "There are comments on this already." in again
    assert "What would help?" in client.get("/admin/comments/").content.decode()


def test_everything_that_can_be_done_with_a_thread(editor: User, client_for: Browsers) -> None:
    thread, client = talking.thread(), client_for(editor)
    comment = talking.shown(thread, "What about the boats?")
    base = f"/admin/comments/{thread.pk}/"

    def now() -> Any:
        return Thread.objects.get(pk=thread.pk)

    assert "What about the boats?" in client.get(base).content.decode()
    client.post(f"{base}do/close/")
    assert now().closed_at
    client.post(f"{base}do/reopen/")
    assert not now().closed_at
    client.post(f"{base}do/calm/", {"slow": "120", "pause": "5"})
    assert now().slow_mode_seconds == 120 and now().paused_until
    client.post(f"{base}do/calm/", {"slow": "0", "pause": "0"})
    assert now().slow_mode_seconds == 0 and not now().paused_until
    client.post(f"{base}do/summary/", {"summary": "People ask about boats."})
    assert (now().summary, now().summary_by) == ("People ask about boats.", editor)
    client.post(f"{base}do/words/", {"title": "Boats?", "intro": ""})
    assert now().title == "Boats?"
    assert client.post(f"{base}do/words/", {"title": ""}).status_code == 422
    client.post(f"{base}pin/{comment.pk}/", {"on": "yes"})
    assert talking.again(comment).pinned_at
    client.post(f"{base}answer/{comment.pk}/", {"text": "They sail.", "key": "k" * 20})
    reply = Comment.objects.get(official=True)
    assert reply.parent == comment and "They sail." in client.get(base).content.decode()
    client.post(f"{base}answer/{reply.pk}/", {"text": "They sail daily.", "key": "l" * 20})
    assert reply.official_wordings.order_by("-number")[0].text == "They sail daily."
    client.post(f"{base}take-down/{reply.pk}/")
    assert not Comment.objects.get(pk=reply.pk).shown
    client.post(f"{base}answer/", {"text": "Welcome.", "key": "m" * 20})
    assert Comment.objects.filter(official=True, parent=None, shown=True).count() == 1


def test_a_double_click_on_an_answer_makes_one(editor: User, client_for: Browsers) -> None:
    thread, client = talking.thread(), client_for(editor)
    for _turn in range(2):
        client.post(f"/admin/comments/{thread.pk}/answer/", {"text": "Welcome.", "key": "k" * 20})
    assert Comment.objects.count() == 1


def test_what_is_refused_by_role_is_refused_here(client_for: Browsers) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    board = client_for(talking.person_of("Boyd", Role.BOARD))
    base = f"/admin/comments/{thread.pk}/"
    board.post(f"{base}do/close/")
    board.post(f"{base}pin/{comment.pk}/", {"on": "yes"})
    assert not Thread.objects.get(pk=thread.pk).closed_at and not talking.again(comment).pinned_at
    assert board.post(f"{base}answer/{comment.pk}/", {"text": "Thanks.", "key": "k" * 20}).status_code == 302
    checker = client_for(talking.moderator())
    checker.post(f"{base}do/close/")
    checker.post(f"{base}do/summary/", {"summary": "x"})
    checker.post(f"{base}answer/", {"text": "x", "key": "k" * 20})
    assert Thread.objects.get(pk=thread.pk).closed_at and not Thread.objects.get(pk=thread.pk).summary
    assert Comment.objects.filter(official=True).count() == 1
    assert Client().get(base).status_code == 302


def test_a_page_that_people_comment_on_is_not_deleted(client_for: Browsers) -> None:
    thread = talking.thread()
    other = talking.for_all().page
    actions.open_thread(thread.engagement, other, title="Elsewhere", by=talking.person_of("Edwina"))
    admin = client_for(talking.person_of("Ada", Role.ADMINISTRATORS))
    for address in (
        f"/admin/pages/{other.pk}/delete/",
        f"/admin/bulk/wagtailcore/page/delete/?id={other.pk}&next=/admin/",
    ):
        assert admin.post(address).status_code == 302
        assert type(other).objects.filter(pk=other.pk).exists()
