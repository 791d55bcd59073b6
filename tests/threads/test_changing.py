"""Changing one's own comment: looked at first, what leads to a person pointed out, a draft that may go."""

import pytest
from django.test import Client

from collaborative.threads.models import Comment
from tests.threads import talking
from tests.threads.test_writing import Writer, hidden

pytestmark = pytest.mark.django_db


def test_what_is_changed_can_be_looked_at_first_and_contact_details_are_pointed_out() -> None:
    writer = Writer(talking.thread())
    writer.first("Before.")
    comment = Comment.objects.get()
    address = writer.address(f"{comment.pk}/change/")
    opened = writer.client.get(address).content.decode()
    assert 'data-stands="Before."' in opened and "data-composer" in opened and 'id="signs"' not in opened
    look = writer.client.post(address, {"text": "After.", "then": "preview"}).content.decode()
    assert "data-preview" in look and "<p>After.</p>" in look and 'data-stands="Before."' in look
    assert "looked" not in hidden(look)  # there was nothing to point out
    text, key = "Ring me on 01632 960123", hidden(opened)["key"]
    pointed = writer.client.post(address, {"text": text, "key": key, "then": "save"}).content.decode()
    assert 'id="signs"' in pointed and "a phone number" in pointed and f"{text}</textarea>" in pointed
    assert talking.words(comment) == "Before." and hidden(pointed)["key"] == key
    saved = writer.client.post(address, {**hidden(pointed), "text": text, "then": "save"})
    assert saved.status_code == 302 and talking.words(comment) == text
    assert saved.cookies["posted"].value == key  # the draft in the browser may go


def test_on_a_shared_device_the_form_asks_the_browser_to_keep_nothing() -> None:
    writer = Writer(talking.thread())
    writer.first("Before.", shared="1")
    opened = writer.get(f"{Comment.objects.get().pk}/change/").content.decode()
    assert "data-shared" in opened and 'autocomplete="off"' in opened


def test_nobody_else_is_shown_the_words_that_stand() -> None:
    writer = Writer(talking.thread())
    writer.first("Of mine alone.")
    comment = Comment.objects.get()
    answer = Client().post(writer.address(f"{comment.pk}/change/"), {"text": "Other.", "then": "preview"})
    assert answer.status_code == 409 and "Of mine alone." not in answer.content.decode()
