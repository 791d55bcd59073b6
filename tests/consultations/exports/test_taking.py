"""Downloads: recorded, the same in every format whatever the text, and cheap; raw ones by two people."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative import sheets
from collaborative.consultations.exports import actions, reading
from collaborative.consultations.exports.tables import shapes_of
from collaborative.consultations.models import Export, RawRequest
from collaborative.contributions.models import LedgerEvent
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from collaborative.people.roles import Role, give_role
from tests.cast import person
from tests.consultations import making
from tests.consultations.exports.taking import answered, approved, commas, released, rows, taken
from tests.consultations.imports.test_round_trip import WORDS
from tests.sheets.test_books import read

pytestmark = pytest.mark.django_db
HOSTILE = ["=1+1", "+44", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "\t=1"]


@pytest.fixture
def place(db: None) -> Engagement:
    return making.consultation()


@pytest.fixture
def second(db: None) -> User:
    return person("Second", Role.ANALYSTS)


def table(data: bytes, kind: str, path: Path, title: str = "Answers") -> list[list[str]]:
    """The rows of a download, as whoever opens it finds them; empty cells at the end cut off."""
    if kind == "csv":
        found = [[sheets.unguarded(cell) for cell in row] for row in commas(data)]
    else:
        path.write_bytes(data)
        found = read(path, kind)[title]
    for row in found:
        while row and not row[-1]:
            row.pop()
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS.filter(str.strip), min_size=1, max_size=4))
def test_what_goes_in_comes_out_whatever_the_text_in_every_format(
    moderator: User, analyst: User, tmp_path: Path, texts: list[str]
) -> None:
    import secrets

    place = making.consultation(slug=f"out-{secrets.token_hex(8)}")
    for text in texts:
        released(place, text, moderator)
    wanted = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    for kind in Export.Format.values:
        found = table(taken(place, analyst, "answers", kind), kind, tmp_path / kind)
        at = found[0].index("answer_in_words")
        assert [row[at] for row in found[1:]] == wanted
        whole = table(taken(place, analyst, "responses", kind), kind, tmp_path / kind, "Responses")
        assert [row[whole[0].index("q-feel")] for row in whole[1:]] == wanted


@pytest.mark.parametrize("kind", Export.Format.values)
def test_nothing_in_a_download_runs(
    place: Engagement, moderator: User, analyst: User, tmp_path: Path, kind: str
) -> None:
    for text in HOSTILE:
        released(place, text, moderator)
    data = taken(place, analyst, "answers", kind)
    if kind == "csv":
        assert not [cell for row in commas(data) for cell in row if cell[:1] in set("=+-@\t\r")]
    found = table(data, kind, tmp_path / "a")
    assert [row[found[0].index("answer_in_words")] for row in found[1:]] == HOSTILE


@pytest.mark.parametrize("kind", Export.Format.values)
def test_the_codebook_says_what_every_column_and_key_means(
    place: Engagement, moderator: User, analyst: User, tmp_path: Path, kind: str
) -> None:
    from tests.analysis.sorting import theme

    theme(analyst, "T7", "Buses")
    released(place, "Words.", moderator)
    shape = "codebook" if kind == "csv" else "answers"
    found = table(taken(place, analyst, shape, kind), kind, tmp_path / "a", "Codebook")
    told: dict[tuple[str, str], list[str]] = {}
    for row in found[1:]:
        told.setdefault((row[0], row[1]), row[2:])  # the standard edition comes first
    assert told["This file", "About"][0] == place.title
    assert told["This file", "Responses received"] == ["1"]
    assert "choose themselves" in told["This file", "What it cannot say"][0]  # ANA-1
    assert told["Question", "when"][0] == "When should it happen?"
    assert told["Choice", "when: p7"][0] in ("In P7", "P7")
    assert told["Topic", "T7"][:1] == ["Buses"] and told["permission", "not-published"]
    assert not [key for part, key in told if key == "escalated"]  # SAF-2
    for name in rows(place)[0]:
        assert ("Column", name) in told, name


# The record ---------------------------------------------------------------------------------------


def test_every_download_is_recorded_with_how_many_rows_left(
    place: Engagement, moderator: User, analyst: User
) -> None:
    for _turn in range(3):
        released(place, "Words.", moderator)
    export = actions.begin(place, "answers", "csv", by=analyst)
    parts = actions.parts(export)
    assert (Export.objects.get().rows, Export.objects.get().finished_at) == (0, None)  # not a byte has left
    b"".join(parts)
    made = Export.objects.get()
    assert (made.by, made.shape, made.format, made.rows) == (analyst, "answers", "csv", 3)
    assert made.finished_at is not None
    events = LedgerEvent.objects.filter(subject=f"export:{made.pk}").order_by("pk")
    assert [(one.verb, one.actor_id) for one in events] == [
        ("export.begun", analyst.pk),
        ("export.finished", analyst.pk),
    ]
    assert events[1].data == {"rows": 3}


def test_a_download_that_breaks_off_says_how_far_it_came(
    place: Engagement, moderator: User, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "NOTED", 2)
    monkeypatch.setattr("collaborative.streaming.PART", 1)
    for _turn in range(6):
        released(place, "Words.", moderator)
    parts = actions.parts(actions.begin(place, "answers", "csv", by=analyst))
    for _part in range(6):  # the headings, and five rows
        next(parts)
    made = Export.objects.get()
    assert made.rows == 4 and made.finished_at is None


def test_a_download_costs_as_many_questions_of_few_as_of_many(
    place: Engagement, moderator: User, analyst: User, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = approved(place, analyst, second)
    costs: list[list[int]] = []
    for many in (1, 12):
        for number in range(many):
            released(place, f"Words {number}.", moderator, age_band=["26-plus", "13-15"][number % 2])
            answered(place, "", chosen={"when": ["p7"]})
        costs.append([])
        for shape in dict(shapes_of(place)):
            for kind in ("csv", "ods"):
                with CaptureQueriesContext(connection) as caught:
                    taken(place, analyst, shape, kind, raw)
                costs[-1].append(len(caught))
    released(place, "Young words.", moderator, age_band="12")
    assert [few + 0 for few in costs[0]] == pytest.approx(costs[1], abs=1)  # young words ask for their marks


def test_each_batch_of_responses_costs_the_same(
    place: Engagement, moderator: User, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    for _turn in range(6):
        released(place, "Words.", moderator)
    with CaptureQueriesContext(connection) as six:
        taken(place, analyst)
    for _turn in range(2):
        released(place, "Words.", moderator)
    with CaptureQueriesContext(connection) as eight:
        taken(place, analyst)
    assert 0 < len(eight) - len(six) <= 5
    assert len(rows(place)) == 8 and len({row["response"] for row in rows(place)}) == 8


# Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_analysts_take_answers_out_and_facilitators_what_was_said_at_their_workshops(
    place: Engagement, role: Role
) -> None:
    from collaborative.analysis.permissions import user_may_export
    from tests.changemakers.workshops import workshop

    somebody = person("Somebody", role)
    theirs, other = workshop("theirs", facilitator=somebody), workshop("another")
    assert user_may_export(somebody, theirs.engagement) == (role in {Role.ANALYSTS, Role.FACILITATORS})
    assert user_may_export(somebody, other.engagement) == (role == Role.ANALYSTS)
    if role == Role.ANALYSTS:
        assert actions.begin(place, "answers", "csv", by=somebody)
        return
    with pytest.raises(PermissionDenied):
        actions.begin(place, "answers", "csv", by=somebody)
    with pytest.raises(PermissionDenied):
        actions.ask(place, "Why not?", by=somebody)
    assert not Export.objects.exists() and not RawRequest.objects.exists()


def test_p3_nobody_approves_their_own(place: Engagement, analyst: User, second: User) -> None:
    request = actions.ask(place, "To write to them.", by=analyst)
    with pytest.raises(Refused, match="Nobody approves their own"):
        actions.approve(request, by=analyst)
    with pytest.raises(Refused):
        actions.begin(place, "answers", "csv", by=analyst, raw=request)
    actions.approve(request, by=second)
    assert actions.begin(place, "answers", "csv", by=analyst, raw=request).raw == request


@pytest.mark.parametrize("role", Role)
def test_p3_the_second_person_is_an_analyst_or_looks_after_the_site(
    place: Engagement, analyst: User, role: Role
) -> None:
    request = actions.ask(place, "To write to them.", by=analyst)
    somebody = person("Somebody", role)
    if role in {Role.ANALYSTS, Role.ADMINISTRATORS}:
        actions.approve(request, by=somebody)
    else:
        with pytest.raises(PermissionDenied):
            actions.approve(request, by=somebody)
        with pytest.raises(PermissionDenied):
            actions.refuse(request, by=somebody, note="No.")


def test_p3_an_approval_is_for_one_person_one_place_and_two_days(
    place: Engagement, analyst: User, second: User
) -> None:
    request = approved(place, analyst, second)
    other = making.consultation(slug="another")
    for by, where in ((second, place), (analyst, other)):
        with pytest.raises(Refused):
            actions.begin(where, "answers", "csv", by=by, raw=request)
    RawRequest.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        actions.begin(place, "answers", "csv", by=analyst, raw=request)
    assert not Export.objects.exists()
    assert request.ends_at is not None and request.decided_at is not None
    assert request.ends_at - request.decided_at == timedelta(hours=48)


def test_p3_who_is_no_analyst_any_more_takes_nothing_and_is_approved_nothing(
    place: Engagement, analyst: User, second: User
) -> None:
    request = actions.ask(place, "To write to them.", by=analyst)
    analyst.groups.clear()
    with pytest.raises(Refused, match="does not work here"):
        actions.approve(request, by=second)
    give_role(analyst, Role.ANALYSTS)
    actions.approve(request, by=second)
    analyst.groups.clear()
    with pytest.raises(PermissionDenied):
        actions.begin(place, "answers", "csv", by=User.objects.get(pk=analyst.pk), raw=request)


def test_p3_no_needs_a_reason_and_ends_an_approval_too(
    place: Engagement, analyst: User, second: User
) -> None:
    request = approved(place, analyst, second)
    with pytest.raises(Refused, match="why not"):
        actions.refuse(request, by=second, note=" ")
    actions.refuse(request, by=second, note="You have what you need.")
    with pytest.raises(Refused):
        actions.begin(place, "answers", "csv", by=analyst, raw=request)
    with pytest.raises(Refused, match="Somebody else"):
        actions.approve(request, by=person("Third", Role.ADMINISTRATORS))
    verbs = LedgerEvent.objects.filter(subject=f"raw:{request.pk}").order_by("pk")
    assert [one.verb for one in verbs] == ["raw.asked", "raw.approved", "raw.refused"]
    assert not any("need" in str(one.data) for one in verbs)


def test_asking_and_approving_twice_happen_once(place: Engagement, analyst: User, second: User) -> None:
    first, again = (actions.ask(place, "To write to them.", by=analyst) for _turn in range(2))
    assert first == again
    for _turn in range(2):
        actions.approve(first, by=second)
    assert LedgerEvent.objects.filter(verb="raw.approved").count() == 1
    with pytest.raises(Refused, match="need them for"):
        actions.ask(place, " ", by=analyst)


def test_what_there_is_not_cannot_be_downloaded(place: Engagement, analyst: User) -> None:
    for shape, kind in (("all", "csv"), ("notes", "csv"), ("answers", "pdf"), ("", "")):
        with pytest.raises(Refused):
            actions.begin(place, shape, kind, by=analyst)
    assert not Export.objects.exists()


def test_no_word_of_anyone_stands_in_the_record(
    place: Engagement, moderator: User, analyst: User, second: User
) -> None:
    released(place, "Words of somebody.", moderator, name="Nan")
    raw: Any = approved(place, analyst, second)
    for shape in dict(shapes_of(place)):
        taken(place, analyst, shape, raw=raw)
    events = LedgerEvent.objects.filter(verb__startswith="export.")
    assert events.count() == 8 and "Nan" not in str(list(events.values_list("data", flat=True)))
