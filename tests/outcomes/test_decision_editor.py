"""The editor: drafts may have gaps, publication says at the block what is missing, nothing public goes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.outcomes.models import DecisionPage, Disposition
from collaborative.people.models import User
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, draft, publish, write
from tests.outcomes.editing import form_data, send, stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_for: Any) -> Client:
    return client_for(User.objects.create_superuser("ada@example.org", "a long password for tests"))


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def stood(page: DecisionPage) -> DecisionPage:
    return DecisionPage.objects.get(pk=page.pk)


def test_it_publishes_a_whole_decision(browser: Client, where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    answered = send(browser, page, form_data(page), publish=True)
    assert answered.status_code == 302
    assert stood(page).live
    assert Disposition.objects.count() == 1


def test_a_draft_with_gaps_is_saved(browser: Client, where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    gaps = [("answer", {"theme": topic.pk, "answer": "", "reason": ""}, "")]
    answered = send(browser, page, form_data(page, answers=stream(gaps)))
    assert answered.status_code == 302
    saved = stood(page).get_latest_revision_as_object()
    assert saved.answers[0].value["answer"] == ""
    assert not stood(page).live


def test_publication_says_at_the_block_what_is_missing(browser: Client, where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    gaps = [("answer", {"theme": topic.pk, "answer": "", "reason": "Because."}, "")]
    answered = send(browser, page, form_data(page, answers=stream(gaps)), publish=True)
    assert answered.status_code == 200
    error = answered.context["form"].errors["answers"].as_data()[0]
    assert error.as_json_data() == {
        "blockErrors": {
            0: {"blockErrors": {"answer": {"messages": ["“Depends who you know” has no answer."]}}}
        }
    }
    assert "has no answer." in answered.content.decode()
    assert not stood(page).live
    assert not Disposition.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("why", "", "Say why."),
        ("decided_on", "", "Say on which day it was decided."),
        ("for_heard", "", "Say what was said for it, or that nobody spoke for it."),
        ("against_heard", "", "Say what was said against it, or that nobody spoke against it."),
        ("engagements", [], "Say which consultations or workshops it answers."),
    ],
)
def test_dec_2_the_form_says_beside_the_field_what_is_missing(
    browser: Client, where: Any, topic: Any, field: str, value: Any, message: str
) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    answered = send(browser, page, form_data(page) | {field: value}, publish=True)
    assert answered.context["form"].errors[field] == [message]
    assert not stood(page).live


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("answers", "Answer at least one topic."),
        ("changes_made", "Say what it changes: a sentence, a promise, or nothing, because…"),
        ("reopen_if", "Say what would make you look again."),
    ],
)
def test_dec_2_an_empty_list_is_refused_at_its_place(
    browser: Client, where: Any, topic: Any, field: str, message: str
) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    answered = send(browser, page, form_data(page, **{field: stream([])}), publish=True)
    assert answered.context["form"].errors[field] == [message]


def test_dec_1_the_form_refuses_an_open_engagement(browser: Client, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[deciding.engagement("still-open", closed=-10)])
    answered = send(browser, page, form_data(page), publish=True)
    assert "“Still-open” is open until" in answered.context["form"].errors["engagements"][0]
    interim = form_data(page) | {"interim": "on"}
    answered = send(browser, page, interim, publish=True)
    assert answered.context["form"].errors["interim_reason"] == ["Say in public why it could not wait."]
    answered = send(browser, page, interim | {"interim_reason": "Term begins."}, publish=True)
    assert stood(page).live


def test_a_topic_that_is_taken_is_refused_at_its_block(browser: Client, where: Any, topic: Any) -> None:
    first = publish(draft(1, answers=[answer(topic)], engagements=[where]))
    page = draft(2, answers=[answer(topic)], engagements=[where])
    answered = send(browser, page, form_data(page), publish=True)
    error = answered.context["form"].errors["answers"].as_data()[0].as_json_data()
    assert "answered by decision 1" in error["blockErrors"][0]["blockErrors"]["theme"]["messages"][0]
    send(browser, page, form_data(page) | {"replaces": first.pk}, publish=True)
    assert stood(page).live


@pytest.mark.parametrize("name", ["wagtailadmin_pages:delete", "wagtailadmin_pages:unpublish"])
def test_taking_it_down_is_refused_with_a_message(browser: Client, where: Any, topic: Any, name: str) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    for victim in (page, deciding.index()):
        answered = browser.post(reverse(name, args=[victim.pk]), {"include_descendants": "on"}, follow=True)
        assert answered.status_code == 200
        assert "people were answered here in public, so it stays" in answered.content.decode()
    assert stood(page).live


def test_copying_it_is_refused_with_a_message(browser: Client, where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    answered = browser.get(reverse("wagtailadmin_pages:copy", args=[page.pk]), follow=True)
    assert "Its promises and changes belong to it." in answered.content.decode()
    assert DecisionPage.objects.count() == 1


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_bulk_actions_are_refused_with_a_message(
    browser: Client, where: Any, topic: Any, action: str
) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    answered = browser.post(f"{url}?id={page.pk}", follow=True)
    assert "people were answered here in public, so it stays" in answered.content.decode()
    assert stood(page).live


def test_bulk_publication_is_whole_or_refused_with_a_message(browser: Client, where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic, reason="")], engagements=[where])
    page.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answered = browser.post(f"{url}?id={page.pk}", follow=True)
    assert "“Depends who you know” has no reason." in answered.content.decode()
    assert not stood(page).live


def test_a_scheduled_publication_reaches_the_same_rules(where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic, reason="")], engagements=[where])
    revision = page.save_revision()
    assert "go_live_at" not in DecisionPage.get_edit_handler().get_form_class().base_fields
    with pytest.raises(Exception, match="has no reason"):
        revision.publish()
    assert not stood(page).live


def test_preview_shows_what_is_not_published(browser: Client, where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = form_data(page) | {"answer_sentence": "Seen before anyone else.", "why": ""}
    assert browser.post(url, data).json()["is_valid"]
    shown = browser.get(url, {"mode": ""})
    assert "Seen before anyone else." in shown.content.decode()
    assert "Depends who you know" in shown.content.decode()


def test_a_published_page_keeps_showing_what_was_published(browser: Client, where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    send(browser, page, form_data(write(page)) | {"answer_sentence": "Only a draft."})
    assert "Only a draft." not in Client().get(page.url).content.decode()
