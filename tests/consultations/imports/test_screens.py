"""The screens of a file: brought, its columns told, checked, let in, all without script."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from collaborative import sheets
from collaborative.consultations.models import Import
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from tests.consultations import making
from tests.consultations.imports.bringing import (
    HEADINGS,
    TARGETS,
    bring,
    brought_in,
    checked,
    mapping,
    row,
    work_on,
)

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]


@pytest.fixture
def engagement(db: None) -> Engagement:
    return making.consultation()


@pytest.fixture
def client(editor: User, client_for: Open) -> Client:
    return client_for(editor)


def upload(client: Client, engagement: Engagement, content: bytes, name: str = "answers.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/admin/answers/{engagement.pk}/file/", {"file": file})


def commas(rows: list[list[str]]) -> bytes:
    lines = [";".join(f'"{cell}"' for cell in cells) for cells in rows]
    return "\r\n".join(lines).encode("cp1252")


def told(targets: list[str] = TARGETS, **rest: str) -> dict[str, str]:
    found = {"do": "columns", "rest-kind": "individual", "rest-received": str(timezone.localdate())}
    return {**found, **{f"column-{n}": target for n, target in enumerate(targets)}, **rest}


def test_a_file_goes_the_whole_way_by_its_screens(
    engagement: Engagement, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    answer = upload(client, engagement, commas([HEADINGS, row("R1"), row("R2", Age="café")]))
    one = Import.objects.get()
    page = client.get(answer["Location"])
    assert "Words of R1." in page.content.decode()
    assert page.content.decode().count(" selected>") >= 5  # what the headings suggest
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer["Location"], told())
    page = client.get(answer["Location"]).content.decode()
    assert "“café” is not known" in page and "Let the 1 good row in" in page and "Let all" not in page
    client.post(answer["Location"], {"do": "let-in"})  # not offered: nothing comes in
    assert not Receipt.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer["Location"], {"do": "let-in-good"})
    one.refresh_from_db()
    assert (one.state, one.done) == (Import.State.DONE, 1) and Receipt.objects.count() == 1
    assert "“café” is not known" in client.get(answer["Location"]).content.decode()
    assert "answers.csv" in client.get("/admin/answers/").content.decode()


def test_what_is_wrong_comes_as_csv_in_which_nothing_runs(
    engagement: Engagement, client: Client, editor: User
) -> None:
    heading = '=HYPERLINK("x")'
    one = bring(engagement, [row("R1", Age="=1+1")], editor, kind="xlsx")
    one.headings[1] = heading
    one.save()
    checked(one, editor)
    answer = client.get(f"/admin/answers/files/{one.pk}/problems/")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == '\ufeff"Row","Column","Heading","What is wrong"'
    assert lines[1].startswith('"2","B","\'=HYPERLINK(""x"")","“=1+1” is not known.')
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"PK\x03\x04", "damaged"),
        (b"only,headings\n", "nothing below the headings"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    engagement: Engagement, client: Client, content: bytes, message: str
) -> None:
    answer = upload(client, engagement, content)
    assert answer.status_code == 422 and message in answer.content.decode()
    assert not Import.objects.exists()
    assert client.post(f"/admin/answers/{engagement.pk}/file/").status_code == 422


def test_a_file_that_is_too_large_is_refused(
    engagement: Engagement, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collaborative.consultations.imports.actions.MOST_BYTES", 100)
    answer = upload(client, engagement, b"a,b\n" * 100)
    assert answer.status_code == 422 and "larger than" in answer.content.decode()


def test_columns_told_wrongly_are_shown_with_what_was_chosen(
    engagement: Engagement, client: Client, editor: User
) -> None:
    one = bring(engagement, [row("R1")], editor)
    answer = client.post(f"/admin/answers/files/{one.pk}/", told(["age", "age", "q-feel"]))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Another column holds this too." in page
    assert page.count('<option value="age" selected>') == 2
    assert Import.objects.get().state == Import.State.BROUGHT


def test_while_it_is_worked_on_the_page_says_how_far_and_offers_another_look(
    engagement: Engagement, client: Client, editor: User
) -> None:
    from collaborative.consultations.imports import actions, work

    one = checked(bring(engagement, [row("R1")], editor), editor)
    actions.let_in(one, good_only=False, by=editor)
    address = f"/admin/answers/files/{one.pk}/"
    page = client.get(address).content.decode()
    assert "Look again" in page and "Coming in" in page and "Nobody has worked on it" not in page
    Import.objects.update(claimed_until=timezone.now() - work.TAKEN_FOR)
    assert "Nobody has worked on it" in client.get(address).content.decode()
    client.post(address, {"do": "go-on"})
    assert work_on(one).state == Import.State.DONE


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_to_fill_in_is_known_column_by_column(
    engagement: Engagement, client: Client, kind: str, tmp_path: Any
) -> None:
    answer = client.get(f"/admin/answers/{engagement.pk}/form/{kind}/")
    path = tmp_path / "form"
    path.write_bytes(answer.content)
    ((_number, headings),) = sheets.rows(path, sheets.kind_of(path))
    out = BytesIO()
    sheets.write_book(out, [headings, ["1", *[""] * (len(headings) - 2), "x"]])
    upload(client, engagement, out.getvalue(), "filled-in.xlsx")
    from collaborative.consultations.imports import actions

    offered = actions.offered(Import.objects.get())["columns"]
    assert [offered[str(place)] for place in range(len(headings))] == headings
    assert client.get(f"/admin/answers/{engagement.pk}/form/pdf/").status_code == 404


def test_the_list_of_problems_costs_as_many_questions_of_few_as_of_many(
    engagement: Engagement, client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for rows in (1, 40):
        one = checked(
            bring(engagement, [row(f"R{n}", Age="?") for n in range(rows)], editor), editor, mapping()
        )
        client.get(f"/admin/answers/files/{one.pk}/")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/admin/answers/files/{one.pk}/")
        costs.append(len(caught))
    assert costs[0] == costs[1]
    brought_in(engagement, [row("R1")], editor)
