"""What leaves with an export and what does not: by state, by permission, by age, usual and raw."""

from typing import Any

import pytest

from collaborative.consultations.models import Export
from collaborative.contributions.actions import erase, exclude, move, take_back, withdraw
from collaborative.contributions.models import Contribution, Exclusion, Permission, State
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.moderation.actions import received
from collaborative.moderation.models import Flag, SafeguardingCase, WatchedWord
from collaborative.people.models import HANDLED_AS_UNDER_16, User
from collaborative.people.roles import Role
from tests.analysis.sorting import sorted_under, theme
from tests.cast import person
from tests.consultations import making
from tests.consultations.exports.taking import (
    WHO,
    answered,
    approved,
    everything,
    redacted,
    released,
    row_of,
    rows,
    said,
)
from tests.moderation.giving import rule

pytestmark = pytest.mark.django_db
WORD = "zxcvbnmlkjhg"
OWN = ("response", "reference")
TEXT = f"I would say {WORD} to all of it."


@pytest.fixture
def place(db: None) -> Engagement:
    return making.consultation()


def leaves(place: Engagement, analyst: User) -> tuple[bool, bool]:
    """Whether the word leaves in any shape: (usual, raw)."""
    second = User.objects.filter(email="second@example.org").first() or person("Second", Role.ANALYSTS)
    raw = approved(place, analyst, second)
    return WORD in everything(place, analyst), WORD in everything(place, analyst, raw)


def escalated(row: Contribution, by: User) -> None:
    moderation.escalate(row, by=by)


WAYS: dict[str, Any] = {
    "released": (lambda row, by: moderation.release(row, by=by), "", (True, True)),
    "waiting": (lambda row, by: None, "waiting", (False, False)),
    "refused": (lambda row, by: moderation.refuse(row, rule(), by=by), "refused", (False, True)),
    "safeguarding": (escalated, "waiting", (False, False)),
    "taken back": (lambda row, by: withdraw(row.receipt), "taken-back", (False, False)),
    "erased": (lambda row, by: erase(row), "taken-back", (False, False)),
}


@pytest.mark.parametrize("way", WAYS)
def test_p3_words_leave_by_their_state(place: Engagement, moderator: User, analyst: User, way: str) -> None:
    do, why, wanted = WAYS[way]
    row = said(answered(place, TEXT))
    do(row, moderator)
    found = row_of(row)
    assert (found["left_out"], WORD in found["answer_in_words"]) == (why, wanted[0])
    assert leaves(place, analyst) == wanted


def test_words_hidden_with_what_they_answer_leave_raw_alone(
    place: Engagement, moderator: User, analyst: User
) -> None:
    row = released(place, TEXT, moderator)
    move(row, State.HIDDEN, by=moderator)
    assert row_of(row)["left_out"] == "hidden" and leaves(place, analyst) == (False, True)


def test_saf_2_what_was_passed_on_looks_like_any_that_waits(place: Engagement, moderator: User) -> None:
    waiting = said(answered(place, "Some words."))
    passed_on = released(place, "Some words.", moderator)
    redacted(passed_on, "words", moderator)
    escalated(passed_on, moderator)
    for raw in (False, True):
        alike = [
            {
                name: cell
                for name, cell in row_of(row, raw=raw).items()
                if name not in ("response", "reference")
            }
            for row in (waiting, passed_on)
        ]
        assert alike[0] == alike[1]
    for row in rows(place, "responses") + rows(place, "responses", raw=True):
        assert row["q-feel left out"] == "waiting" and not row["q-feel"] and not row["topics"]


def test_saf_2_what_was_passed_on_and_is_wanted_back_looks_taken_back(
    place: Engagement, moderator: User
) -> None:
    row = said(answered(place, TEXT, group=making.group("parents"), chosen={"when": ["p7"]}))
    escalated(row, moderator)
    assert withdraw(row.receipt) == 0  # it is kept for the case
    found = rows(place)
    assert [one["left_out"] for one in found] == ["taken-back"] and not found[0]["group"]


