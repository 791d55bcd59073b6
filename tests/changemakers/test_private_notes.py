"""What somebody in a room writes for its facilitator alone stays with those who run it (RIF-2, P3): checked
and released like everything, and still in no download, no list to sort, no quote, no search, no figure."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.analysis import sorting
from collaborative.analysis.actions import no_topic
from collaborative.analysis.models import Coding
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Receipt
from collaborative.contributions.permissions import user_may_read_words
from collaborative.engagements.models import Engagement
from collaborative.flow import counts
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.analysis.sorting import sorted_under, theme
from tests.cast import person
from tests.changemakers.rooms import enter, live, part, room

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
WORD = "zxcvbnmlkjhg"
SHAPES = ("responses", "answers", "topics", "codebook")


def content(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode()


@pytest.fixture
def place(facilitator: User) -> Engagement:
    return room(facilitator=facilitator)


@pytest.fixture
def told(place: Engagement, moderator: User) -> Contribution:
    """Told to the facilitator alone, and released by a person."""
    browser = enter(place)
    browser.post(f"{live(place)}note/", {"text": f"Only for you: {WORD}."})
    row = Contribution.objects.get()
    moderation.release(row, by=moderator)
    row.refresh_from_db()
    assert row.state == "released" and row.permission == "anonymous"
    return row


def downloads(client: Client, place: Engagement) -> str:
    whole = ""
    for shape in SHAPES:
        address = f"/admin/downloads/{place.pk}/"
        whole += content(client.post(address, {"shape": shape, "format": "csv"}))
    return whole


def test_p3_it_leaves_with_no_download_raw_or_not(
    place: Engagement, told: Contribution, analyst: User, facilitator: User, client_for: Open
) -> None:
    from tests.consultations.exports.taking import approved, everything

    for user in (analyst, facilitator):
        found = downloads(client_for(user), place)
        assert WORD not in found and told.reference not in found and "room.facilitator" not in found
    raw = approved(place, analyst, person("Second", Role.ANALYSTS))
    found = everything(place, analyst, raw)
    assert WORD not in found and told.reference not in found and "room.facilitator" not in found


def test_rif_2_no_page_and_no_search_shows_it(place: Engagement, told: Contribution) -> None:
    assert not Contribution.objects.public().exists() and not Contribution.objects.permitted().exists()
    stranger = Client()
    for address in (
        "/",
        f"/changemakers/{place.slug}/",
        f"/search/?q={WORD}",
        f"/help/wrong/?about={told.reference}",
    ):
        answer = stranger.get(address, follow=True)
        assert f"{WORD}." not in answer.content.decode(), address


def test_it_is_not_sorted_and_counts_under_no_topic(
    place: Engagement, told: Contribution, analyst: User, client_for: Open
) -> None:
    topic = theme(analyst)
    with pytest.raises(NotPossible):
        sorted_under(told, topic, 0, 4, analyst)
    with pytest.raises(NotPossible):
        no_topic(told, by=analyst)
    assert not sorting.apply_theme_to_all([told.pk], topic, by=analyst, key="all:")
    assert not Coding.objects.exists()
    client = client_for(analyst)
    for address in ("/admin/sort/", f"/admin/sort/{told.reference}/"):
        assert f"{WORD}." not in client.get(address, follow=True).content.decode(), address
    assert not user_may_read_words(analyst, told)


def test_sorted_before_it_was_known_to_be_private_it_counts_no_more(
    place: Engagement, told: Contribution, analyst: User, client_for: Open
) -> None:
    """As notes were that were written when they had no kind of their own."""
    Contribution.objects.update(kind=Contribution.Kind.NOTE)
    told.refresh_from_db()
    sorted_under(told, theme(analyst), 0, 4, analyst)
    assert counts.count().mentions
    Contribution.objects.update(kind=Contribution.Kind.MESSAGE)
    assert not counts.count().mentions
    assert told.reference not in downloads(client_for(analyst), place)


def test_ana_2_who_said_nothing_else_is_no_response_that_is_analysed(
    place: Engagement, told: Contribution
) -> None:
    from collaborative.analysis.reckoning import disagreements

    assert Receipt.objects.count() == 1
    assert not Receipt.objects.analysed().exists() and not Receipt.objects.waiting().exists()
    assert not disagreements(place.pk)


def test_ana_2_what_they_said_beside_it_counts(place: Engagement, facilitator: User, moderator: User) -> None:
    from collaborative.changemakers.room import actions

    browser = enter(place)
    browser.post(f"{live(place)}note/", {"text": f"Only for you: {WORD}."})
    assert Receipt.objects.gone().count() == 1 and not Receipt.objects.waiting().exists()
    stage = part(place, "discussion")
    actions.open_stage(stage, by=facilitator)
    browser.post(f"{live(place)}say/{stage.pk}/", {"text": "The bus is late.", "key": "k" * 20})
    assert Receipt.objects.waiting().count() == 1
    moderation.release(Contribution.objects.get(kind="comment"), by=moderator)
    assert Receipt.objects.analysed().count() == 1


def test_its_author_reads_it_and_that_nobody_else_does(place: Engagement, told: Contribution) -> None:
    from collaborative.flow import trace

    found = trace.of(told.receipt)
    assert [one.private for one in found.said] == [True] and WORD in found.said[0].words
    assert not found.said[0].waits and not found.tally


# Whose workshop ---------------------------------------------------------------------------------


def test_p8_a_facilitator_takes_out_the_notes_of_workshops_that_name_them_and_no_others(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    other = room(slug="another-room", facilitator=person("Femi", Role.FACILITATORS))
    nobodys = room(slug="a-room-of-nobody")
    client = client_for(facilitator)
    asked = {"shape": "answers", "format": "csv"}
    listed = content(client.get("/admin/downloads/"))
    assert f"/admin/downloads/{place.pk}/" in listed
    assert content(client.post(f"/admin/downloads/{place.pk}/", asked))
    for one in (other, nobodys):
        address = f"/admin/downloads/{one.pk}/"
        assert address not in listed
        for answer in (client.get(address), client.post(address, asked)):
            assert answer.status_code in (302, 403)
    from collaborative.consultations.models import Export

    assert [one.engagement for one in Export.objects.all()] == [place]


def test_the_list_of_places_asks_no_more_for_many_than_for_few(
    place: Engagement, facilitator: User, client_for: Open
) -> None:
    client, costs = client_for(facilitator), []
    client.get("/admin/downloads/")
    for number in range(2):
        for one in range(number * 4):
            room(slug=f"room-{number}-{one}", facilitator=facilitator)
        with CaptureQueriesContext(connection) as caught:
            client.get("/admin/downloads/")
        costs.append(len(caught))
    assert costs[0] == costs[1]
