"""The moderators' desk of the demonstration set: flags on what waits, and a second look to take."""

import re
from typing import Any

from collaborative.contributions.models import Contribution
from collaborative.moderation.models import Appeal, Flag, HandOver
from collaborative.people.models import User
from tests.demo.content import DATA, USERS
from tests.demo.test_load_demo import demonstration  # noqa: F401

COMMENTS = DATA["comments"]["comment"]
DESK = DATA["desk"]


def test_the_words_to_look_out_for_and_the_note_are_of_the_set() -> None:
    assert {word["about"] for word in DESK["word"]} == {"safety", "unkind", "contact"}
    writer = next(user for user in USERS.values() if user["first"] == DESK["note"]["by"])
    assert writer["roles"] == ["moderators"]


def test_kc_6_what_was_refused_names_a_rule_of_the_set() -> None:
    numbers = {rule["number"] for rule in DATA["house_rules"]["rule"]}
    refused = [comment for comment in COMMENTS if comment.get("state") == "refused"]
    assert refused and all(comment["rule"] in numbers for comment in refused)


def test_the_addresses_to_find_are_nobodys() -> None:
    waiting = " ".join(comment["text"] for comment in COMMENTS if comment.get("state") == "held")
    assert re.findall(r"\S+@\S+?(?=,)", waiting) == ["four.moves@porch.example"]
    assert re.findall(r"www\.\S+?/", waiting) == ["www.linklater-moss.example/"]


def test_once_loaded_the_queue_has_flags_a_second_look_and_a_note(demonstration: Any) -> None:  # noqa: F811
    held = Contribution.objects.held().prefetch_related("flags")
    flags = {one.flag for row in held for one in row.flags.all()}
    assert {Flag.CONTACT, Flag.LINK} <= flags
    assert held[0].priority > 0
    appeal = Appeal.objects.open().get()
    assert appeal.against.by == User.objects.get(first_name="Nadia")
    assert HandOver.objects.get().by == User.objects.get(first_name="Struan")
