"""One raw answer to each kind of question: what is kept of it, and what is said of junk. No database."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from collaborative.consultations import answers, fields
from collaborative.consultations.kinds import in_words, sound, usual_scale
from collaborative.consultations.questions import Asked

OPTIONS = [("p6", "In P6"), ("p7", "In P7, before summer"), ("s1", "In S1")]
ROWS = (("travel", "Travel: paid first"), ("food", "Lunch"))
KINDS = ["one", "many", "scale", "rank", "matrix", "number", "date", "text", "short"]


def asked(kind: str, **changed: Any) -> Asked:
    whole: dict[str, Any] = {
        "key": "a",
        "number": 1,
        "type": kind,
        "text": "What?",
        "help": "",
        "options": OPTIONS if kind in {"one", "many", "scale", "rank", "matrix"} else [],
        "required": False,
        "max_choices": None,
        "why": "",
        "wording_id": 1,
        "rows": ROWS if kind == "matrix" else (),
    }
    return Asked(**{**whole, **changed})


@pytest.mark.parametrize(
    "kind, cell, chosen",
    [
        ("one", " in  p6 ", ["p6"]),
        ("one", "P7", ["p7"]),
        ("one", "In P7, before summer", ["p7"]),
        ("scale", "s1", ["s1"]),
        ("many", "In S1; In P6", ["p6", "s1"]),
        ("many", "In S1\nIn P6\n", ["p6", "s1"]),
        ("rank", "s1; p6", ["s1", "p6"]),
        ("matrix", "Travel: paid first: In P6; food: s1", ["travel:p6", "food:s1"]),
        ("number", "1,250", ["1250"]),
        ("number", "007", ["7"]),
        ("number", "-0", ["0"]),
        ("date", "4/3/2026", ["2026-03-04"]),
        ("date", "2026-03-04", ["2026-03-04"]),
        ("date", "2026-03-04 00:00:00", ["2026-03-04"]),
        ("many", "", []),
        ("number", "", []),
        ("date", "", []),
        ("matrix", "", []),
    ],
)
def test_a_cell_is_read_by_label_or_key(kind: str, cell: str, chosen: list[str]) -> None:
    assert answers.clean(asked(kind), cell) == ({"chosen": chosen, "text": "", "why": ""}, "")


@pytest.mark.parametrize(
    "kind, cell, said",
    [
        ("one", "In P9", "Choose from the answers"),
        ("one", "p6; s1", "Choose only 1"),
        ("many", "p6; p9", "Choose from the answers"),
        ("rank", "p6; p6", "Choose from the numbers"),
        ("rank", "p6; p9", "Choose from the numbers"),
        ("matrix", "Lunch", "Choose from the answers"),
        ("matrix", "Lunch: p6; Lunch: s1", "Choose from the answers"),
        ("matrix", "Supper: p6", "Choose from the answers"),
        ("number", "twelve", "whole number"),
        ("number", "2.5", "whole number"),
        ("number", "1e5", "whole number"),
        ("number", "١٢", "whole number"),
        ("number", "1" * 13, "whole number"),
        ("number", "NaN", "whole number"),
        ("date", "31/2/2026", "no such day"),
        ("date", "4/3", "the day, the month and the year"),
        ("date", "soon", "the day, the month and the year"),
        ("date", "4/3/0026", "a year from 1900 to 2199"),
        ("short", "x" * 201, "1 character too long"),
        ("text", "x" * 20_002, "2 characters too long"),
    ],
)
def test_junk_is_refused_with_words(kind: str, cell: str, said: str) -> None:
    assert said in answers.clean(asked(kind), cell)[1]


def test_limits_are_told() -> None:
    number = asked("number", least=Decimal("1.000"), most=Decimal("2000.000"))
    assert answers.clean(number, "0")[1] == "Write 1 or more."
    assert answers.clean(number, "2001")[1] == "Write 2,000 or less."
    assert answers.clean(number, "2000")[1] == ""
    assert answers.clean(asked("number", decimals=True), "2.50")[0]["chosen"] == ["2.5"]
    assert "such as 12 or 2.5" in answers.clean(asked("number", decimals=True), "2.5555")[1]
    assert answers.clean(asked("many", max_choices=1), "p6; s1")[1] == "Choose only 1."
    assert answers.clean(asked("many", max_choices=2), "p6\np7\ns1")[1] == "Choose up to 2."


def test_an_empty_answer_is_no_error_and_says_nothing() -> None:
    for kind in KINDS:
        answer, message = answers.clean(asked(kind), "")
        assert message == "" and not answers.says_anything(answer), kind


@pytest.mark.parametrize("kind", KINDS)
def test_what_must_be_answered_says_so_beside_its_first_field(kind: str) -> None:
    one = asked(kind)
    empty, _message = answers.clean(one, "")
    name = answers.missing(one, empty)[0][0]
    rendered = {"text": "text", "short": "text", "number": "number", "date": "day", "matrix": "chosen-travel"}
    assert name == rendered.get(kind, "chosen")


def test_a_table_that_must_be_answered_misses_each_empty_line() -> None:
    answer, _message = answers.clean(asked("matrix"), "travel: p6")
    assert answers.missing(asked("matrix"), answer) == [("chosen-food", "Choose an answer for this line.")]


def test_what_was_chosen_is_read_in_words() -> None:
    assert in_words("number", ["1250.5"], {}, unit="km") == ["1,250.5 km"]
    assert in_words("date", ["2026-03-04"], {}) == ["4 March 2026"]
    assert asked("matrix").labels(["travel:p6"]) == ["Travel: paid first: In P6"]
    assert [one["key"] for one in usual_scale()] == ["5", "4", "3", "2", "1", "no-view"]


# Whatever arrives -------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.sampled_from(
    ["text", "why", "chosen", "number", "day", "month", "year"]
    + [f"chosen-{key}" for key in ("p6", "p7", "s1", "travel", "food")]
)
VALUES = st.one_of(TEXTS, st.sampled_from(["p6", "p7", "s1", "1", "2", "3", "12", "2026"]))
SENT = st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=6)
ONES = st.sampled_from(KINDS).map(
    lambda kind: asked(kind, why="" if kind in {"text", "short"} else "Why?", max_choices=2, decimals=True)
)


@given(ONES, SENT)
def test_whatever_a_form_sends_becomes_an_answer_or_words_beside_a_field(one: Asked, sent: Any) -> None:
    answer, errors = answers.read(one, sent)
    assert all(name and message for name, message in errors)
    if errors:
        return
    assert sound(one.type, answer["chosen"], one.options, one.rows) == answer["chosen"]
    assert "\x00" not in answer["text"] + answer["why"]
    one.labels(answer["chosen"])
    stood = fields.kept(one, answer)  # the screen shows it again, and sending that changes nothing
    form = {name: [value] for name, value in stood.values.items()}
    again, errors = answers.read(one, {**form, "chosen": stood.chosen if one.type != "matrix" else []})
    assert (again, errors) == (answer, [])


@given(ONES, SENT)
def test_nothing_typed_is_lost_from_a_screen_with_an_error(one: Asked, sent: Any) -> None:
    query = QueryDict(mutable=True)
    for name, values in sent.items():
        query.setlist(name, values)
    _answer, errors = answers.read(one, dict(query.lists()))
    again = fields.typed(one, dict(query.lists()), errors)
    for name, values in sent.items():
        if values:
            assert again.values[name] == values[-1]
    assert again.chosen == sent.get("chosen", [])


@given(ONES, TEXTS)
def test_whatever_stands_in_a_cell_becomes_an_answer_or_a_message(one: Asked, cell: str) -> None:
    answer, message = answers.clean(one, cell)
    assert message or sound(one.type, answer["chosen"], one.options, one.rows) == answer["chosen"]


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 3))
def test_every_number_stays_what_it_was(whole: int, places: int) -> None:
    number = Decimal(whole).scaleb(-places)
    for written in (format(number, "f"), format(number, ",f")):
        answer, message = answers.clean(asked("number", decimals=True), written)
        assert message == "" and Decimal(answer["chosen"][0]) == number


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_stays_what_it_was(day: dt.date) -> None:
    for written in (day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert answers.clean(asked("date"), written)[0]["chosen"] == [day.isoformat()]


@given(st.permutations([key for key, _label in OPTIONS]), st.integers(0, 3))
def test_every_order_stays_what_it_was(order: list[str], few: int) -> None:
    cell = "; ".join(order[:few])
    assert answers.clean(asked("rank"), cell)[0]["chosen"] == order[:few]


@given(st.lists(st.one_of(TEXTS, st.integers(), st.none(), st.lists(st.text())), max_size=5))
def test_an_old_draft_is_never_trusted(kept: list[Any]) -> None:
    for kind in KINDS:
        one = asked(kind)
        one.labels(sound(kind, kept, one.options, one.rows))
