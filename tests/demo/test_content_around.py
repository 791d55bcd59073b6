"""The demonstration consultations, workshops, people, rules and pages, and the words of all of them."""

import re

import pytest

from collaborative.contributions.actions import PRIVACY_VERSION
from collaborative.demonstration import notice
from tests.demo.content import (
    CLAUSES,
    CONSULTATIONS,
    DATA,
    DECISIONS,
    ENGAGEMENTS,
    GROUPS,
    RECOMMENDATIONS,
    SESSIONS,
    SIX,
    USERS,
    plan_at,
    strings,
)

# -------------------------------------------------------------------------------- consultations


def test_the_questions_of_the_consultations_have_their_agreed_keys() -> None:
    found = {
        slug: {q["key"]: [o["key"] for o in q["options"]] for q in consultation["question"]}
        for slug, consultation in CONSULTATIONS.items()
    }
    scale = ["5", "4", "3", "2", "1", "no-view"]
    first = found["starting-the-conversation-in-p7"]
    assert first == {
        "when": ["p6", "p7", "s1", "more-than-one", "not-sure"],
        "who": [
            "class-teacher",
            "careers-adviser",
            "youth-worker",
            "someone-at-home",
            "older-pupil",
            "other",
        ],
        "never_feel": [],
        "agree": scale,
        "stop_help": [],
        "anything_else": [],
    }
    second = found["fair-tastes-of-work"]
    assert second == {
        "promises": ["plan", "named-person", "real-task", "travel", "adjustments", "feedback"],
        "size": [],
        "badge": ["yes", "no", "depends"],
        "how_say": ["private-form", "talk-to-teacher", "app", "paper-card", "phone-call", "not-sure"],
        "one_thing": [],
    }
    third = found["how-will-we-know"]
    assert list(third) == ["matters", "going_well", "worry", "how_often"]
    assert third["matters"] == [f"O{n}" for n in range(1, 9)]


def test_the_eight_outcomes_are_offered_under_the_names_they_have_in_the_plan() -> None:
    matters = CONSULTATIONS["how-will-we-know"]["question"][0]
    plan = plan_at(3)
    assert {o["key"]: o["label"] for o in matters["options"]} == {
        ref: plan[ref]["name"] for ref in plan if ref.startswith("O")
    }
    assert matters["max_choices"] == 3


def test_every_question_has_its_three_readings_and_every_option_two() -> None:
    for slug, consultation in CONSULTATIONS.items():
        for question in consultation["question"]:
            assert question["text"] and question["young"] and question["easy_read"], (
                slug,
                question["key"],
            )
            assert bool(question["options"]) == (question["type"] != "text"), (slug, question["key"])
            assert all(o["label"] and o["young"] for o in question["options"]), (slug, question["key"])
            assert bool(question["why_label"]) == question["ask_why"], (slug, question["key"])


def test_con_3_a_consultation_shorter_than_twelve_weeks_says_why() -> None:
    lengths = {slug: c["closes"] - c["opens"] for slug, c in CONSULTATIONS.items()}
    assert lengths == {
        "starting-the-conversation-in-p7": 84,
        "fair-tastes-of-work": 56,
        "how-will-we-know": 84,
    }
    for slug, consultation in CONSULTATIONS.items():
        assert bool(consultation["short_reason"]) == (lengths[slug] < 84), slug


@pytest.mark.parametrize("slug", list(ENGAGEMENTS))
def test_par_1_saf_1_lun_1_nothing_opens_without_what_can_change_who_decides_and_who_keeps_watch(
    slug: str,
) -> None:
    engagement = ENGAGEMENTS[slug]
    assert engagement["can_change"] and engagement["cannot_change"] and engagement["who_decides"]
    assert engagement["decides_by"] > engagement.get("closes", engagement.get("day"))
    assert set(engagement["audiences"]) <= SIX
    assert engagement["invites_under_18"] is True
    assert engagement["safeguarding_lead"] in USERS and engagement["deputy"] in USERS
    assert engagement["safeguarding_lead"] != engagement["deputy"]
    assert engagement["cover_hours"]
    assert set(engagement["lundy"]) == {"space", "voice", "audience", "influence"}
    assert all(engagement["lundy"].values())


