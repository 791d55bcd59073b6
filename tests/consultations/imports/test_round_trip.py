"""What is written in our own form comes in as the same answers, whatever the text."""

import secrets
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative.consultations.imports import actions, columns
from collaborative.consultations.imports.reading import Reader
from collaborative.consultations.models import ChoiceAnswer, Import
from collaborative.consultations.questions import Sheet
from collaborative.contributions.models import Receipt
from collaborative.people.models import User
from tests.consultations import making
from tests.consultations.imports.bringing import bring_whole, brought_in, come_in, said, work_on

pytestmark = pytest.mark.django_db

ODD = ["=1+1", "'", "'=x", "@a", "_x0041_", "a;b\tc|d", 'say "no"', "#N/A", " x ", "1", "one\ntwo", "-"]
PLAIN = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
WORDS = st.text(PLAIN, max_size=80) | st.sampled_from([*ODD, "x" * 30_000])
RESPONSES = st.lists(
    st.fixed_dictionaries(
        {
            "age": st.sampled_from(["26-plus", "18-25", "16-17", "not-said"]),
            "permission": st.sampled_from(["anonymous", "not-published"]),
            "group": st.sampled_from(["parents", "none"]),
            "when": st.sampled_from([[], ["p6"], ["s1"]]),
            "who": st.sampled_from([[], ["p6"], ["p6", "s1"]]),
            "promises": st.permutations(["p6", "p7", "s1"]),
            "feel": WORDS,
            "why": WORDS,
            "letter": WORDS,
        }
    ),
    min_size=1,
    max_size=4,
)


def written(sheet: Sheet, number: int, one: dict[str, Any]) -> list[str]:
    cells = {
        "key": str(number),
        "received": timezone.localdate().isoformat(),
        "channel": "email",
        "kind": "individual",
        "recontact": "no",
        **{name: one[name] for name in ("age", "permission", "group", "letter")},
        **{f"q-{name}": "; ".join(one[name]) for name in ("when", "who", "promises")},
        "q-feel": one["feel"],
        "why-when": one["why"],
    }
    return [cells.get(heading, "") for heading in columns.headings(sheet)]


def wanted(one: dict[str, Any]) -> tuple[dict[str, str], dict[str, list[str]]]:
    texts = {"when-why": one["why"], "feel": one["feel"], "_letter": one["letter"]}
    kept = {
        name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in texts.items() if text.strip()
    }
    return kept, {name: one[name] for name in ("when", "who", "promises") if one[name]}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(responses=RESPONSES, kind=st.sampled_from(["ours", "xlsx"]))
def test_a_file_in_our_own_form_gives_the_same_answers(
    editor: User, responses: list[dict[str, Any]], kind: str
) -> None:
    engagement = making.consultation(slug=f"round-{secrets.token_hex(8)}")
    sheet = Sheet(engagement)
    rows = [columns.headings(sheet), *(written(sheet, n, one) for n, one in enumerate(responses))]
    one = bring_whole(engagement, rows, editor, kind=kind)
    actions.tell_columns(one, actions.offered(one) | {"rest": {"kind": "individual"}}, by=editor)
    one = work_on(one)
    assert (one.state, one.bad) == (Import.State.CHECKED, 0), list(one.problems.values_list("message"))
    come_in(one, editor)
    receipts = Receipt.objects.filter(engagement=engagement).order_by("pk")
    assert len(receipts) == len(responses)
    for receipt, response in zip(receipts, responses, strict=True):
        words, chosen = wanted(response)
        assert said(receipt) == words
        answers = ChoiceAnswer.objects.filter(receipt=receipt)
        assert dict(answers.values_list("wording__question__key", "value")) == chosen
        group = receipt.group.slug if receipt.group else "none"
        given = (receipt.age_band, receipt.permission, group)
        assert given == (response["age"], response["permission"], response["group"])


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE contributions_wording; --",
    "{{ 7*7 }}{% include 'x' %}",
    "%s %(x)s %n",
    "\u202eright to left\u2066",
    "a\u0000b",
    "\\x00\\u0000",
    "😀" * 500,
    "é́́́́́́",
    "-1+1|x",
    "\t=1",
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_words_are_words(editor: User, kind: str) -> None:
    engagement = making.consultation()
    from tests.consultations.imports.bringing import row

    words = [text for text in HOSTILE if kind == "xlsx" or "\0" not in text]
    one = brought_in(engagement, [row(str(n), Words=text) for n, text in enumerate(words)], editor, kind=kind)
    assert one.done == len(words)
    found = [said(receipt)["feel"] for receipt in Receipt.objects.order_by("pk")]
    assert found == [text.replace("\0", "") for text in words]


def test_a_question_that_was_not_asked_is_a_problem_and_not_lost(editor: User) -> None:
    questions = making.five_kinds()
    block = dict(questions[2][1], ask_if=[{"question": "when", "any_of": "p7"}])
    engagement = making.publish(making.draft([questions[0], ("question", block)]))
    reader = Reader(
        engagement, ["When", "Words"], {"columns": {"0": "q-when", "1": "q-feel"}, "rest": rest()}
    )
    assert not reader.row(2, ["In P7", "Words."]).problems
    ((column, message),) = reader.row(3, ["In P6", "Words."]).problems
    assert column == 1 and "was not asked" in message


def rest() -> dict[str, str]:
    return {"kind": "individual", "received": timezone.localdate().isoformat()}


@pytest.mark.parametrize(
    ("kind", "fields", "cells", "headings", "chosen"),
    [
        ("number", {"least": 1, "most": 12}, ["7"], ["How many?"], ["7"]),
        ("date", {}, ["4/3/2026"], ["When?"], ["2026-03-04"]),
        ("date", {}, ["2026-03-04T00:00:00"], ["When?"], ["2026-03-04"]),
        ("matrix", {}, ["Travel: Agree; Cost: Disagree"], ["Table"], ["travel:4", "cost:2"]),
        ("matrix", {}, ["Agree", "Disagree"], ["1. Travel", "Q3 - Cost"], ["travel:4", "cost:2"]),
    ],
)
def test_each_kind_of_question_is_read_from_its_cells(
    editor: User, kind: str, fields: dict[str, Any], cells: list[str], headings: list[str], chosen: list[str]
) -> None:
    lines = [making.option("travel", "Travel", "Travel"), making.option("cost", "Cost", "Cost")]
    more = {"rows": lines} if kind == "matrix" else {}
    engagement = making.publish(making.draft([making.block("it", kind, young="It?", **fields, **more)]))
    mapping = {"columns": {str(n): "q-it" for n in range(len(cells))}, "rest": rest()}
    row = Reader(engagement, headings, mapping).row(2, cells)
    assert not row.problems and row.data["answers"]["it"]["chosen"] == chosen
