"""The classes of the demonstration set, as data: one at work, one that waits, plainly made up."""

from tests.demo.content import ENGAGEMENTS, read

CLASSES = {row["key"]: row for row in read("collaborative/consultations/demo_data/classes.toml")["class"]}


def test_one_class_is_at_work_on_the_day_of_loading_and_one_is_still_to_come() -> None:
    leads, waits = CLASSES["leads"], CLASSES["waits"]
    assert leads["opens"][0] < 0 < leads["closes"][0]
    assert 0 < waits["opens"][0] <= waits["closes"][0]
    assert set(CLASSES) == {"leads", "waits"}


def test_both_are_within_the_open_consultation() -> None:
    where = ENGAGEMENTS["starting-the-conversation-in-p7"]
    for row in CLASSES.values():
        assert where["opens"] < row["opens"][0] <= row["closes"][0] < where["closes"]


def test_nobody_can_take_a_class_of_the_set_for_a_real_one() -> None:
    for row in CLASSES.values():
        assert "made up" in row["school"]
        assert "Made-up" in row["contact_name"]
        assert row["email"].endswith(".example")
        assert not any(letter.isdigit() for letter in row["contact_how"])