def test_fbk_1_lun_2_the_closed_consultation_was_answered_inside_twelve_weeks_also_for_children() -> None:
    consultation = CONSULTATIONS["fair-tastes-of-work"]
    feedback = consultation["feedback"]
    assert feedback["day"] == -12 and feedback["day"] - consultation["closes"] <= 84
    for field in ("we_asked", "you_said", "we_did", "young_feedback"):
        assert feedback[field], field
    assert set(feedback["decisions"]) <= set(DECISIONS)
    assert all(DECISIONS[slug]["day"] < feedback["day"] for slug in feedback["decisions"])


def test_the_answer_to_the_closed_consultation_types_no_figure_from_the_record() -> None:
    for where, text in strings(CONSULTATIONS["fair-tastes-of-work"]["feedback"]):
        plain = re.sub(r"(?i)(decisions?[- ]\d( and \d)?|principle \d)", "", text)
        assert not re.search(r"\d", plain), (where, text)


# -------------------------------------------------------------------------------- workshops


def test_the_stages_of_every_workshop_fill_its_time_without_gap_or_overlap() -> None:
    assert {s: w["minutes"] for s, w in SESSIONS.items()} == {
        "same-door-on-every-island": 120,
        "employers-and-s3": 90,
        "reading-our-numbers": 75,
    }
    assert [w["day"] for w in SESSIONS.values()] == [-34, 0, 28]
    for slug, session in SESSIONS.items():
        clock = 0
        for stage in session["stage"]:
            assert stage["at"] == clock, (slug, stage["title"])
            assert stage["kind"] in {"talk", "discussion", "board", "poll", "break"}, slug
            clock += stage["minutes"]
        assert clock == session["minutes"], slug


def test_par_2_every_workshop_states_access_and_expenses_and_links_to_the_plan() -> None:
    numbers = {recommendation["number"] for recommendation in RECOMMENDATIONS}
    for slug, session in SESSIONS.items():
        assert session["access"] and session["expenses"] and session["about"], slug
        assert session["facilitator"] in USERS, slug
        assert set(session["clauses"]) <= set(CLAUSES), slug
        assert set(session["recommendations"]) <= numbers, slug
    assert SESSIONS["same-door-on-every-island"]["attended"] == 26


# -------------------------------------------------------------------------------- people


def test_grp_1_the_six_groups_stand_first_and_the_rest_belong_to_young_people() -> None:
    assert {slug for slug, group in GROUPS.items() if not group["parent"]} == SIX
    for slug, group in GROUPS.items():
        assert group["kind"] in {"role", "place", "experience", "interest"}, slug
        assert group["sensitive"] is (group["parent"] == "young-people"), slug
    assert len(GROUPS) == 12


def test_every_login_is_one_of_a_kind_and_every_role_but_the_secretary_has_somebody() -> None:
    first_names = [user["first"].lower() for user in USERS.values()]
    assert len(set(first_names)) == len(first_names) == 15
    roles = {
        "editors",
        "board",
        "analysts",
        "moderators",
        "safeguarding",
        "facilitators",
        "administrators",
    }
    assert {role for user in USERS.values() for role in user["roles"]} == roles


def test_those_who_lead_and_keep_watch_can_sign_in_with_the_role_for_it() -> None:
    for slug, engagement in ENGAGEMENTS.items():
        for field in ("safeguarding_lead", "deputy"):
            assert "safeguarding" in USERS[engagement[field]]["roles"], slug
    for consultation in CONSULTATIONS.values():
        assert consultation["lead"] in USERS


def test_everyone_named_as_an_owner_of_a_step_is_known() -> None:
    known = set(USERS) | {seat["holder"] for seat in DATA["people"]["seat"]}
    for recommendation in RECOMMENDATIONS:
        for step in recommendation["next_steps"]:
            assert step["owner"] in known, (recommendation["slug"], step["owner"])


def test_board_members_who_sign_in_hold_a_seat() -> None:
    holders = {seat["holder"] for seat in DATA["people"]["seat"]}
    assert {name for name, user in USERS.items() if "board" in user["roles"]} <= holders


# -------------------------------------------------------------------------------- rules, help and pages


def test_the_house_rules_are_numbered_and_refuse_kindly() -> None:
    rules = DATA["house_rules"]["rule"]
    assert [rule["number"] for rule in rules] == list(range(1, len(rules) + 1))
    assert 6 <= len(rules) <= 8
    for rule in rules:
        assert rule["title"] and rule["text"] and len(rule["kind_reason"].split()) >= 15, rule["number"]


def test_saf_2_what_was_done_about_the_concern_is_by_those_named_and_gives_no_name() -> None:
    notes = DATA["safety"]["note"]
    assert [note["after"] for note in notes] == sorted(note["after"] for note in notes)
    assert {note["by"] for note in notes} == {"Gregor Haig", "Lewis Tan"}
    assert DATA["safety"]["cover_times"] and DATA["safety"]["out_of_hours"].strip()


