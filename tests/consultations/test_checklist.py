"""What still stops a consultation from opening: the panel in the editor and the refusal are one list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative.consultations.models import ConsultationPage
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.consultations import making
from tests.consultations.making import block, consultation, draft, five_kinds, publish, young_terms

pytestmark = pytest.mark.django_db


def unmet(page: ConsultationPage) -> list[str]:
    return [rule.id for rule in page.checklist() if not rule.met]


def panel(page: ConsultationPage, client: Client) -> BeautifulSoup:
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    found = BeautifulSoup(answer.content, "html.parser").find(class_="cs-checklist")
    assert found is not None
    return found


def test_a_whole_consultation_meets_every_rule() -> None:
    page = draft(**young_terms())
    assert unmet(page) == []
    ids = [rule.id for rule in page.checklist()]
    assert ids == ["CON-3", "PAR-1", "PAR-1", "SAF-1", "LUN-1", "", ""]


def test_saf_1_and_lun_1_are_asked_where_people_under_18_are_invited() -> None:
    assert {"SAF-1", "LUN-1"} & {rule.id for rule in draft().checklist()} == set()


@pytest.mark.parametrize(
    "changed, rule",
    [
        ({"opens_at": None}, "CON-3"),
        ({"closes_at": timezone.now() + timedelta(weeks=2)}, "CON-3"),
        ({"can_change": " "}, "PAR-1"),
        ({"decides_by": None}, "PAR-1"),
        ({"safeguarding_deputy": None}, "SAF-1"),
        ({"cover_times": {}}, "SAF-1"),
        ({"lundy_influence": ""}, "LUN-1"),
        ({"questions": []}, ""),
        ({"questions": [block("has space", young="Has?")]}, ""),
        ({"we_did": "We changed it."}, "FBK-1"),
    ],
)
def test_each_rule_stands_in_the_panel_and_refuses_with_the_same_words(
    changed: dict[str, Any], rule: str, editor: User, client_for: Callable[[User], Client]
) -> None:
    page = draft(**{**young_terms(), **changed})
    assert unmet(page) == [rule]
    shown = panel(page, client_for(editor))
    assert "1 thing still stops this from opening." in shown.text
    missing = shown.find_all("li", attrs={"data-met": "no"})
    assert [one["data-rule"] for one in missing] == [rule]
    said = [one.text.strip() for one in missing[0].find_all("li")]
    with pytest.raises(Refused) as refusal:
        publish(page)
    assert refusal.value.messages == said


def test_the_panel_says_when_nothing_stops_it(editor: User, client_for: Callable[[User], Client]) -> None:
    shown = panel(draft(), client_for(editor))
    assert "Nothing stops this from opening." in shown.text and "Missing" not in shown.text


def test_the_panel_of_a_page_that_is_only_begun_counts_what_is_missing(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    address = reverse("wagtailadmin_pages:add", args=["consultations", "consultationpage", making.index().pk])
    answer = client_for(editor).get(address)
    assert "4 things still stop this from opening." in answer.content.decode()


def test_another_page_with_the_address_stands_in_the_list() -> None:
    taken = consultation()
    taken.slug = "second"
    taken.save()
    page = draft(slug="second")
    assert [gate.field for rule in page.checklist() for gate in rule.gates] == ["slug"]


def test_a_published_consultation_meets_its_own_list() -> None:
    page = consultation().page.consultationpage
    assert unmet(page) == []
    page.questions = five_kinds()[:2]  # nobody has answered yet
    assert unmet(page) == []


TEXT_FIELDS = ["can_change", "cannot_change", "who_decides", "short_period_reason"]
LUNDY = ["lundy_space", "lundy_voice", "lundy_audience", "lundy_influence"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.dictionaries(st.sampled_from(TEXT_FIELDS + LUNDY), st.sampled_from(["", " ", "Said."])),
    weeks=st.integers(-1, 14),
    invited=st.booleans(),
    blocks=st.integers(0, 2),
)
def test_the_list_and_the_refusal_never_differ(
    texts: dict[str, str], weeks: int, invited: bool, blocks: int, db: None
) -> None:
    whole = {**young_terms(), "invites_under_18": invited, **texts}
    closes = timezone.now() + timedelta(weeks=weeks)
    slug = f"one-of-many-{ConsultationPage.objects.count()}"  # examples share one transaction
    page = draft(five_kinds()[:blocks], slug=slug, opens_at=timezone.now(), closes_at=closes, **whole)
    said = [gate.message for rule in page.checklist() for gate in rule.gates]
    if said:
        with pytest.raises(Refused) as refusal:
            publish(page)
        assert refusal.value.messages == said
        assert not ConsultationPage.objects.get(pk=page.pk).live
    else:
        assert publish(page).questions.count() == blocks
