"""What can happen on a board, and what cannot."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.changemakers.boards import actions, reading
from collaborative.changemakers.boards.actions import Place, Written
from collaborative.changemakers.boards.actions.standing import STEP
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.live.models import Event
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role, give_role
from tests.changemakers import boarding
from tests.changemakers.boarding import card_of, note, person, shown
from tests.changemakers.workshops import someone

pytestmark = pytest.mark.django_db


def texts(board: Stage) -> list[Any]:
    """What everyone reads, column by column; a group is a list."""
    found: list[Any] = []
    for column in reading.board(board):
        things: list[Any] = []
        for one in column.things:
            inner = one.cards if isinstance(one, reading.Group) else None
            things.append([_words(card) for card in inner] if inner is not None else _words(one))
        found.append(things)
    return found


def _words(card: Any) -> str:
    return " + ".join(said.words for said in card.said)


def put(board: Stage, *words: str, column: int = 0) -> list[Card]:
    ann = person(board)
    return [card_of(shown(board, ann, text, column=column)) for text in words]


def test_a_note_waits_and_is_in_no_stream_until_it_is_released() -> None:
    board = boarding.board()
    made = note(board, person(board), "Ferries")
    assert boarding.said(made).state == State.HELD
    assert texts(board) == [[], [], []]
    assert not Event.objects.exists()
    boarding.release(made)
    assert texts(board) == [["Ferries"], [], []]
    assert Event.objects.get().kind == "card"


def test_rif_1_a_note_carries_what_its_author_told_us_when_they_joined() -> None:
    board = boarding.board()
    ann = person(board, permission="not-published", age_band="18-25")
    first, second = note(board, ann), note(board, ann)
    said = boarding.said(first)
    assert (said.kind, said.channel, said.age_band) == ("note", "workshop", "18-25")
    assert said.receipt_id == boarding.said(second).receipt_id
    assert Receipt.objects.count() == 1


def test_the_same_attempt_makes_one_note() -> None:
    board = boarding.board()
    ann = person(board)
    assert note(board, ann, "Once", key="a").pk == note(board, ann, "Once", key="a").pk
    assert note(board, person(board), "Once", key="a").pk != note(board, ann, "Once", key="a").pk
    assert Note.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 501])
def test_what_is_no_note_is_refused(text: str) -> None:
    board = boarding.board()
    ann = person(board)
    with pytest.raises(NotPossible):
        actions.add(board, Written(text=text, key="a"), participant=ann)
    assert not Note.objects.exists()


@pytest.mark.parametrize("state", [Stage.State.WAITING, Stage.State.CLOSED])
def test_a_closed_board_takes_nothing_from_the_room(state: str) -> None:
    board = boarding.board()
    ann = person(board)
    made = shown(board, ann)
    other = shown(board, ann)
    Stage.objects.update(state=state)
    for act in (
        lambda: note(board, ann),
        lambda: actions.change(made, "Else", participant=ann),
        lambda: actions.move(card_of(made), Place(column=1), who=ann),
        lambda: actions.group(card_of(made), card_of(other), who=ann),
        lambda: actions.merge(card_of(made), card_of(other), who=ann),
    ):
        with pytest.raises(NotPossible, match="closed"):
            act()
    actions.move(card_of(made), Place(column=1), who=boarding.facilitator())
    actions.take_back(made, participant=ann)  # that is always theirs to do
    assert boarding.said(made).state == State.WITHDRAWN


def test_nobody_from_another_room_and_nobody_who_left_may_write() -> None:
    board = boarding.board()
    with pytest.raises(NotPossible):
        note(board, person(boarding.board()))
    gone = person(board)
    gone.left_at = gone.joined_at
    with pytest.raises(NotPossible):
        note(board, gone)


def test_changed_words_wait_again_and_the_earlier_ones_stay_in_the_record() -> None:
    board = boarding.board()
    ann = person(board)
    made = shown(board, ann, "Before")
    actions.change(made, "After", participant=ann)
    assert texts(board)[0] == []
    assert [one.text for one in boarding.said(made).wordings.order_by("number")] == ["Before", "After"]
    boarding.release(made)
    assert texts(board)[0] == ["After"]
    with pytest.raises(NotPossible, match="not your"):
        actions.change(made, "Mine", participant=person(board))


def test_a_name_shows_only_where_its_author_ticked_it_and_permits_it() -> None:
    board = boarding.board()
    named = person(board, name="Ann Reid", permission="named")
    shown(board, named, "With", named=True)
    shown(board, named, "Without")
    shown(board, person(board, name="Bo Ross"), "Never", named=True)
    names = {one.said[0].words: one.said[0].name for one in reading.board(board)[0].things}  # type: ignore[union-attr]
    assert names == {"With": "Ann Reid", "Without": "", "Never": ""}


def test_cards_are_moved_between_others_and_between_columns() -> None:
    board = boarding.board()
    a, b, c = put(board, "A", "B", "C")
    who = person(board)
    actions.move(c, Place(after="top"), who=who)
    assert texts(board)[0] == ["C", "A", "B"]
    actions.move(c, Place(after=f"card.{a.pk}"), who=who)
    assert texts(board)[0] == ["A", "C", "B"]
    actions.move(b, Place(column=2), who=who)
    assert texts(board) == [["A", "C"], [], ["B"]]
    with pytest.raises(NotPossible):
        actions.move(b, Place(column=3), who=who)


def test_there_is_always_room_between_two_cards() -> None:
    board = boarding.board()
    cards = put(board, "A", "B", "C")
    who = person(board)
    for turn in range(80):
        actions.move(cards[1 + turn % 2], Place(after=f"card.{cards[0].pk}"), who=who)
    assert texts(board)[0] == ["A", "C", "B"]
    assert Event.objects.filter(kind="order").exists()
    ranks = list(Card.objects.values_list("rank", flat=True))
    assert len(set(ranks)) == 3
    assert max(ranks) < 2**53  # what a browser counts exactly


def test_a_move_behind_something_that_went_puts_it_at_the_end() -> None:
    board = boarding.board()
    a, b, c = put(board, "A", "B", "C")
    who = person(board)
    actions.merge(b, c, who=who)
    actions.move(a, Place(after=f"card.{b.pk}"), who=who)
    assert texts(board)[0] == ["B + C", "A"]
    with pytest.raises(NotPossible, match="any more"):
        actions.move(b, Place(), who=who)


def test_up_and_down_pass_what_people_see() -> None:
    board = boarding.board()
    ann = person(board)
    a = card_of(shown(board, ann, "A"))
    note(board, ann, "Hidden")
    b = card_of(shown(board, ann, "B"))
    from collaborative.changemakers.boards.actions.moving import nudge

    nudge(a, 1, who=ann)
    assert texts(board)[0] == ["B", "A"]
    nudge(a, 1, who=ann)
    nudge(b, -1, who=ann)
    assert texts(board)[0] == ["B", "A"]


def test_two_cards_make_a_group_a_third_joins_it_and_an_empty_one_goes() -> None:
    board = boarding.board()
    a, b, c = put(board, "A", "B", "C")
    who = person(board)
    group = actions.group(a, b, who=who)
    assert texts(board)[0] == [["B", "A"], "C"]
    assert actions.group(c, a, who=who) == group
    assert actions.group(c, a, who=who) == group
    assert texts(board)[0] == [["B", "A", "C"]]
    actions.move(group, Place(column=1), who=who)
    assert texts(board) == [[], [["B", "A", "C"]], []]
    for card in (a, b, c):
        actions.ungroup(Card.objects.get(pk=card.pk), who=who)
    assert sorted(texts(board)[1]) == ["A", "B", "C"]
    assert not Cluster.objects.exists()


def test_a_group_taken_apart_leaves_its_cards_in_place_and_order() -> None:
    board = boarding.board()
    a, b, _c = put(board, "A", "B", "C")
    who = person(board)
    group = actions.group(a, b, who=who)
    actions.dissolve(group, who=who)
    actions.dissolve(group, who=who)
    assert texts(board)[0] == ["B", "A", "C"]


def test_only_the_facilitator_names_a_group_and_a_named_one_waits_for_cards() -> None:
    board = boarding.board()
    a, b = put(board, "A", "B")
    who = person(board)
    group = actions.group(a, b, who=who)
    assert group.title == "Group 1"
    with pytest.raises(NotPossible):
        actions.name_group(group, "Travel", by=someone("Nobody"))
    actions.name_group(group, " Travel ", by=boarding.facilitator())
    for card in (a, b):
        actions.ungroup(card, who=who)
    assert Cluster.objects.get().title == "Travel"


def test_merged_notes_keep_every_wording_and_come_apart_again() -> None:
    board = boarding.board()
    a, b, c = put(board, "A", "B", "C")
    who = person(board)
    actions.merge(a, b, who=who)
    actions.merge(b, c, who=who)
    assert texts(board)[0] == ["A + B + C"]
    assert Contribution.objects.public().count() == 3
    actions.part(Note.objects.first(), who=who)  # type: ignore[arg-type]
    assert texts(board)[0] == ["B + C", "A"]
    with pytest.raises(NotPossible):
        actions.merge(c, c, who=who)


def test_what_is_merged_with_a_held_note_shows_the_other_alone() -> None:
    board = boarding.board()
    ann = person(board)
    held, open_ = note(board, ann, "Held"), shown(board, ann, "Open")
    actions.merge(card_of(held), card_of(open_), who=ann)
    assert texts(board)[0] == ["Open"]
    actions.take_back(open_, participant=ann)
    assert texts(board)[0] == []
    boarding.release(held)
    assert texts(board)[0] == ["Held"]


def test_a_note_escalated_and_taken_back_meanwhile_never_comes_back() -> None:
    board = boarding.board()
    ann = person(board)
    made = shown(board, ann, "Worry")
    moderation.escalate(boarding.said(made), by=boarding.facilitator())
    assert texts(board)[0] == []
    actions.take_back(made, participant=ann)
    assert reading.mine(board, ann) == []


def test_the_facilitator_checks_notes_of_the_workshop_and_nothing_else() -> None:
    board = boarding.board()
    made = note(board, person(board))
    for role in (Role.EDITORS, Role.ANALYSTS):
        user = someone(role.value)
        give_role(user, role)
        with pytest.raises(PermissionDenied):
            boarding.release(made, by=User.objects.get(pk=user.pk))
    boarding.release(made)
    loose = boarding.said(note(board, person(board)))
    Note.objects.filter(contribution=loose).delete()
    with pytest.raises(PermissionDenied):
        moderation.release(loose, by=boarding.facilitator())


def test_paper_is_typed_in_once_waits_and_says_where_it_is_from() -> None:
    board = boarding.board()
    femi = boarding.facilitator()
    lines = [Written(text=f"Line {n}", key=f"p{n}", table="Table 2", reflection=True) for n in range(3)]
    assert actions.type_in(board, lines, by=femi) == 3
    assert actions.type_in(board, lines, by=femi) == 0
    assert Note.objects.filter(table="Table 2", reflection=True, participant=None).count() == 3
    assert Contribution.objects.held().count() == 3
    assert Receipt.objects.count() == 1
    with pytest.raises(NotPossible):
        actions.type_in(board, [Written(text="One", key="x"), Written(text="", key="y")], by=femi)
    assert Note.objects.count() == 3
    with pytest.raises(NotPossible):
        actions.type_in(board, lines, by=someone("Nobody"))


def test_places_are_as_far_apart_as_the_browser_can_count() -> None:
    assert 2_000 * STEP < 2**53