def test_saf_1_the_contacts_are_dated_and_give_no_number_but_the_emergency_one() -> None:
    contacts = DATA["contacts"]["contact"]
    assert [contact["order"] for contact in contacts] == list(range(1, len(contacts) + 1))
    assert "999" in contacts[0]["how"]
    for contact in contacts:
        assert contact["checked_day"] <= 0 and contact["hours"] and contact["what_for"]
    for where, text in strings(DATA):
        assert not re.search(r"\b(?!999\b)\d{3,}[ \d]{3,}\b|\b0\d{3,}\b", text), (where, text)


def test_the_pages_that_the_site_needs_are_there() -> None:
    pages = {page["slug"]: page for page in DATA["pages"]["page"]}
    assert len(pages) == len(DATA["pages"]["page"])
    for slug in (
        "home",
        "about",
        "accessibility",
        "privacy",
        "privacy-young",
        "house-rules",
        "help",
        "something-is-wrong",
        "with-an-adult",
    ):
        assert slug in pages, slug
    for slug, page in pages.items():
        assert page["title"] and page["intro"], slug
        for item in page["body"]:
            assert item["heading"] and (item["paragraphs"] or item["bullets"]), (slug, item["heading"])
    news = [page for page in pages.values() if page["kind"] == "news"]
    assert len(news) == 2 and all(page["day"] < 0 for page in news)


def test_rif_5_both_privacy_notices_name_the_freedom_of_information_act_and_the_lack_of_a_birth_date() -> (
    None
):
    pages = {page["slug"]: page for page in DATA["pages"]["page"]}
    for slug in ("privacy", "privacy-young"):
        text = " ".join(text for _, text in strings(pages[slug]))
        assert "Freedom of Information (Scotland) Act 2002" in text, slug
        assert "date of birth" in text and "public task" in text, slug


def test_rif_1_the_notice_says_which_version_it_is_and_every_earlier_one_is_there() -> None:
    pages = {page["slug"]: page for page in DATA["pages"]["page"]}
    assert f"This is version {PRIVACY_VERSION}." in pages["privacy"]["intro"]
    for number in range(1, int(PRIVACY_VERSION)):
        assert f"version {number}" in pages[f"privacy-{number}"]["title"]
    assert notice(0) == PRIVACY_VERSION


@pytest.mark.parametrize("what", ["file", "comment", "workshop", "calendar", "class", "copy", "cookie"])
def test_kc_4_the_notice_speaks_of_everything_that_is_asked_for(what: str) -> None:
    pages = {page["slug"]: page for page in DATA["pages"]["page"]}
    said = " ".join(text for _, text in strings(pages["privacy"])).lower()
    assert what in said


# -------------------------------------------------------------------------------- words and days

BANNED = re.compile(
    r"\b(contributions?|engagements?|clauses?|dispositions?|codings?|themes?|flow|ledger|suppress(?:ed|ion)?|"
    r"suspect|held|target operating model)\b",
    re.IGNORECASE,
)


def test_no_text_uses_a_word_that_the_public_never_sees() -> None:
    assert BANNED.search("Your contribution was held")
    names = re.compile(r"\.(kind|state|clause|theme|themes|engagement|engagements)(\[\d+\])?$")
    for name, data in DATA.items():
        for where, text in strings(data, name):
            if not names.search(where):
                assert not BANNED.search(text), (where, BANNED.search(text))


def test_no_text_gives_a_date_that_would_grow_old() -> None:
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    dated = re.compile(
        rf"\b\d{{1,2}} (?:{months})\b|\b(?:{months}) (?:19|20)\d\d\b|(?<!Act )(?<!Regulations )\b20\d\d\b"
    )
    for name, data in DATA.items():
        for where, text in strings(data, name):
            assert not dated.search(text), (where, text)


def test_sentences_are_short_enough_to_read_at_twelve() -> None:
    """Half of the sentences of each file have at most 16 words, and none has more than 40."""
    for name, data in DATA.items():
        lengths = []
        for where, text in strings(data, name):
            for sentence in re.split(r"(?<=[.?!])[”']?\s+", text):
                words = len(sentence.split())
                assert words <= 40, (where, sentence)
                if words > 2:
                    lengths.append(words)
        assert sorted(lengths)[len(lengths) // 2] <= 16, name
