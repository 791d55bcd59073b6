"""Which decision stands behind a wording."""

import pytest

from collaborative.outcomes import reading
from collaborative.outcomes.models import Change, DecisionPage, ModelPage
from tests.outcomes.plan import published_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db: None) -> ModelPage:
    return published_page()


def test_a_decision_stands_with_the_wording_that_it_made_alone(page: ModelPage) -> None:
    """The editor keeps the decision in its field when the words change again for another reason."""
    book = reading.Book()
    row = book.history["P1"][0]
    decision = DecisionPage(pk=7)
    row.decision_id = 7
    decision.made_now = [Change(clause_id=row.clause_id, made_by_id=row.pk)]  # type: ignore[attr-defined]
    assert reading.behind(row, {7: decision}) is decision
    decision.made_now = [Change(clause_id=row.clause_id, made_by_id=row.pk + 1)]  # type: ignore[attr-defined]
    assert reading.behind(row, {7: decision}) is None
