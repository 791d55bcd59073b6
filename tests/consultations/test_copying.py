"""“Copy from an earlier one”: the same questions for another time, and nothing of what came of the first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from collaborative.consultations.models import ConsultationPage, Question
from collaborative.contributions.models import Receipt
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.flow.actions import cut_release
from collaborative.people.models import User
from tests.consultations.making import Respondent, consultation, fields, five_kinds, index, new_kinds, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Engagement:
    """Answered, with a class code, in two revisions."""
    engagement = consultation(questions=[*five_kinds(), *new_kinds()])
    someone = Respondent(engagement)
    someone.fill()
    assert someone.send().status_code == 302
    make_join_code(engagement, "class", engagement.opens_at, engagement.closes_at, by=None)
    cut_release()
    page = engagement.page.consultationpage
    page.you_said, page.you_said_on = "You said a lot.", timezone.localdate()
    page.save_revision().publish()
    return engagement


def copied(client: Client, **changed: Any) -> Any:
    page = ConsultationPage.objects.get()
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "Again", "new_slug": "again", "new_parent_page": page.get_parent().pk}
    return client.post(address, {**data, **changed}, follow=True)


def test_a_copy_has_the_questions_and_no_engagement_dates_codes_or_answers(
    first: Engagement, editor: User, client_for: Callable[[User], Client]
) -> None:
    assert copied(client_for(editor)).status_code == 200
    page = ConsultationPage.objects.get(slug="again")
    latest = page.latest_revision.as_object()
    for one in (page, latest):
        assert [block.value["key"] for block in one.questions] == [
            block.value["key"] for block in first.page.consultationpage.questions
        ]
        assert (one.opens_at, one.closes_at, one.decides_by) == (None, None, None)
        assert (one.you_said, one.you_said_on, one.we_did) == ("", None, "")
        assert one.can_change == first.can_change and one.safeguarding_lead == first.safeguarding_lead
    assert not page.live and {group.slug for group in page.audiences.all()} == {"young-people", "parents"}
    assert list(Engagement.objects.all()) == [first]
    assert Receipt.objects.get().engagement == first and JoinCode.objects.get().engagement == first


def test_no_revision_that_came_along_holds_the_dates_of_the_first(
    first: Engagement, editor: User, client_for: Callable[[User], Client]
) -> None:
    copied(client_for(editor))
    revisions = ConsultationPage.objects.get(slug="again").revisions.all()
    assert {revision.content["opens_at"] for revision in revisions} == {None}
    assert {revision.content["you_said"] for revision in revisions} == {""}


def test_the_copy_says_what_it_lacks_and_is_published_once_it_has_its_own_dates(
    first: Engagement, editor: User, client_for: Callable[[User], Client]
) -> None:
    copied(client_for(editor))
    page = ConsultationPage.objects.get(slug="again").latest_revision.as_object()
    unmet = {gate.field for rule in page.checklist() for gate in rule.gates}
    assert unmet == {"opens_at", "closes_at", "decides_by"}
    whole = fields()
    for name in sorted(unmet):
        setattr(page, name, whole[name])
    page.questions = new_kinds()  # nobody has answered the copy, so everything may change
    again = publish(page)
    assert again != first and again.receipts.count() == 0 and again.join_codes.count() == 0
    assert Question.objects.filter(engagement=again).count() == len(new_kinds())
    assert Question.objects.filter(engagement=first).count() == len(five_kinds()) + len(new_kinds())


@pytest.mark.parametrize(
    "way, said", [("publish_copies", "Say when it opens."), ("alias", "copy it instead")]
)
def test_a_copy_that_should_be_live_at_once_is_refused_whole(
    way: str, said: str, first: Engagement, editor: User, client_for: Callable[[User], Client]
) -> None:
    answer = copied(client_for(editor), **{way: "on"})
    assert said in answer.content.decode()
    assert list(Engagement.objects.all()) == [first]
    assert ConsultationPage.objects.count() == 1
    assert Page.find_problems() == ([], [], [], [], [])
    assert index().get_children().count() == 1
