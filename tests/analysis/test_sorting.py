"""Defining topics, sorting words under them, taking that back: by the rules, whoever asks."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from collaborative.analysis.actions import apply_theme, define_theme, no_topic, retract
from collaborative.analysis.models import Coding, CodingRetraction, NoTopic, Theme, ThemeVersion
from collaborative.contributions.actions import NotPossible, exclude, move
from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.moderation.actions import release_redacted
from collaborative.people.models import User
from tests.analysis.sorting import released, sorted_under, theme
from tests.moderation.giving import said

pytestmark = pytest.mark.django_db


def test_ana_4_a_coding_says_who_when_and_under_which_wording_of_the_topic(analyst: User) -> None:
    topic = theme(analyst)
    row = released("Ask us before you decide.")
    coding = sorted_under(row, topic, 0, 6, analyst, stance="for")
    theme(analyst, definition="Worded anew")
    coding = Coding.objects.get(pk=coding.pk)
    assert (coding.coder, coding.theme_version.number, coding.stance) == (analyst, 1, "for")
    assert coding.created_at is not None
    assert topic.newest_version().number == 2


def test_ana_4_earlier_wordings_of_a_topic_stay_and_the_same_words_make_none(analyst: User) -> None:
    theme(analyst, definition="First")
    theme(analyst, definition="Second")
    theme(analyst, definition="Second")
    assert list(ThemeVersion.objects.order_by("number").values_list("number", "definition")) == [
        (1, "First"),
        (2, "Second"),
    ]


@pytest.mark.parametrize("part", ["label", "definition", "includes", "excludes", "example"])
def test_ana_4_every_part_of_a_topic_is_asked_for(analyst: User, part: str) -> None:
    parts = dict.fromkeys(["label", "definition", "includes", "excludes", "example"], "Words")
    with pytest.raises(NotPossible):
        define_theme("T1", by=analyst, **{**parts, part: "  "})
    assert not Theme.objects.exists()


def test_two_topics_never_have_one_name_and_near_names_get_addresses_of_their_own(analyst: User) -> None:
    theme(analyst, "T1", "Ask me first")
    with pytest.raises(NotPossible):
        theme(analyst, "T2", "ask me FIRST")
    theme(analyst, "T2", "Ask me, first!")
    assert sorted(Theme.objects.values_list("slug", flat=True)) == ["ask-me-first", "ask-me-first-t2"]


def test_topics_are_listed_t2_before_t10(analyst: User) -> None:
    for number in (10, 2, 1):
        theme(analyst, f"T{number}")
    assert [version.theme.code for version in ThemeVersion.objects.newest()] == ["T1", "T2", "T10"]


@pytest.mark.parametrize("state", ["held", "refused", "escalated", "withdrawn", "hidden"])
def test_saf_2_words_that_were_not_released_are_not_sorted(analyst: User, state: str) -> None:
    topic, row = theme(analyst), said()
    Contribution.objects.filter(pk=row.pk).update(state=state)
    with pytest.raises(NotPossible):
        sorted_under(row, topic, 0, 3, analyst)


def test_ana_2_words_that_are_left_out_are_not_sorted(analyst: User) -> None:
    topic, row = theme(analyst), released()
    exclude(row.receipt, "duplicate", by=analyst)
    with pytest.raises(NotPossible):
        sorted_under(row, topic, 0, 3, analyst)


def test_rif_3_words_that_may_not_be_published_are_sorted(analyst: User) -> None:
    row = released(permission="not-published")
    assert sorted_under(row, theme(analyst), 0, 3, analyst).pk


def test_rif_6_words_from_before_the_redaction_are_not_sorted_any_more(
    analyst: User, moderator: User
) -> None:
    topic, row = theme(analyst), said("Ask Dan in P7.")
    original = row.wordings.get()
    release_redacted(row, "Ask [removed] in P7.", "A name.", by=moderator)
    with pytest.raises(NotPossible):
        apply_theme(original, 4, 7, topic, by=analyst, key=uuid.uuid4().hex)
    assert sorted_under(row, topic, 0, 3, analyst).wording.number == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, 99), (3, 4)])
def test_a_passage_has_words_inside_the_text(analyst: User, start: int, end: int) -> None:
    with pytest.raises(NotPossible):
        sorted_under(released("Ask us."), theme(analyst), start, end, analyst)


def test_a_topic_that_is_out_of_use_takes_no_more_words(analyst: User) -> None:
    topic = theme(analyst)
    Theme.objects.update(retired=True)
    topic.refresh_from_db()
    with pytest.raises(NotPossible):
        sorted_under(released(), topic, 0, 3, analyst)


def test_the_same_key_or_the_same_passage_makes_one_coding(analyst: User) -> None:
    topic, row = theme(analyst), released()
    wording, key = row.wordings.get(), uuid.uuid4().hex
    one = apply_theme(wording, 0, 3, topic, by=analyst, key=key)
    assert apply_theme(wording, 0, 3, topic, by=analyst, key=key) == one
    assert apply_theme(wording, 0, 3, topic, by=analyst, key=uuid.uuid4().hex) == one
    assert apply_theme(wording, 0, 6, topic, by=analyst, key=uuid.uuid4().hex) != one
    assert apply_theme(wording, 0, 3, topic, by=analyst, key=uuid.uuid4().hex, stance="for") != one


def test_ana_4_taking_back_is_a_row_and_loses_nothing(analyst: User) -> None:
    coding = sorted_under(released(), theme(analyst), 0, 3, analyst)
    retract(coding, by=analyst)
    retract(coding, by=analyst)
    assert Coding.objects.count() == CodingRetraction.objects.count() == 1
    assert not Coding.objects.live().exists()
    assert LedgerEvent.objects.filter(verb="coding.retracted").count() == 1


def test_words_that_were_taken_back_can_be_sorted_again(analyst: User) -> None:
    topic, row = theme(analyst), released()
    retract(sorted_under(row, topic, 0, 3, analyst), by=analyst)
    sorted_under(row, topic, 0, 3, analyst)
    assert Coding.objects.live().count() == 1


@pytest.mark.parametrize(
    "cast", ["editor", "board_member", "secretary", "moderator", "safeguarding_lead", "administrator"]
)
def test_nobody_but_an_analyst_sorts(cast: str, analyst: User, request: pytest.FixtureRequest) -> None:
    user, topic, row = request.getfixturevalue(cast), theme(analyst), released()
    coding = sorted_under(row, topic, 0, 3, analyst)
    for verb in (
        lambda: sorted_under(row, topic, 0, 6, user),
        lambda: retract(coding, by=user),
        lambda: theme(user, "T9"),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert Coding.objects.live().get() == coding


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_coding_even_at_the_same_moment(analyst: User) -> None:
    topic, row = theme(analyst), released()
    wording, key = row.wordings.get(), uuid.uuid4().hex
    together, failed = threading.Barrier(2), []

    def act() -> None:
        connection.close()
        together.wait()
        try:
            apply_theme(wording, 0, 3, topic, by=analyst, key=key)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Coding.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_saf_2_words_escalated_at_the_same_moment_are_sorted_before_or_not_at_all(
    analyst: User, turn: int
) -> None:
    topic, row = theme(analyst), released()
    together, refused = threading.Barrier(2), []

    def escalate() -> None:
        connection.close()
        together.wait()
        try:
            move(row, State.ESCALATED, by=None)
        finally:
            connections.close_all()

    def sort() -> None:
        wording = Contribution.objects.get(pk=row.pk).wordings.get()
        connection.close()
        together.wait()
        try:
            apply_theme(wording, 0, 3, topic, by=analyst, key=uuid.uuid4().hex)
        except NotPossible as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=escalate), threading.Thread(target=sort)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Coding.objects.count() == 1 - len(refused)
    verbs = list(LedgerEvent.objects.order_by("pk").values_list("verb", flat=True))
    if not refused:
        assert verbs.index("coding.applied") < verbs.index("contribution.escalated")


def test_ana_2_words_without_a_topic_are_read_once_and_recorded_once(analyst: User) -> None:
    row = released("Thank you.")
    first = no_topic(row, by=analyst)
    assert no_topic(row, by=analyst) == first
    assert (first.by, first.contribution) == (analyst, row)
    assert LedgerEvent.objects.filter(verb="coding.none").count() == 1


def test_p3_only_analysts_say_that_there_is_no_topic(moderator: User) -> None:
    with pytest.raises(PermissionDenied):
        no_topic(released(), by=moderator)
    assert not NoTopic.objects.exists()


def test_saf_2_ana_2_words_that_may_not_be_sorted_are_not_read_either(analyst: User) -> None:
    left_out = released()
    exclude(left_out.receipt, "duplicate", by=analyst)
    for row in (said(), left_out):
        with pytest.raises(NotPossible):
            no_topic(row, by=analyst)
    assert not NoTopic.objects.exists()


def test_no_topic_is_refused_while_words_stand_under_one_and_a_later_topic_wins(analyst: User) -> None:
    topic, row = theme(analyst), released("Ask us")
    coding = sorted_under(row, topic, 0, 3, analyst)
    with pytest.raises(NotPossible):
        no_topic(row, by=analyst)
    retract(coding, by=analyst)
    no_topic(row, by=analyst)
    again = sorted_under(row, topic, 0, 3, analyst)
    assert list(Coding.objects.live()) == [again]
