"""What is stored when somebody answers, and what the table itself refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import codes
from collaborative.contributions.actions import About, Given, NotPossible, receive
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, Wording
from collaborative.engagements.models import Engagement
from tests.consultations.making import consultation

pytestmark = pytest.mark.django_db
WORDS = "It should not feel like a test."


def about(**changed: Any) -> About:
    whole = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": False,
        "group": None,
    }
    return About(**{**whole, **changed})


def given(*texts: str) -> list[Given]:
    return [Given(prompt_key=f"q{n}", prompt=f"Question {n}?", text=text) for n, text in enumerate(texts)]


def test_the_same_code_again_gives_the_receipt_that_stands() -> None:
    engagement, code = consultation(), codes.new()
    first, new = receive(engagement, about(), given(WORDS), code=code)
    again, second = receive(engagement, about(permission="named"), given("Other words."), code=code.lower())
    assert (first.pk, new, second) == (again.pk, True, False)
    assert Wording.objects.get().text == WORDS


def test_line_ends_are_those_of_one_system_and_empty_texts_are_no_contribution() -> None:
    receive(consultation(), about(), given("One\r\ntwo\rthree", "  \n "), code=codes.new())
    assert Wording.objects.get().text == "One\ntwo\nthree"
    assert Contribution.objects.get().prompt == "Question 0?"


def test_the_number_of_statements_does_not_grow_with_the_answers() -> None:
    engagement = consultation()
    costs = []
    for texts in (1, 40):
        with CaptureQueriesContext(connection) as queries:
            receive(engagement, about(), given(*[WORDS] * texts), code=codes.new())
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("when", [timedelta(days=-100), timedelta(days=100)])
def test_nothing_is_taken_outside_the_opening_times(when: timedelta) -> None:
    engagement, moment = consultation(), timezone.now() + when
    with pytest.raises(NotPossible):
        receive(engagement, about(), given(WORDS), code=codes.new(), now=moment)
    receive(
        engagement, about(), given(WORDS), code=codes.new(), now=moment, check_open=False
    )  # a paper, keyed in


@pytest.mark.parametrize("missing", [{"permission": ""}, {"respondent_kind": ""}, {"permission": "whatever"}])
def test_rif_1_an_incomplete_form_is_refused(missing: dict[str, str]) -> None:
    with pytest.raises(NotPossible):
        receive(consultation(), about(**missing), given(WORDS), code=codes.new())
    assert not Receipt.objects.exists()


def row(engagement: Engagement, **changed: Any) -> Receipt:
    fields = {name: getattr(about(), name) for name in About.__dataclass_fields__}
    return Receipt(
        engagement=engagement,
        created_at=timezone.now(),
        code_hash=codes.hashed(codes.new()),
        **{**fields, **changed},
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"permission": ""},
        {"respondent_kind": "robot"},
        {"age_band": "1999-04-01"},
        {"privacy_version": ""},
        {"recontact": None},
        {"age_band": "13-15", "name": "Rowan"},
        {"age_band": "not-said", "contact_email": "r@example.org"},
        {"age_band": "under-12", "permission": "named"},
    ],
)
def test_rif_1_kc_7_the_table_itself_refuses(broken: dict[str, Any]) -> None:
    engagement = consultation()
    row(engagement).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(engagement, **broken).save()


@pytest.mark.parametrize("band", ["under-12", "12", "13-15", "not-said"])
@pytest.mark.parametrize(
    "named", [{"name": "Rowan"}, {"contact_email": "r@example.org"}, {"permission": "named"}]
)
def test_kc_7_no_name_or_address_under_16(band: str, named: dict[str, str]) -> None:
    with pytest.raises(NotPossible):
        receive(consultation(), about(age_band=band, **named), given(WORDS), code=codes.new())


def test_the_record_holds_nobodys_words() -> None:
    receive(consultation(), about(permission="named", name="Sheena Auld"), given(WORDS), code=codes.new())
    event = LedgerEvent.objects.get(verb="response.received")
    assert WORDS not in str(event.data) and "Sheena" not in str(event.data) and event.actor_key == ""
