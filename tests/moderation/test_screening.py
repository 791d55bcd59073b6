"""What is noticed, what it lifts, and that it never stands in anyone's way (SAF-4)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisIsDown

from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.moderation import actions, screening
from collaborative.moderation.models import Flag, Flagged, WatchedWord
from collaborative.moderation.screening import screen
from tests.moderation.giving import engagement, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Engagement:
    return engagement()


@pytest.fixture
def words() -> None:
    WatchedWord.objects.create(text="hurt myself", about="safety")
    WatchedWord.objects.create(text="numpt*", about="unkind")
    WatchedWord.objects.create(text="Cafe Bruich", about="contact")


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("I would start in P6.", []),
        ("Ring me on 01632 960123.", [Flag.CONTACT]),
        ("Write to ann@example.org", [Flag.CONTACT]),
        ("I am @annie_p on there", [Flag.CONTACT]),
        ("Look at https://example.org/a", [Flag.LINK]),
        ("Look at www.example.org", [Flag.LINK]),
        ("I HURT  myself again", [Flag.SAFETY]),
        ("They are all numpties!", [Flag.UNKIND]),
        ("Meet at Café Bruich", [Flag.CONTACT]),
        ("In unnumpty ways", []),
        ("It unhurt myselfish", []),
        ("numpties at http://a.example, I hurt myself", [Flag.SAFETY, Flag.UNKIND, Flag.LINK]),
    ],
)
def test_saf_4_what_is_noticed_most_pressing_first(
    here: Engagement, words: None, text: str, flags: list[Flag]
) -> None:
    assert screen(text, engagement=here) == flags


def test_a_link_to_our_own_pages_is_nothing_to_look_at(here: Engagement) -> None:
    assert screen("See http://127.0.0.1:8000/model/ again", engagement=here) == []


def test_the_same_words_again_are_marked_but_a_short_answer_is_not(here: Engagement) -> None:
    long = "Everyone should be asked before anything at all is decided."
    assert screen(long, engagement=here) == []
    assert screen(f"  {long.upper()}\n", engagement=here) == [Flag.REPEATED]
    assert screen("Ask us first.", engagement=here) == screen("Ask us first.", engagement=here) == []
    assert screen(long, engagement=engagement("another-place")) == []


def test_a_burst_from_one_place_is_marked_and_others_are_not(here: Engagement) -> None:
    found = [screen(f"Answer {n}", engagement=here, source="aa") for n in range(screening.BURST + 2)]
    assert found[screening.BURST - 1] == []
    assert found[screening.BURST] == [Flag.BURST]
    assert screen("Another", engagement=here, source="bb") == []


def test_a_class_at_work_is_no_burst(here: Engagement) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    JoinCode.objects.create(
        engagement=here, kind="class", code_hash="x", valid_from=now - hour, valid_until=now + hour
    )
    found = [screen(f"Answer {n}", engagement=here, source="aa") for n in range(screening.BURST + 2)]
    assert found == [[]] * len(found)


def test_screening_is_one_query(here: Engagement, words: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        screen("I hurt myself at https://example.org", engagement=here, receipt=said().receipt, source="aa")
    assert len([q for q in queries if "watchedword" in q["sql"]]) == 1


def test_neither_words_nor_addresses_are_kept(here: Engagement) -> None:
    screen("A most particular sentence of mine.", engagement=here, source="198.51.100.7")
    kept = repr(getattr(cache, "_cache", {}))
    assert "particular" not in kept and "198.51.100.7" not in kept


def test_when_the_cache_is_away_people_are_not_stopped(
    here: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise RedisIsDown

    for name in ("get", "add", "incr", "set", "get_many", "set_many"):
        monkeypatch.setattr(cache, name, away)
    assert screen("Ring me on 01632 960123, it is long enough.", engagement=here, source="aa") == [
        Flag.CONTACT
    ]


def test_saf_4_what_was_noticed_lifts_it_in_the_queue_and_refuses_nothing() -> None:
    plain, pressing, flood = said("First."), said("Second."), said("Third.")
    actions.received(pressing, [Flag.SAFETY, Flag.LINK])
    actions.received(flood, [Flag.REPEATED, Flag.BURST])
    assert list(Contribution.objects.held()) == [pressing, plain, flood]
    assert set(Contribution.objects.values_list("state", flat=True)) == {State.HELD}
    assert list(pressing.flags.values_list("flag", flat=True).order_by("flag")) == ["link", "safety"]


def test_what_was_noticed_twice_is_kept_once_and_never_lowers() -> None:
    row = said()
    actions.received(row, [Flag.SAFETY])
    height = row.priority
    actions.received(row, [Flag.SAFETY, Flag.LINK])
    row.refresh_from_db()
    assert row.priority == height > 0
    assert Flagged.objects.count() == 2
