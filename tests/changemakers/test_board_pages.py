"""Boards and votes on their pages: for who is in the room, who runs it, and on the wall."""

import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from collaborative.changemakers.boards import actions
from collaborative.changemakers.boards.handler import Boards
from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.polls.handler import Polls
from collaborative.changemakers.polls.models import Ballot
from collaborative.changemakers.room import access, kinds
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.models import Contribution, State
from collaborative.live import catchup, registry
from tests.changemakers import boarding
from tests.changemakers.boarding import card_of, note, person, poll, shown

pytestmark = pytest.mark.django_db
CANARY = "Kestrel-canary"


def address(stage: Stage, rest: str) -> str:
    return f"/changemakers/{stage.engagement.slug}/{rest}"


def in_room(stage: Stage, **fields: Any) -> tuple[Client, Any]:
    """A browser of somebody who joined."""
    ann = person(stage, token="t-in-room", **fields)
    browser = Client()
    browser.cookies[access.cookie_of(stage.engagement)] = "t-in-room"
    return browser, ann


def femis() -> Client:
    browser = Client()
    browser.force_login(boarding.facilitator())
    return browser


def page(browser: Client, stage: Stage) -> str:
    response = browser.get(address(stage, f"{stage.kind}-{stage.pk}/"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_note_is_added_and_its_author_alone_sees_it_while_it_waits() -> None:
    board = boarding.board()
    browser, _ann = in_room(board)
    sent = {"text": CANARY, "key": "a", "column": "1"}
    for _ in range(2):
        assert browser.post(address(board, f"board-{board.pk}-add/"), sent).status_code == 302
    assert Note.objects.count() == 1
    assert CANARY in page(browser, board)
    assert CANARY in page(femis(), board)
    assert CANARY not in page(Client(), board)
    found = registry.find(f"board.{board.pk}")
    assert found
    assert CANARY not in json.dumps(catchup.since(f"board.{board.pk}", *found, 0, 100))


def test_held_words_are_on_no_projector_and_in_no_stream_whatever_is_done_with_their_card() -> None:
    board = boarding.board()
    ann = person(board)
    held, other = note(board, ann, CANARY), shown(board, ann, "Seen by all")
    actions.group(card_of(held), card_of(other), who=ann)
    actions.move(card_of(held), actions.Place(column=1), who=ann)
    actions.merge(card_of(held), card_of(other), who=ann)
    boarding.release(held)
    actions.change(held, f"{CANARY} again", participant=ann)
    stranger, _bo = in_room(board)
    for browser in (Client(), stranger):
        assert CANARY not in page(browser, board)
        assert CANARY not in browser.get(address(board, f"card/{card_of(other).pk}/")).content.decode()
    found = registry.find(f"board.{board.pk}")
    assert found
    replay = json.dumps(catchup.since(f"board.{board.pk}", *found, 0, 100))
    assert "Seen by all" in replay
    assert CANARY not in replay
    context = Boards().context(None, board, None, kinds.PROJECTOR)  # type: ignore[arg-type]
    assert CANARY not in str(context)
    assert context["waiting_count"] == 1


def test_what_was_typed_comes_back_when_the_board_closed_meanwhile() -> None:
    board = boarding.board()
    browser, _ann = in_room(board)
    Stage.objects.update(state=Stage.State.CLOSED)
    response = browser.post(address(board, f"board-{board.pk}-add/"), {"text": "Half a thought", "key": "a"})
    assert response.status_code == 409
    assert "Half a thought" in response.content.decode()
    assert "closed" in response.content.decode()


@pytest.mark.parametrize(("text", "status"), [("", 422), ("x" * 501, 422)])
def test_what_is_no_note_comes_back_with_a_message_beside_the_field(text: str, status: int) -> None:
    board = boarding.board()
    browser, _ann = in_room(board)
    sent = {"text": text, "key": "k-kept", "column": "2"}
    response = browser.post(address(board, f"board-{board.pk}-add/"), sent)
    assert response.status_code == status
    body = response.content.decode()
    assert 'id="text-error"' in body
    assert 'value="k-kept"' in body
    assert re.search(r'value="2" id="in2" checked', body)


def test_a_form_that_was_open_too_long_loses_nothing() -> None:
    board = boarding.board()
    ann = person(board, token="t")
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[access.cookie_of(board.engagement)] = "t"
    sent = {"text": "Still here", "key": "a"}
    response = browser.post(address(board, f"board-{board.pk}-add/"), sent)
    assert (response.status_code, Note.objects.filter(participant=ann).count()) == (403, 0)
    assert "Still here" in response.content.decode()


def test_whoever_has_not_joined_is_asked_for_the_code() -> None:
    board, vote = boarding.board(), poll()
    one = card_of(shown(board, person(board)))
    for stage, rest in (
        (board, f"board-{board.pk}-add/"),
        (board, f"card/{one.pk}/"),
        (vote, f"poll-{vote.pk}-vote/"),
    ):
        response = Client().post(address(stage, rest), {"text": "x", "do": "up"})
        assert (response.status_code, response.headers["Location"]) == (302, "/join/")


def test_nobody_opens_the_note_of_somebody_else() -> None:
    board = boarding.board()
    browser, _ann = in_room(board)
    other = note(board, person(board), CANARY)
    assert browser.get(address(board, f"note/{other.pk}/")).status_code == 404
    assert browser.get(address(board, f"card/{other.card_id}/")).status_code == 404
    assert browser.post(address(board, f"card/{other.card_id}/"), {"do": "up"}).status_code == 404


def test_one_s_own_note_is_changed_and_taken_back_without_script() -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    own = note(board, ann, "First")
    where = address(board, f"note/{own.pk}/")
    assert "First" in browser.get(where).content.decode()
    assert browser.post(where, {"do": "change", "text": "Second"}).status_code == 302
    assert "Second" in page(browser, board)
    bad = browser.post(where, {"do": "change", "text": " "})
    assert (bad.status_code, 'id="text-error"' in bad.content.decode()) == (409, True)
    assert browser.post(where, {"do": "take-back"}).status_code == 302
    assert "Second" not in page(browser, board)
    assert boarding.said(own).state == State.WITHDRAWN


def test_everything_that_is_dragged_is_done_by_plain_forms() -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    a, b = (card_of(shown(board, ann, text)) for text in ("Alpha", "Beta"))

    def press(card: Card, **sent: Any) -> None:
        assert browser.get(address(board, f"card/{card.pk}/")).status_code == 200
        assert browser.post(address(board, f"card/{card.pk}/"), sent).status_code == 302

    press(a, do="move", place="2:end")
    assert Card.objects.get(pk=a.pk).column == 2
    press(a, do="group", other=b.pk)
    group = Card.objects.get(pk=a.pk).cluster
    assert group
    press(a, do="ungroup")
    press(b, do="move", place=f"g{group.pk}:top") if group.__class__.objects.filter(pk=group.pk) else None
    press(a, do="up")
    press(a, do="merge", other=b.pk)
    assert Note.objects.filter(card=b).count() == 2
    press(b, do="part", note=Note.objects.earliest("pk").pk)
    assert Card.objects.count() == 2
    wrong = browser.post(address(board, f"card/{b.pk}/"), {"do": "move", "place": "9:end"})
    assert (wrong.status_code, "Choose a column" in wrong.content.decode()) == (409, True)
    assert browser.get(address(board, "card/999999/")).status_code == 404


def test_the_script_is_answered_in_json() -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    asks = {"Accept": "application/json"}
    added = browser.post(
        address(board, f"board-{board.pk}-add/"), {"text": "New", "key": "a"}, headers=asks
    ).json()
    assert (added["ok"], "New" in added["mine"]) == (True, True)
    one = card_of(shown(board, ann))
    moved = browser.post(address(board, f"card/{one.pk}/"), {"do": "move", "place": "1:top"}, headers=asks)
    assert moved.json() == {"ok": True}
    gone = browser.post(address(board, "card/999999/"), {"do": "up"}, headers=asks)
    assert (gone.status_code, bool(gone.json()["errors"])) == (409, True)


def test_the_facilitator_releases_is_worried_names_and_takes_apart() -> None:
    board = boarding.board()
    browser, ann = femis(), person(board)
    good, bad = note(board, ann, "Good"), note(board, ann, "Bad")
    for made, do in ((good, "release"), (bad, "worried")):
        sent = {"do": do, "seen": "held@9999999999"}
        assert browser.post(address(board, f"note/{made.pk}/check/"), sent).status_code == 302
    assert boarding.said(good).state == State.RELEASED
    assert boarding.said(bad).state == State.ESCALATED
    assert "Bad" not in page(browser, board)
    group = actions.group(card_of(shown(board, ann)), card_of(good), who=ann)
    where = address(board, f"group/{group.pk}/")
    assert browser.get(where).status_code == 200
    browser.post(where, {"do": "name", "name": "Travel"})
    assert "<h4>Travel</h4>" in page(Client(), board)
    browser.post(where, {"do": "dissolve"})
    assert "Travel" not in page(Client(), board)


def test_nobody_else_checks_or_types_in() -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    made = note(board, ann)
    browser.post(address(board, f"note/{made.pk}/check/"), {"do": "release"})
    browser.post(address(board, f"board-{board.pk}-type-in/"), {"lines": "One", "key": "a"})
    assert Contribution.objects.held().count() == 1


def test_paper_and_files_are_typed_in_and_come_back_when_something_is_wrong() -> None:
    board = boarding.board()
    browser = femis()
    where = address(board, f"board-{board.pk}-type-in/")
    file = SimpleUploadedFile("n.csv", b'From a file,Table 9\n"Two, here",\n')
    sent = {"lines": "One\n\nTwo", "key": "a", "table": "Table 1", "column": "1", "reflection": "1"}
    assert browser.post(where, {**sent, "file": file}).status_code == 302
    assert dict(Note.objects.values_list("contribution__wordings__text", "table")) == {
        "One": "Table 1",
        "Two": "Table 1",
        "From a file": "Table 9",
        "Two, here": "Table 1",
    }
    again = browser.post(where, {**sent, "key": "b", "lines": "Good\n" + "x" * 501})
    assert again.status_code == 422
    assert "x" * 501 in again.content.decode()
    assert Note.objects.count() == 4
    broken = browser.post(where, {**sent, "file": SimpleUploadedFile("n.csv", b"PK\x03\x04 no book")})
    assert broken.status_code == 422


def test_a_vote_is_cast_changed_and_refused_with_what_was_chosen() -> None:
    stage = poll("dots")
    browser, ann = in_room(stage)
    where = address(stage, f"poll-{stage.pk}-vote/")
    assert browser.post(where, {"o1": "2", "o2": "1"}).status_code == 302
    too_many = browser.post(where, {"o1": "3", "o2": "2"})
    assert too_many.status_code == 409
    assert "Take 2 away" in too_many.content.decode()
    assert 'value="3" selected' in too_many.content.decode()
    assert Ballot.objects.get().votes.count() == 2
    asks = {"Accept": "application/json"}
    assert browser.post(where, {"o3": "3"}, headers=asks).json()["ok"]
    assert 'value="3" selected' in page(browser, stage)
    Stage.objects.update(state=Stage.State.CLOSED)
    assert "closed" in browser.post(where, {"o1": "1"}).content.decode()
    assert Ballot.objects.get(participant=ann).votes.get().option == "o3"


@pytest.mark.parametrize("kind", ["one", "many", "agree", "rank", "dots"])
def test_every_kind_of_vote_has_its_form_and_its_result(kind: str) -> None:
    stage = poll(kind)
    browser, _ann = in_room(stage)
    assert "data-ballot" in page(browser, stage)
    sent = {"choice": "o1"} if kind in ("one", "many") else {"o1": "1"}
    assert browser.post(address(stage, f"poll-{stage.pk}-vote/"), sent).status_code == 302
    assert Ballot.objects.count() == 1
    polls.reveal(stage, True, by=boarding.facilitator())
    assert "cs_result" in page(Client(), stage)


def test_a_result_is_hidden_from_the_room_and_the_stream_until_it_is_shown() -> None:
    stage = poll()
    browser, ann = in_room(stage)
    polls.vote(stage, {"o2": 1}, participant=ann)
    femi = femis()
    assert "cs_result" in page(femi, stage)
    for who in (browser, Client()):
        assert "cs_result" not in page(who, stage)
    found = registry.find(f"poll.{stage.pk}")
    assert found
    assert "cs_result" not in json.dumps(catchup.since(f"poll.{stage.pk}", *found, 0, 100))
    assert browser.post(address(stage, f"poll-{stage.pk}-reveal/"), {"shown": "1"}).status_code == 302
    assert not Stage.objects.get(pk=stage.pk).revealed
    femi.post(address(stage, f"poll-{stage.pk}-reveal/"), {"shown": "1"})
    assert "cs_result" in page(Client(), stage)
    femi.post(address(stage, f"poll-{stage.pk}-reveal/"), {"shown": ""})
    assert "cs_result" not in page(Client(), stage)


def test_a_stage_that_has_not_begun_is_nobody_s_but_the_facilitator_s() -> None:
    board = boarding.board()
    Stage.objects.update(opened_at=None, state=Stage.State.WAITING)
    assert Client().get(address(board, f"board-{board.pk}/")).status_code == 404
    assert "data-board" in page(femis(), board)
    found = registry.find(f"board.{board.pk}")
    assert found
    assert not found[0].may_follow(None, board.pk)


def test_the_kind_of_a_part_stands_once_it_has_notes_or_votes() -> None:
    board, vote = boarding.board(), poll()
    assert not Boards().is_used(board)
    assert not Polls().is_used(vote)
    note(board, person(board))
    polls.vote(vote, {"o1": 1}, participant=person(vote))
    assert kinds.of("board").is_used(board)
    assert kinds.of("poll").is_used(vote)


def test_a_board_costs_the_same_however_full_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    board = boarding.board()
    ann = person(board)
    for number in range(12):
        shown(board, ann, f"Note {number}", column=number % 3)
    cards = list(Card.objects.all())
    actions.group(cards[0], cards[3], who=ann)
    with django_assert_num_queries(5):
        Boards().context(None, board, ann, kinds.PARTICIPANT)  # type: ignore[arg-type]
    with django_assert_num_queries(5):
        Boards().context(None, board, None, kinds.FACILITATOR)  # type: ignore[arg-type]
    vote = poll()
    polls.vote(vote, {"o1": 1}, participant=person(vote))
    with django_assert_num_queries(3):
        Polls().context(None, vote, ann, kinds.PARTICIPANT)  # type: ignore[arg-type]
    with django_assert_num_queries(4):
        Polls().context(None, vote, None, kinds.FACILITATOR)  # type: ignore[arg-type]


def test_five_hundred_notes_weigh_less_than_150_kilobytes() -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    first = shown(board, ann, "The bus gets in at ten and leaves at two, so that nobody sees the afternoon.")
    one = boarding.said(first)
    text = one.wordings.get().text
    fill(board, first, text)
    body = page(browser, board)
    assert body.count("data-notes") == 500
    assert len(body.encode()) < 150_000


def fill(board: Stage, first: Note, text: str) -> None:
    """499 more of other people, in a few statements."""
    from collaborative.changemakers.boards.actions.standing import STEP
    from collaborative.contributions.actions import wording_row
    from collaborative.contributions.models import Wording

    said, bo = boarding.said(first), person(board)
    cards = Card.objects.bulk_create(Card(stage=board, column=n % 3, rank=n * STEP) for n in range(2, 501))
    rows = []
    for number in range(2, 501):
        row = boarding.said(first)
        row.pk, row.reference = None, f"C-N{number}"
        rows.append(row)
    rows = Contribution.objects.bulk_create(rows)
    Wording.objects.bulk_create(wording_row(row, 1, "given", text, None, "", said.created_at) for row in rows)
    Note.objects.bulk_create(
        Note(
            stage=board,
            card=card,
            contribution=row,
            participant=bo,
            shown=True,
            key=row.reference,
            created_at=said.created_at,
        )
        for card, row in zip(cards, rows, strict=True)
    )


FORM = re.compile(r'<form[^>]*action="([^"]+)"')
LINK = re.compile(r'href="(\.\./[^"]+)"')


@pytest.mark.parametrize("what", ["a note", "a vote", "a sheet"])
def test_what_was_refused_can_be_put_right_on_the_page_that_refused_it(what: str) -> None:
    """Without script the page stands at the address of the form: what it leads to must still be there."""
    board, vote = boarding.board(), poll()
    note(board, person(board), "Something to move.")
    stage, at, sent = {
        "a note": (board, f"board-{board.pk}-add/", {"text": "", "key": "a", "column": "0"}),
        "a vote": (vote, f"poll-{vote.pk}-vote/", {"choice": ["no-such"]}),
        "a sheet": (board, f"board-{board.pk}-type-in/", {"lines": "", "key": "a"}),
    }[what]
    browser = femis() if what == "a sheet" else in_room(stage)[0]
    start = address(stage, at)
    refused = browser.post(start, sent)
    assert refused.status_code in (409, 422)
    found = [a for a in FORM.findall(refused.text) if a.startswith("../")] + LINK.findall(refused.text)
    assert any(a.endswith(at) for a in found)
    for one in found:
        assert browser.get(urljoin(start, one)).status_code in (200, 302, 405), one


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"do": "move", "place": "x"}, "place"), ({"do": "merge", "other": ""}, "other")],
)
def test_what_cannot_be_done_with_a_card_says_so_beside_its_field(sent: dict[str, str], field: str) -> None:
    board = boarding.board()
    browser, ann = in_room(board)
    one = shown(board, ann)
    shown(board, ann)
    refused = browser.post(address(board, f"card/{card_of(one).pk}/"), sent)
    assert refused.status_code == 409
    assert f'id="{field}-error"' in refused.content.decode()
    assert f'href="#{field}"' in refused.content.decode()
