"""The notes of a workshop in a download (P8): where each stood, what may leave, the same in every format."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.boards.actions.adding import MOST_CHARACTERS
from collaborative.changemakers.breakouts import actions as breakouts
from collaborative.changemakers.models import Note, Stage
from collaborative.changemakers.polls import actions as polls
from collaborative.consultations.exports import actions
from collaborative.consultations.models import Export
from collaborative.contributions.actions import move, withdraw
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person as staff
from tests.changemakers import boarding
from tests.changemakers.boarding import board, card_of, note, person, release, said, shown
from tests.changemakers.breakouts import grouping
from tests.consultations import making
from tests.consultations.exports.taking import approved, commas, rows, taken
from tests.consultations.exports.test_taking import HOSTILE, table
from tests.consultations.imports.test_round_trip import WORDS
from tests.moderation.giving import rule

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
WORD = "zxcvbnmlkjhg"
TEXT = f"I would say {WORD} to all of it."


def notes(where: Stage, *, raw: bool = False) -> list[dict[str, str]]:
    return rows(where.engagement, "notes", raw=raw)


def typed(where: Stage, by: User, *texts: str, **more: Any) -> list[Note]:
    more["source"] = Note.Source.FLIPCHART
    lines = [Written(text=text, key=f"t{n}", **more) for n, text in enumerate(texts)]
    boards.type_in(where, lines, by=by)
    return list(Note.objects.filter(stage=where, participant=None).order_by("pk"))


def test_p8_each_note_says_where_it_stood_and_who_wrote_it_down(facilitator: User, moderator: User) -> None:
    where = board("Red", "Green", title="What is hard?")
    ann = person(where, permission="named", name="Ann Seen")
    ben = person(where, permission="named", name="Ben Unseen")
    first = shown(where, ann, "The bus is late.", named=True)
    second = shown(where, ben, "No bus at all.", column=1)
    same = shown(where, person(where), "The bus never comes.")
    boards.merge(card_of(same), card_of(first), who=facilitator)
    cluster = boards.group(card_of(second), card_of(first), who=facilitator)
    boards.name_group(cluster, "Buses", by=facilitator)
    paper = typed(where, facilitator, "Ask the children.", column=1, table="Table 4", reflection=True)[0]
    release(paper)
    found = {row["note"]: row for row in notes(where)}
    assert list(found) == ["The bus is late.", "The bus never comes.", "No bus at all.", "Ask the children."]
    one = found["The bus is late."]
    assert (one["stage_number"], one["stage"], one["column"]) == ("1", "What is hard?", "Red")
    assert (one["note_group"], one["written_by"], one["signed"]) == ("Buses", "room", "Ann Seen")
    assert (one["permission"], one["state"], one["left_out"]) == ("named", "released", "")
    assert one["reference"] == said(first).reference and one["reflection"] == "no"
    assert one["card"] == found["The bus never comes."]["card"] != found["No bus at all."]["card"]
    assert found["No bus at all."]["signed"] == ""  # RIF-1: did not put it on the note
    paper_row = found["Ask the children."]
    assert (paper_row["written_by"], paper_row["table"]) == ("flipchart", "Table 4")
    assert (paper_row["reflection"], paper_row["column"]) == ("yes", "Green")
    assert paper_row["age_band"] == "not-said" and paper_row["note_group"] == ""
    assert not {"name", "email", "organisation", "before"} & set(one)


def hide(row: Contribution, by: User) -> None:
    moderation.release(row, by=by)
    move(row, State.HIDDEN, by=by)


def take_words_out(row: Contribution, by: User) -> None:
    moderation.release_redacted(row, TEXT.replace(WORD, "[removed]"), f"{WORD} is a name.", by=by)


# (what happens, why it is left out, whether the word leaves usual, raw)
WAYS: dict[str, Any] = {
    "released": (lambda row, by: moderation.release(row, by=by), "", (True, True)),
    "waiting": (lambda row, by: None, "waiting", (False, False)),
    "refused": (lambda row, by: moderation.refuse(row, rule(), by=by), "refused", (False, True)),
    "hidden": (hide, "hidden", (False, True)),
    "safeguarding": (lambda row, by: moderation.escalate(row, by=by), "waiting", (False, False)),
    "taken back": (lambda row, by: withdraw(row.receipt), "taken-back", (False, False)),
    "words removed": (take_words_out, "", (False, True)),
}


@pytest.mark.parametrize("way", WAYS)
def test_p3_saf_2_gdp_2_notes_leave_by_their_state(way: str, moderator: User, analyst: User) -> None:
    do, why, wanted = WAYS[way]
    where = board()
    made = note(where, person(where, permission="named", name="Ann Seen"), TEXT, named=True)
    do(said(made), moderator)
    found = notes(where)
    assert [row["left_out"] for row in found] == [why]
    usual = taken(where.engagement, analyst, "notes").decode()
    request = approved(where.engagement, analyst, staff("Second", Role.ANALYSTS))
    raw = taken(where.engagement, analyst, "notes", raw=request).decode()
    assert (WORD in usual, WORD in raw) == wanted
    assert ("Ann Seen" in usual) == (why == "")  # the name goes where the words go
    if way == "taken back":
        empty = ("column", "note_group", "card", "table", "written_by", "signed", "reflection", "group")
        assert not [name for name in empty if found[0][name]]
        assert "Ann Seen" not in raw


def test_saf_2_a_note_that_worries_somebody_looks_like_any_that_waits(moderator: User) -> None:
    where = board()
    made = [note(where, person(where), "Some words.") for _turn in range(2)]
    moderation.escalate(said(made[1]), by=moderator)
    own = ("response", "reference", "card")
    for raw in (False, True):
        one, two = ({n: v for n, v in row.items() if n not in own} for row in notes(where, raw=raw))
        assert one == two


def test_kc_9_words_of_the_young_and_of_nobody_in_particular_that_may_tell_who_they_are_stay(
    facilitator: User, moderator: User, analyst: User
) -> None:
    where = board()
    young = note(where, person(where), f"My name is Jo. {WORD}")
    Receipt.objects.filter(contributions__note=young).update(age_band="13-15")
    paper = typed(where, facilitator, f"Ring me on 07700 900123. {WORD}", "The bus is late.")
    for one in (young, *paper):
        release(one)
    found = notes(where)
    assert sorted(row["left_out"] for row in found) == ["", "identifying", "identifying"]
    assert [row["note"] for row in found if row["note"]] == ["The bus is late."]
    request = approved(where.engagement, analyst, staff("Second", Role.ANALYSTS))
    assert WORD not in taken(where.engagement, analyst, "notes", raw=request).decode()


def test_a_note_of_a_small_group_names_the_group_and_no_row_tells_who_would_rather_not(
    facilitator: User, moderator: User
) -> None:
    where = grouping.part("Rowan", "Birch")
    rowan = grouping.groups(where)[0]
    sits = person(where, name="Ann Seen")
    breakouts.move(where, sits, rowan, by=facilitator)
    would_not = person(where, name="Ben Unseen")
    breakouts.refuse(where, participant=would_not)
    breakouts.name_note_taker(where, rowan, sits, by=facilitator)
    for group, text in ((False, "Mine."), (True, "Ours.")):
        release(note(where, sits, text, for_group=group))
    release(note(where, would_not, "Alone."))
    found = {row["note"]: (row["table"], row["written_by"]) for row in notes(where)}
    assert found == {"Mine.": ("Rowan", "room"), "Ours.": ("Rowan", "group"), "Alone.": ("", "room")}
    assert "Unseen" not in str(notes(where))


def test_a_vote_leaves_once_the_room_may_know_how_it_stands(facilitator: User) -> None:
    where = boarding.poll(options=["Ferry", "Bus"])
    for option in ("o1", "o1", "o2"):
        polls.vote(where, {option: 1}, participant=person(where))
    assert notes(where) == []
    polls.reveal(where, True, by=facilitator)
    found = [(row["note"], row["votes"], row["score"], row["voters"]) for row in notes(where)]
    assert sorted(found) == sorted([("Ferry", "2", "", "3"), ("Bus", "1", "", "3")])
    polls.reveal(where, False, by=facilitator)
    assert notes(where) == []
    Stage.objects.filter(pk=where.pk).update(state=Stage.State.CLOSED)
    assert len(notes(where)) == 2


def words_without(text: str) -> str:
    return text.replace("\x00", "").strip()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS.filter(str.strip), min_size=1, max_size=3))
def test_what_was_written_comes_out_in_every_format(analyst: User, tmp_path: Path, texts: list[str]) -> None:
    where = board()
    words = [text for text in texts if 0 < len(words_without(text)) <= MOST_CHARACTERS]
    made = [shown(where, person(where), text) for text in words]
    wanted = [said(one).wordings.get().text for one in made]
    for kind in Export.Format.values:
        found = table(taken(where.engagement, analyst, "notes", kind), kind, tmp_path / kind, "Notes")
        assert [row[found[0].index("note")] for row in found[1:]] == wanted


@pytest.mark.parametrize("kind", Export.Format.values)
def test_nothing_in_a_file_of_notes_runs(facilitator: User, analyst: User, tmp_path: Path, kind: str) -> None:
    where = board(*HOSTILE[:3])
    texts = [text for text in HOSTILE if not text.startswith("\t")]
    for one in [shown(where, person(where), text) for text in texts]:
        cluster = boards.group(card_of(shown(where, person(where))), card_of(one), who=facilitator)
        boards.name_group(cluster, f"=1+{one.pk}", by=facilitator)
    data = taken(where.engagement, analyst, "notes", kind)
    if kind == "csv":
        assert not [cell for row in commas(data) for cell in row if cell[:1] in set("=+-@\t\r")]
    found = table(data, kind, tmp_path / "a", "Notes")
    assert set(texts) <= {row[found[0].index("note")] for row in found[1:]}
    assert found[1][found[0].index("column")] == HOSTILE[0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_codebook_says_what_every_column_of_the_notes_means(
    analyst: User, tmp_path: Path, kind: str
) -> None:
    where = board()
    shown(where, person(where), "Words.")
    shape = "codebook" if kind == "csv" else "notes"
    found = table(taken(where.engagement, analyst, shape, kind), kind, tmp_path / "a", "Codebook")
    told = {(row[0], row[1]) for row in found[1:]}
    for name in notes(where)[0]:
        assert ("Column", name) in told, name
    assert ("written_by", "flipchart") in told


def test_many_notes_cost_as_many_questions_as_few(analyst: User) -> None:
    where, costs = board(), []
    taken(where.engagement, analyst, "notes")  # roles are read once for each user
    for many in (1, 9):
        for _turn in range(many):
            shown(where, person(where))
        with CaptureQueriesContext(connection) as caught:
            taken(where.engagement, analyst, "notes")
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_consultation_has_no_notes(analyst: User) -> None:
    with pytest.raises(Refused):
        actions.begin(making.consultation(), "notes", "csv", by=analyst)


# The screens --------------------------------------------------------------------------------------


def with_groups(by: User) -> Engagement:
    where = board(fields={"facilitator": by})
    one, two = (shown(where, person(where), f"The bus is late, {n}.") for n in range(2))
    boards.group(card_of(one), card_of(two), who=by)
    return where.engagement


def test_p8_whoever_runs_the_workshop_comes_from_its_screens_to_a_file_of_notes(
    facilitator: User, client_for: Open
) -> None:
    place = with_groups(facilitator)
    client = client_for(facilitator)
    link = f'href="/admin/downloads/{place.pk}/"'
    assert link in client.get(f"/admin/groups-of-notes/{place.pk}/").content.decode()
    page = client.get(f"/admin/downloads/{place.pk}/").content.decode()
    assert 'value="notes" checked' in page
    for kind in Export.Format.values:
        answer: Any = client.post(f"/admin/downloads/{place.pk}/", {"shape": "notes", "format": kind})
        assert answer.status_code == 200 and b"".join(answer.streaming_content)
        assert "no-store" in answer["Cache-Control"] and f'.{kind}"' in answer["Content-Disposition"]
    assert [(one.by, one.shape, one.rows) for one in Export.objects.all()] == [(facilitator, "notes", 2)] * 3


def test_p8_whoever_may_not_have_it_finds_no_way_to_it(
    facilitator: User, editor: User, client_for: Open
) -> None:
    place = with_groups(facilitator)
    for user in (editor, staff("Femke", Role.FACILITATORS)):
        client = client_for(user)
        page = client.get(f"/admin/groups-of-notes/{place.pk}/")
        assert page.status_code == 200 and "/admin/downloads/" + f"{place.pk}/" not in page.content.decode()
        asked = client.post(f"/admin/downloads/{place.pk}/", {"shape": "notes", "format": "csv"})
        assert asked.status_code in (302, 403)
    assert not Export.objects.exists()
