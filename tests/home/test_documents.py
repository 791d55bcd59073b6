"""Documents that editors put up: typed and limited, by the one form for all the ways in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import Document

from collaborative.people.models import User
from home import documents

pytestmark = pytest.mark.django_db
PAGE = b"<html><script>alert(1)</script></html>"
ONE, MANY = "/admin/documents/add/", "/admin/documents/multiple/add/"


@pytest.fixture
def browser(editor: User, client_for: Any) -> Client:
    return client_for(editor)


def put(browser: Client, name: str, content: bytes) -> Any:
    return browser.post(ONE, {"title": "A paper", "file": SimpleUploadedFile(name, content), "collection": 1})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"%PDF-1.7 and so on"),
        ("figures.csv", b"group,n\nyoung people,12\n"),
        ("plan.docx", b"PK\x03\x04 and so on"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42"),
    ],
)
def test_what_is_what_its_name_says_is_kept(browser: Client, name: str, content: bytes) -> None:
    assert put(browser, name, content).status_code == 302
    assert Document.objects.get().title == "A paper"


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.pdf", PAGE), ("plan.docx", b"%PDF-1.7"), ("film.mp4", PAGE), ("list.csv", b"PK\x03\x04\x00\x00")],
)
def test_what_is_something_else_inside_is_refused_beside_the_field(
    browser: Client, name: str, content: bytes
) -> None:
    page = put(browser, name, content)
    assert "but inside it is another kind of file" in page.text
    assert 'value="A paper"' in page.text
    assert not Document.objects.exists()


def test_what_is_too_large_is_refused_with_how_large_it_may_be(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST", 2048)
    page = put(browser, "plan.txt", b"a" * 2049)
    assert "This file is larger than 2 KB." in page.text
    assert not Document.objects.exists()


def test_many_at_once_go_through_the_same_form(browser: Client) -> None:
    sent = {"files[]": SimpleUploadedFile("page.pdf", PAGE), "title": "A paper", "collection": 1}
    answer = browser.post(MANY, sent, headers={"x-requested-with": "XMLHttpRequest"})
    assert not answer.json()["success"]
    assert "another kind of file" in answer.json()["error_message"]
    assert not Document.objects.exists()
