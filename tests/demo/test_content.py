"""The demonstration plan, topics, decisions and recommendations add up, and every reference resolves.

A mistake in a text is found here before anything is loaded.
"""

import re
from collections import Counter

from tests.demo.content import (
    ASSESSMENTS,
    CLAUSES,
    DATA,
    DECISIONS,
    ENGAGEMENTS,
    EVIDENCE,
    MODEL,
    PARTS,
    RECOMMENDATIONS,
    THEMES,
    plan_at,
    strings,
)

# -------------------------------------------------------------------------------- the plan


def test_the_plan_has_a_vision_a_how_eight_principles_and_eight_outcomes() -> None:
    kinds = Counter(clause["kind"] for clause in MODEL["clause"])
    assert kinds == {"vision": 1, "how": 1, "principle": 8, "outcome": 8}
    wanted = {"V", "H", *(f"P{n}" for n in range(1, 9)), *(f"O{n}" for n in range(1, 9))}
    assert set(CLAUSES) == wanted


def test_every_wording_has_the_parts_of_its_kind_and_none_is_empty() -> None:
    for wording in [*MODEL["wording"], *MODEL["draft"]["wording"]]:
        kind = CLAUSES[wording["ref"]]["kind"]
        assert set(wording["parts"]) == PARTS[kind], (wording["version"], wording["ref"])
        assert all(wording["parts"].values()), (wording["version"], wording["ref"])


def test_versions_follow_each_other_in_time_and_the_full_set_comes_with_version_two() -> None:
    days = [version["approved_day"] for version in MODEL["version"]]
    assert days == [-540, -200, -18]
    assert [version["number"] for version in MODEL["version"]] == [1, 2, 3]
    assert MODEL["draft"]["number"] == 4 and MODEL["draft"]["day"] == -10
    assert len(plan_at(1)) == 13
    assert set(plan_at(2)) == set(CLAUSES)


def test_a_wording_is_called_added_the_first_time_and_changed_only_when_it_differs() -> None:
    now: dict[str, dict[str, str]] = {}
    for wording in [*MODEL["wording"], *MODEL["draft"]["wording"]]:
        ref = wording["ref"]
        if wording["change"] == "added":
            assert ref not in now, ref
        else:
            assert wording["change"] == "changed" and now[ref] != wording["parts"], ref
        now[ref] = wording["parts"]


def test_no_reason_is_given_twice_and_each_says_something() -> None:
    reasons = [wording["reason"] for wording in [*MODEL["wording"], *MODEL["draft"]["wording"]]]
    assert len(set(reasons)) == len(reasons)
    assert min(len(reason.split()) for reason in reasons) >= 10


def test_tom_3_every_change_of_version_three_names_its_decision_or_is_editorial() -> None:
    third = [wording for wording in MODEL["wording"] if wording["version"] == 3]
    assert {w["ref"]: w["decision"] for w in third} == {
        "H": "decision-7",
        "P3": "decision-2",
        "P5": "decision-3",
        "P6": "",
        "O4": "decision-6",
        "O8": "decision-7",
    }
    for wording in third:
        assert wording["editorial"] == (wording["ref"] == "P6")
        assert wording["editorial"] or wording["decision"] in DECISIONS


def test_version_three_changes_exactly_the_sentences_that_people_changed() -> None:
    before, after = plan_at(2), plan_at(3)
    changed = {
        (ref, part): (before[ref][part], after[ref][part])
        for ref in CLAUSES
        for part in after[ref]
        if before[ref][part] != after[ref][part]
    }
    assert changed == {
        ("H", "statement"): (
            "We plan together, try things with the people they are for, and keep what helps.",
            "We plan together, try things with the people they are for, keep what helps, "
            "and say openly what we dropped and why.",
        ),
        ("P3", "statement"): (
            "Moving from the island didn't mean starting again.",
            "Moving from the island didn't mean starting again and there was one number to ring.",
        ),
        ("P5", "statement"): (
            "Someone had thought about people like me.",
            "Someone had thought about people like me and nobody had to pay first and wait.",
        ),
        ("P6", "statement"): ("I knew her from the youthclub.", "I knew her from the youth club."),
        ("O4", "parent_carer"): (
            "I knew who to call.",
            "I knew who to call, and I could do it on paper or by phone.",
        ),
        ("O8", "young_person"): (
            "I can see what changed because I spoke up.",
            "Inside twelve weeks I can see what changed because I spoke up, or why it did not.",
        ),
    }


