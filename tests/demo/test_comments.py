"""The comments of the demonstration set, as data: they hang together and lead to nobody."""

import re

from tests.demo.content import CLAUSES, ENGAGEMENTS, GROUPS, USERS, read, strings

DATA = read("collaborative/threads/demo_data/comments.toml")
VOICES = {voice["n"]: voice for voice in DATA["voice"]}
COMMENTS = {comment["n"]: comment for comment in DATA["comment"]}


def test_the_thread_hangs_on_a_sentence_and_an_open_consultation() -> None:
    thread = DATA["thread"]
    assert CLAUSES[thread["clause"]]["name"] == "Same door, wherever I am"
    where = ENGAGEMENTS[thread["engagement"]]
    assert where["opens"] < thread["day"] < min(comment["day"] for comment in COMMENTS.values())
    assert where["closes"] > 0
    assert "editors" in USERS[thread["by"]]["roles"]


def test_a_dozen_stand_there_one_is_official_and_some_wait() -> None:
    people = [comment for comment in COMMENTS.values() if "voice" in comment]
    assert [comment["state"] for comment in people].count("released") == 12
    assert [comment["state"] for comment in people].count("held") >= 1
    official = [comment for comment in COMMENTS.values() if "by" in comment]
    assert len(official) == 1 and "board" in USERS[official[0]["by"]]["roles"]


def test_replies_answer_earlier_comments_one_level_deep_and_nobody_under_18() -> None:
    for comment in COMMENTS.values():
        if "under" in comment:
            parent = COMMENTS[comment["under"]]
            assert "under" not in parent and parent["day"] <= comment["day"] and parent["n"] < comment["n"]
            assert VOICES[parent["voice"]]["age_band"] in {"18-25", "26-plus"}


def test_voices_speak_and_keep_the_rules() -> None:
    assert {comment["voice"] for comment in COMMENTS.values() if "voice" in comment} == set(VOICES)
    for voice in VOICES.values():
        assert voice["group"] in GROUPS
        assert bool(voice.get("name")) == (voice["permission"] == "named")
        assert voice["age_band"] in {"18-25", "26-plus"} or voice["permission"] == "anonymous"
        assert "user" not in voice or voice["user"] in USERS
    names = [voice["name"] for voice in VOICES.values() if "name" in voice]
    assert len(set(names)) == len(names)


def test_nothing_that_stands_there_leads_to_a_person() -> None:
    """What waits may show what checking is for, with an address that nobody can have."""
    for comment in COMMENTS.values():
        for where, text in strings(comment):
            found = re.search(r"@|https?:|\d{4,}", text)
            assert not found or (comment.get("state") == "held" and ".example" in text), (where, text)
