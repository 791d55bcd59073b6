"""Who may have a file, and how it is handed over."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.contributions import actions as contributions
from collaborative.contributions import serving
from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import confirm_second_factor, person
from tests.consultations.files.making import PDF, Sender, consultation, upload

pytestmark = pytest.mark.django_db
NASTY = "view;\"a\u00e9'.pdf"


def given(
    name: str = "our view.pdf", permission: str = "anonymous", where: Engagement | None = None
) -> Contribution:
    someone = Sender(where or consultation()).begin()
    someone.post("q-paper", file=upload(PDF, name))
    someone.finish(permission)
    return Contribution.objects.filter(prompt_key="paper").latest("pk")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    confirm_second_factor(client, user)
    return client


def staff(role: Role) -> Client:
    return signed_in(person(role.name.title(), role))


def address(said: Contribution) -> str:
    return f"/admin/sent-files/{said.reference}/"


def close(said: Contribution) -> str:
    """The consultation closes and shows what people said; the address of the file there."""
    page = said.engagement.page.consultationpage
    Engagement.objects.filter(pk=said.engagement_id).update(closes_at=timezone.now() - timedelta(days=1))
    return f"/consultations/{page.slug}/responses/{said.reference}/file/"


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_moderator_is_told_of_the_file_and_downloads_it() -> None:
    said = given()
    client = staff(Role.MODERATORS)
    for place in (f"waiting/{said.reference}", f"waiting/response/{said.receipt_id}", "waiting"):
        page = client.get(f"/admin/{place}/").content.decode()
        assert address(said) in page and "PDF" in page and "our view.pdf" in page
    answer = client.get(address(said), follow=True)
    assert whole(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="our view.pdf"'


def test_an_analyst_has_the_file_where_what_was_said_is_sorted() -> None:
    said = given()
    client = staff(Role.ANALYSTS)
    assert client.get(f"/admin/sort/{said.reference}/").status_code == 302, "it still waits to be checked"
    moderator = person("Mona", Role.MODERATORS)
    moderation.release(said, by=moderator)
    for place in ("sort", f"sort/{said.reference}"):
        page = client.get(f"/admin/{place}/").content.decode()
        assert address(said) in page and "PDF, 1 KB" in page
    assert whole(client.get(address(said), follow=True)) == PDF
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/sort/")
    moderation.release(given("another view.pdf", where=said.engagement), by=moderator)
    with CaptureQueriesContext(connection) as two:
        client.get("/admin/sort/")
    assert len(two) == len(one)


def test_it_is_handed_over_as_a_download_and_without_a_cookie() -> None:
    said = given(NASTY)
    with_cookies = staff(Role.MODERATORS)
    answer = with_cookies.get(f"/files/{serving.token(said)}/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer["Content-Disposition"]
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert whole(answer) == PDF
    stranger = Client().get(f"/files/{serving.token(said)}/")
    assert whole(stranger) == PDF, "the address alone opens it: no cookie is asked"


def test_its_address_dies_with_time_with_the_state_and_with_a_change_of_one_letter(monkeypatch: Any) -> None:
    said = given()
    token = serving.token(said)
    assert Client().get(f"/files/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/").status_code == 404
    assert Client().get(f"/files/{signing.dumps([said.reference, said.state])}/").status_code == 404
    contributions.move(said, State.REFUSED, by=None)
    assert Client().get(f"/files/{token}/").status_code == 404
    said.refresh_from_db()
    token = serving.token(said)
    monkeypatch.setattr(serving, "SECONDS", -1)
    assert Client().get(f"/files/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.HELD, {Role.MODERATORS}),
        (State.REFUSED, {Role.MODERATORS}),
        (State.RELEASED, {Role.MODERATORS, Role.ANALYSTS}),
        (State.WITHDRAWN, set()),
    ],
)
def test_who_may_have_it_follows_the_words_it_came_with(state: State, allowed: set[Role]) -> None:
    said = given()
    if state != State.HELD:
        contributions.move(said, state, by=None)
    for role in Role:
        answer = staff(role).get(address(said))
        found = answer.status_code == 302 and answer["Location"].startswith("/files/")
        assert found == (role in allowed), role
    assert "/accounts/login/" in Client().get(address(said))["Location"]


def test_saf_2_what_left_moderation_is_for_those_named_and_every_look_is_written_down() -> None:
    said = given()
    moderator = person("Mona", Role.MODERATORS)
    lead = person("Saoirse", Role.SAFEGUARDING)
    case = moderation.escalate(said, by=moderator)
    assert not signed_in(moderator).get(address(said)).get("Location", "").startswith("/files/")
    client = signed_in(lead)
    assert address(said) in client.get(f"/admin/safeguarding/{case.pk}/").content.decode()
    before = LedgerEvent.objects.filter(verb="case.viewed").count()
    assert whole(client.get(address(said), follow=True)) == PDF
    assert LedgerEvent.objects.filter(verb="case.viewed").count() == before + 1


def test_rif_2_what_is_released_and_permitted_anyone_may_have_once_answers_are_shown() -> None:
    said = given()
    moderation.release(said, by=person("Mona", Role.MODERATORS))
    early = f"/consultations/{said.engagement.slug}/responses/{said.reference}/file/"
    assert Client().get(early).status_code == 404, "while it is open, nobody reads answers"
    place = close(said)
    page = Client().get(f"/consultations/{said.engagement.slug}/responses/?show=paper").content.decode()
    assert place in page
    answer = Client().get(place)
    assert whole(answer) == PDF and not answer.cookies


@pytest.mark.parametrize(
    "why", ["held", "refused", "not published", "withheld", "withdrawn", "left out", "erased"]
)
def test_rif_2_everything_else_is_not_there(why: str) -> None:
    said = given(permission="not-published" if why == "not published" else "anonymous")
    by = person("Mona", Role.MODERATORS)
    if why not in ("held", "refused"):
        moderation.release(said, by=by)
    if why == "refused":
        contributions.move(said, State.REFUSED, by=None)
    elif why == "withheld":
        contributions.keep_back(said, True, by=by)
    elif why == "withdrawn":
        contributions.withdraw(said.receipt)
    elif why == "left out":
        contributions.exclude(said.receipt, "test", by=by)
    elif why == "erased":
        contributions.erase(said)
    place = close(said)
    assert Client().get(place).status_code == 404
    said.engagement.page.unpublish()
    assert Client().get(place).status_code == 404


def test_a_file_of_another_consultation_is_not_there() -> None:
    said = given()
    moderation.release(said, by=person("Mona", Role.MODERATORS))
    place = close(said).replace(said.engagement.slug, "another")
    assert Client().get(place).status_code == 404
