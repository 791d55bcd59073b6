"""The cost of figures does not grow with what has piled up."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collaborative.flow.actions import cut_release
from collaborative.people.models import User
from home import scale
from tests.consultations import making
from tests.outcomes import deciding

pytestmark = pytest.mark.long


@pytest.mark.django_db
def test_promise_7_pages_of_figures_ask_as_many_questions_of_few_answers_as_of_many(
    client: Any, moderator: User, analyst: User
) -> None:
    making.consultation()
    for number in range(1, 4):
        deciding.theme(f"T{number}", f"Topic {number}")
    asked = []
    for contributions in (200, 4_000):
        scale.fill(contributions, 1, lambda done: None)
        cut_release(reason="scale")
        with CaptureQueriesContext(connection) as counting:
            cut_release(reason="scale")
        counted = len(counting)  # now: the next request empties the log
        client.get("/flow/", headers={"authorization": "anew"})
        with CaptureQueriesContext(connection) as reading:
            response = client.get("/flow/", headers={"authorization": "anew"})
        assert response.status_code == 200 and settings.SITE_NAME in response.text
        asked.append((len(reading), counted))
    assert asked[0] == asked[1] and min(asked[0]) > 1