def test_saf_2_words_of_a_case_from_before_some_were_removed_never_leave(
    place: Engagement, moderator: User, safeguarding_lead: User, analyst: User
) -> None:
    row = said(answered(place, TEXT))
    case = moderation.escalate(row, by=moderator)
    Engagement.objects.filter(pk=place.pk).update(safeguarding_lead=safeguarding_lead)
    case = SafeguardingCase.objects.get(pk=case.pk)
    moderation.close_case(case, "Spoken to.", by=safeguarding_lead)
    row.refresh_from_db()
    if row.state == State.ESCALATED:
        move(row, State.HELD, by=safeguarding_lead)
    row.refresh_from_db()
    redacted(row, WORD, moderator)
    found = row_of(row, raw=True)
    assert "[removed]" in found["answer_in_words"] and not found["before"] and not found["why_changed"]
    assert leaves(place, analyst) == (False, False)


def test_gdp_2_of_a_response_that_was_taken_back_nothing_leaves_but_that_it_came(
    place: Engagement, moderator: User
) -> None:
    receipt = answered(place, TEXT, chosen={"when": ["p7"]}, **WHO)
    silent = answered(place, "", chosen={"when": ["p6"]})
    for one in (receipt, silent):
        withdraw(one)
    for raw in (False, True):
        for shape in ("answers", "responses"):
            found = rows(place, shape, raw=raw)
            assert len(found) == 2
            kept = ("response", "received", "channel", "left_out", "reference", "number", "question")
            kept += ("question_in_words", "state", "q-feel left out")
            for row in found:
                assert row["left_out"] == "taken-back"
                assert not [name for name, cell in row.items() if cell and name not in kept]


def test_one_text_that_was_taken_back_takes_the_choices_beside_it_nowhere(place: Engagement) -> None:
    receipt = answered(place, TEXT, chosen={"when": ["p7"]})
    assert take_back(said(receipt))
    found = {row["question"]: row for row in rows(place)}
    assert found["when"]["answer"] == "p7" and found["when"]["group"] == "parents"
    assert found["feel"]["left_out"] == "taken-back" and not found["feel"]["answer_in_words"]


def test_words_that_were_removed_leave_raw_alone_with_the_reason(
    place: Engagement, moderator: User, analyst: User
) -> None:
    row = released(place, TEXT, moderator)
    redacted(row, WORD, moderator, why="It names a teacher.")
    usual, raw = row_of(row), row_of(row, raw=True)
    assert "[removed]" in usual["answer_in_words"] and "before" not in usual
    assert (raw["before"], raw["why_changed"]) == (TEXT, "It names a teacher.")
    assert leaves(place, analyst) == (False, True)
    assert "names a teacher" not in everything(place, analyst)


def test_what_an_author_changed_is_gone_for_everyone(
    place: Engagement, moderator: User, analyst: User
) -> None:
    from collaborative.contributions.actions import add_wording

    row = released(place, TEXT, moderator)
    add_wording(row, "edited", "I would say nothing.", by=None)
    assert leaves(place, analyst) == (False, False)


def test_words_removed_after_they_were_sorted_do_not_leave_with_the_passage(
    place: Engagement, moderator: User, analyst: User
) -> None:
    row = released(place, TEXT, moderator)
    coding = sorted_under(row, theme(analyst), 8, 24, analyst, stance="for")
    found = rows(place, "topics")
    assert [(one["topic"], one["stance"], one["passage"]) for one in found] == [("T1", "for", TEXT[8:24])]
    assert found[0]["sorted_by"] == "Anil" and found[0]["topic_wording"] == "1" and found[0]["sorted_at"]
    redacted(row, WORD, moderator)
    found = rows(place, "topics")
    assert (found[0]["passage"], found[0]["left_out"]) == ("", "changed")
    from collaborative.analysis.actions import retract

    assert row_of(row)["topics"] == "T1"
    retract(coding, by=analyst)
    assert not rows(place, "topics") and not row_of(row)["topics"]


