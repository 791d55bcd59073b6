"""The screens of downloads: what is offered to whom, what is refused beside the field, and what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.consultations.models import Export, RawRequest
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations import making
from tests.consultations.exports.taking import approved, commas, released

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]


@pytest.fixture
def place(db: None) -> Engagement:
    return making.consultation()


@pytest.fixture
def second(db: None) -> User:
    return person("Second", Role.ADMINISTRATORS)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_download_is_kept_by_no_browser_and_named_after_what_it_is(
    place: Engagement, moderator: User, analyst: User, client_for: Open
) -> None:
    released(place, "Words.", moderator)
    for kind, starts in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("ods", b"PK")):
        answer = client_for(analyst).post(
            f"/admin/downloads/{place.pk}/", {"shape": "answers", "format": kind}
        )
        assert content(answer).startswith(starts)
        assert "no-store" in answer["Cache-Control"]
        assert 'filename="starting-answers-2' in answer["Content-Disposition"]
        assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert [one.rows for one in Export.objects.all()] == [1, 1, 1]


@pytest.mark.parametrize("given", [{}, {"shape": "all", "format": "csv"}, {"shape": "answers"}])
def test_what_there_is_not_is_refused_on_the_page_and_what_was_chosen_stays(
    place: Engagement, analyst: User, client_for: Open, given: dict[str, str]
) -> None:
    answer = client_for(analyst).post(f"/admin/downloads/{place.pk}/", given)
    assert answer.status_code == 422 and "Choose what the file should hold" in answer.content.decode()
    if given.get("shape") == "answers":
        assert 'value="answers" checked' in answer.content.decode()
    assert not Export.objects.exists()


def test_p3_a_request_goes_from_one_person_to_another_and_back(
    place: Engagement, moderator: User, analyst: User, second: User, client_for: Open
) -> None:
    released(place, "Words.", moderator, name="Nan Named")
    mine, theirs = client_for(analyst), client_for(second)
    address = f"/admin/downloads/{place.pk}/raw/"
    assert mine.post(address, {"reason": " "}).status_code == 422
    assert theirs.get(address).status_code == 302  # who looks after the site reads no answers
    for _twice in range(2):
        mine.post(address, {"reason": "To write to them."})
    request = RawRequest.objects.get()
    address = f"/admin/downloads/raw/{request.pk}/"
    assert "Download the raw answers" not in mine.get(address).content.decode()
    for verb in ("approve", "download"):
        answer = mine.post(address, {"do": verb, "shape": "answers", "format": "csv"})
        assert answer.status_code == 422, verb
    assert "To write to them." in theirs.get(address).content.decode()
    assert "colleague asks for" in theirs.get("/admin/").content.decode()
    answer = theirs.post(address, {"do": "refuse", "note": " "})
    assert answer.status_code == 422 and "Say why not" in answer.content.decode()
    theirs.post(address, {"do": "approve", "note": "Delete it after."})
    assert "Delete it after." in mine.get(address).content.decode()
    answer = theirs.post(address, {"do": "download", "shape": "answers", "format": "csv"})
    assert answer.status_code in (302, 403)
    answer = mine.post(address, {"do": "download", "shape": "answers", "format": "csv"})
    assert "Nan Named" in commas(content(answer))[1]
    assert "approved by Second" in mine.get("/admin/downloads/").content.decode()
    theirs.post(address, {"do": "refuse", "note": "That is enough."})
    assert "Download the raw answers" not in mine.get(address).content.decode()


def test_a_request_of_somebody_else_is_not_there_for_others(
    place: Engagement, analyst: User, second: User, facilitator: User, client_for: Open
) -> None:
    request = approved(place, analyst, second)
    assert client_for(facilitator).get(f"/admin/downloads/raw/{request.pk}/").status_code == 404
    assert "To write" not in client_for(facilitator).get("/admin/downloads/").content.decode()


def test_the_list_costs_as_many_questions_of_few_as_of_many(
    place: Engagement, analyst: User, second: User, client_for: Open
) -> None:
    client, costs = client_for(analyst), []
    for many in (1, 8):
        for _turn in range(many):
            request = approved(place, analyst, second)
            Export.objects.create(
                engagement=place, by=analyst, shape="answers", format="csv", raw=request, at=request.asked_at
            )
        client.get("/admin/downloads/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/admin/downloads/")
        costs.append(len(caught))
    assert costs[0] == costs[1]