# -------------------------------------------------------------------------------- topics


def test_there_are_twelve_topics_each_with_what_a_sorter_needs() -> None:
    assert list(THEMES) == [f"T{n}" for n in range(1, 13)]
    assert len({theme["name"] for theme in THEMES.values()}) == 12
    for theme in THEMES.values():
        assert theme["definition"] and theme["includes"] and theme["example"], theme["code"]
        assert theme["parent"] == "" or theme["parent"] in THEMES


def test_every_exclusion_names_another_topic_to_use() -> None:
    for code, theme in THEMES.items():
        assert theme["excludes"], code
        for line in theme["excludes"]:
            used = re.search(r"\(use (T\d+)\)$", line)
            assert used and used[1] in THEMES and used[1] != code, (code, line)


def test_the_history_of_the_topics_points_at_topics_that_exist() -> None:
    history = [(h["kind"], h["from_name"], h["to"]) for h in DATA["themes"]["history"]]
    assert history == [("merged", "Transport", "T4"), ("renamed", "Jargon", "T6")]


# -------------------------------------------------------------------------------- decisions


def test_eight_decisions_answer_exactly_the_topics_they_are_said_to() -> None:
    answers = {d["number"]: {a["theme"]: a["answer"] for a in d["answers"]} for d in DECISIONS.values()}
    assert answers == {
        1: {"T2": "adopted-in-part"},
        2: {"T7": "adopted"},
        3: {"T4": "adopted"},
        4: {"T3": "not-adopted", "T10": "adopted-in-part"},
        5: {"T6": "adopted"},
        6: {"T12": "adopted"},
        7: {"T11": "adopted"},
        8: {"T4": "later"},
    }
    answered = {theme for themes in answers.values() for theme in themes}
    assert set(THEMES) - answered == {"T1", "T5", "T8", "T9"}


def test_dec_2_every_decision_gives_reasons_both_sides_and_what_would_reopen_it() -> None:
    for slug, decision in DECISIONS.items():
        assert slug == f"decision-{decision['number']}"
        for field in ("question", "answer_sentence", "body", "why", "for_heard", "against_heard"):
            assert decision[field], (slug, field)
        assert decision["answer"] in {"yes", "partly", "no", "later"}
        assert decision["reopen_if"] and decision["changes"]
        assert all(answer["reason"] for answer in decision["answers"])
        assert all(change["reason"] for change in decision["changes"])


def test_the_votes_of_every_decision_add_up_to_the_seats_that_were_filled() -> None:
    seats = DATA["people"]["seat"]
    assert len(seats) == 11 and [s["kind"] for s in seats if not s["holder"]] == ["young-people"]
    filled = [seat for seat in seats if seat["holder"]]
    for slug, decision in DECISIONS.items():
        sitting = [seat for seat in filled if seat["from_day"] < decision["day"]]
        assert sum(decision["votes"].values()) == len(sitting) == 10, slug
        assert bool(decision.get("dissent")) == bool(decision["votes"]["against"]), slug


def test_dec_1_every_decision_came_after_what_it_rests_on_had_closed() -> None:
    expected_days = {1: -30, 2: -20, 3: -40, 4: -40, 5: -25, 6: -60, 7: -55, 8: -15}
    for slug, decision in DECISIONS.items():
        assert decision["day"] == expected_days[decision["number"]], slug
        assert decision["engagements"], slug
        for engagement in decision["engagements"]:
            source = ENGAGEMENTS[engagement]
            closed = source["closes"] if "closes" in source else source["day"]
            assert decision["interim"] is False and closed < decision["day"], (slug, engagement)


def test_the_changes_of_the_decisions_are_those_the_plan_and_the_promises_show() -> None:
    kinds = {
        d["number"]: [(c["kind"], c["ref"], c["part"]) for c in d["changes"]] for d in DECISIONS.values()
    }
    assert kinds == {
        1: [("promise", "promise-1", "")],
        2: [("clause", "P3", "statement")],
        3: [("clause", "P5", "statement")],
        4: [("nothing", "", ""), ("promise", "promise-1", "")],
        5: [("promise", "promise-1", "")],
        6: [("clause", "O4", "parent_carer")],
        7: [("clause", "H", "statement"), ("clause", "O8", "young_person")],
        8: [("nothing", "", "")],
    }
    plan = plan_at(3)
    for slug, decision in DECISIONS.items():
        for change in decision["changes"]:
            if change["kind"] == "clause":
                assert plan[change["ref"]][change["part"]] == change["intended"], slug