@pytest.mark.parametrize("permission", Permission.values)
def test_rif_2_the_permission_stands_in_every_row_of_every_shape(
    place: Engagement, moderator: User, analyst: User, permission: str
) -> None:
    row = released(place, TEXT, moderator, permission=permission, **WHO)
    sorted_under(row, theme(analyst), 0, 7, analyst)
    for shape in ("answers", "responses", "topics"):
        for found in rows(place, shape):
            assert found["permission"] == permission
            assert found["permission_in_words"] == Permission(permission).label
    usual = everything(place, analyst)
    assert WORD in usual  # RIF-3: it is analysed, whatever its permission
    assert "Canary-Name" not in usual and "canary.example" not in usual


def test_rif_1_who_answered_leaves_raw_alone_and_the_address_where_we_may_write(
    place: Engagement, moderator: User
) -> None:
    yes = released(place, TEXT, moderator, **WHO)
    no = released(place, TEXT, moderator, **{**WHO, "recontact": False})
    found = [row_of(row, raw=True) for row in (yes, no)]
    assert [one["name"] for one in found] == ["Nan Canary-Name"] * 2
    assert [one["email"] for one in found] == ["nan@canary.example", ""]
    assert not {"name", "organisation", "recontact", "email"} & set(row_of(yes))


@pytest.mark.parametrize("why", Exclusion.values)
def test_ana_2_what_is_left_out_of_the_analysis_is_there_with_its_reason(
    place: Engagement, moderator: User, analyst: User, why: str
) -> None:
    row = released(place, TEXT, moderator)
    exclude(row.receipt, why, by=analyst)
    assert row_of(row)["excluded"] == why


def test_ana_3_a_campaign_is_named_with_what_counts_once(
    place: Engagement, moderator: User, analyst: User
) -> None:
    from collaborative.analysis.actions import confirm_campaign

    same, other = (released(place, TEXT, moderator) for _turn in range(2))
    confirm_campaign(place, "One text", identical=[same.receipt], varied=[other.receipt], by=analyst)
    found = [(row["campaign"], row["campaign_copy"]) for row in rows(place, "responses")]
    assert found == [("One text", "identical"), ("One text", "varied")]


# Under 16 -----------------------------------------------------------------------------------------

TELLING = [
    "Ring me on 07700 900123.",
    "write to jo.smith@example.org",
    "I am @jo_smith there",
    "My name is Jo and I like it.",
    "im fine, my name's jo",
    "I am called Jo.",
    "I go to Inverallan High School on the bus.",
    "we are at EH12 9DN",
]
HARMLESS = [
    "I go to high school by bus and it is slow.",
    "In P7 2nd term is too late, S1 3rd week too.",
    "Nobody asked me my opinion. It should not have a silly name.",
    "I live in a small place and there is one bus.",
]


@pytest.mark.parametrize("words", TELLING)
def test_kc_9_words_of_the_young_that_may_tell_who_they_are_stay(
    place: Engagement, moderator: User, analyst: User, words: str
) -> None:
    young = released(place, f"{words} {WORD}", moderator, age_band="13-15")
    found = row_of(young)
    assert (found["left_out"], found["answer_in_words"]) == ("identifying", "")
    assert leaves(place, analyst) == (False, False)
    assert row_of(released(place, words, moderator))["answer_in_words"] == words  # of an adult


@pytest.mark.parametrize("words", HARMLESS)
def test_kc_9_other_words_of_the_young_are_heard(place: Engagement, moderator: User, words: str) -> None:
    assert row_of(released(place, words, moderator, age_band="12"))["answer_in_words"] == words


@pytest.mark.parametrize("band", sorted(HANDLED_AS_UNDER_16))
def test_kc_9_a_mark_of_screening_keeps_words_of_the_young_until_a_person_takes_some_out(
    place: Engagement, moderator: User, band: str
) -> None:
    row = said(answered(place, "Ask Dan about it.", age_band=band))
    received(row, [Flag.CONTACT])
    moderation.release(row, by=moderator)
    assert row_of(row)["left_out"] == "identifying"
    redacted(row, "Dan", moderator)
    found = row_of(row, raw=True)
    assert found["answer_in_words"] == "Ask [removed] about it." and not found["before"]


def test_kc_9_words_that_staff_look_out_for_keep_it_too(place: Engagement, moderator: User) -> None:
    row = released(place, "Mx Rae helped me.", moderator, age_band="13-15")
    assert row_of(row)["left_out"] == ""
    WatchedWord.objects.create(text="mx rae*", about="contact")
    assert row_of(row)["left_out"] == "identifying"


def test_kc_9_nothing_of_the_kind_leaves_with_a_passage(
    place: Engagement, moderator: User, analyst: User
) -> None:
    row = released(place, f"My name is Jo. {WORD}", moderator, age_band="13-15")
    sorted_under(row, theme(analyst), 0, 25, analyst)
    ((_name, passage),) = [("passage", one["passage"]) for one in rows(place, "topics", raw=True)]
    assert not passage and leaves(place, analyst) == (False, False)


def test_raw_adds_nothing_about_anyone_under_16(place: Engagement, moderator: User) -> None:
    row = said(answered(place, TEXT, age_band="13-15", organisation="Inverallan High"))
    moderation.refuse(row, rule(), by=moderator)
    other = released(place, "Ask Dan about it.", moderator, age_band="12")
    redacted(other, "Dan", moderator)
    for one in (row, other):
        usual, raw = row_of(one), row_of(one, raw=True)
        assert usual == {name: cell for name, cell in raw.items() if name in usual}
        assert not any(cell for name, cell in raw.items() if name not in usual)


# Shapes -------------------------------------------------------------------------------------------


def test_choices_leave_in_keys_and_in_the_words_that_were_offered(place: Engagement, moderator: User) -> None:
    chosen = {"when": ["p7"], "who": ["p6", "s1"], "promises": ["s1", "p6", "p7"]}
    receipt = answered(place, TEXT, chosen=chosen)
    moderation.release(said(receipt), by=moderator)
    found = {row["question"]: row for row in rows(place)}
    assert (found["who"]["answer"], found["who"]["answer_in_words"]) == ("p6; s1", "In P6; In S1")
    assert found["promises"]["answer"] == "s1; p6; p7" and found["feel"]["answer_in_words"] == TEXT
    assert found["when"]["number"] == "1" and not found["when"]["left_out"]
    (whole,) = rows(place, "responses")
    assert (whole["q-who"], whole["q-who in words"], whole["q-feel"]) == ("p6; s1", "In P6; In S1", TEXT)
    assert whole["response"] == f"R-{receipt.pk}" == found["who"]["response"]
    assert (whole["channel"], whole["edition"], whole["group"], whole["age_band"]) == (
        "web",
        "standard",
        "parents",
        "26-plus",
    )


def test_what_answers_no_question_has_its_own_column(place: Engagement, moderator: User) -> None:
    for key in ("_letter", "stage-1"):
        row = said(answered(place, f"Words to {key}.", key=key))
        moderation.release(row, by=moderator)
    first, second = rows(place, "responses")
    assert first["letter"] == "Words to _letter." and second["stage-1"] == "Words to stage-1."


def test_neither_code_nor_class_nor_account_leaves(place: Engagement, moderator: User, analyst: User) -> None:
    row = released(place, TEXT, moderator, **WHO)
    second = person("Second", Role.ANALYSTS)
    whole = everything(place, analyst, approved(place, analyst, second)) + everything(place, analyst)
    receipt = row.receipt
    assert receipt.code_hash not in whole and "created_at" not in whole
    assert {one.raw_id is None for one in Export.objects.all()} == {True, False}


def test_rif_6_what_is_kept_off_the_page_leaves_with_a_word_that_says_so(
    place: Engagement, moderator: User, analyst: User
) -> None:
    row = released(place, TEXT, moderator)
    assert row_of(row)["state"] == "released"
    moderation.withhold(row, "It names a firm.", by=moderator)
    found = row_of(row)
    assert (found["state"], found["left_out"], found["answer_in_words"]) == ("withheld", "", TEXT)
    assert "Do not quote it." in everything(place, analyst)