def test_every_promise_is_named_by_a_change_and_has_an_owner_a_day_and_a_state() -> None:
    for slug, decision in DECISIONS.items():
        promises = decision.get("promises", [])
        named = [change["ref"] for change in decision["changes"] if change["kind"] == "promise"]
        assert named == [f"promise-{n}" for n in range(1, len(promises) + 1)], slug
        for promise in promises:
            assert promise["text"] and promise["owner"] and promise["note"], slug
            assert promise["state"] in {"on-track", "at-risk", "not-started", "done"}, slug
            assert promise["due"] > decision["day"], slug


def test_decisions_name_recommendations_and_assessments_that_exist() -> None:
    numbers = {recommendation["number"] for recommendation in RECOMMENDATIONS}
    kinds: dict[int, set[str]] = {}
    for decision in DECISIONS.values():
        assert decision["recommendations"] and set(decision["recommendations"]) <= numbers
        kinds[decision["number"]] = {
            kind for slug in decision["assessments"] for kind in ASSESSMENTS[slug]["kinds"]
        }
        for slug in decision["assessments"]:
            assert ASSESSMENTS[slug]["day"] < decision["day"], slug
    assert {n: k for n, k in kinds.items() if k} == {1: {"EQIA", "CRWIA"}, 3: {"FSD"}, 4: {"CRWIA"}}


def test_sdc_1_the_prose_of_the_decisions_carries_no_count_below_five() -> None:
    small = re.compile(
        r"\b[0-4] (?:\w+ )?(?:people|person|responses?|answers?|teachers?|parents?|pupils?|members?|"
        r"employers?|hosts?|firms?|adults?|councils?|notes?|young)\b",
        re.IGNORECASE,
    )
    assert small.search("4 teachers warned") and not small.search("24 teachers warned")
    for where, text in strings(DATA["decisions"]):
        assert not small.search(text), (where, text)


def test_what_people_said_for_and_against_is_told_without_any_figure() -> None:
    for slug, decision in DECISIONS.items():
        for field in ("for_heard", "against_heard"):
            assert not re.search(r"\d", re.sub(r"\b[PS]\d\b", "", decision[field])), (slug, field)


# -------------------------------------------------------------------------------- recommendations


def test_rec_2_ten_recommendations_have_every_part() -> None:
    assert [r["number"] for r in RECOMMENDATIONS] == list(range(1, 11))
    for recommendation in RECOMMENDATIONS:
        assert recommendation["slug"] == f"recommendation-{recommendation['number']}"
        for field in ("title", "statement", "outcome_statement", "equality", "status"):
            assert recommendation[field], (recommendation["slug"], field)
        assert recommendation["why"] and recommendation["change"] and recommendation["next_steps"]
        assert recommendation["links"] and set(recommendation["links"]) <= set(CLAUSES)


def test_rec_3_each_of_the_22_pieces_of_evidence_is_cited_once() -> None:
    cited = [why["evidence"] for recommendation in RECOMMENDATIONS for why in recommendation["why"]]
    assert cited == [f"Ev-{n:02}" for n in range(1, 23)]
    assert list(EVIDENCE) == cited


def test_every_piece_of_evidence_says_how_much_it_can_bear() -> None:
    kinds = {"survey", "interview", "workshop", "desk", "lived experience"}
    for ref, evidence in EVIDENCE.items():
        assert evidence["kind"] in kinds, ref
        assert -700 <= evidence["month_day"] <= -250, ref
        assert evidence["sample"] >= 5 and evidence["sample_unit"] and evidence["limits"], ref
        assert 50 <= len(evidence["summary"].split()) <= 70, ref
        assert evidence["themes"] and set(evidence["themes"]) <= set(THEMES), ref


def test_a_reason_that_points_at_evidence_points_at_some_that_exists() -> None:
    for wording in MODEL["wording"]:
        for ref in re.findall(r"Ev-\d+", wording["reason"]):
            assert ref in EVIDENCE, wording["ref"]
