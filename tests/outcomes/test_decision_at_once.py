"""Two decisions on the same topic, published in the same moment: one stands, the other is refused."""

import threading
from typing import Any

import pytest
from django.db import connections

from collaborative.errors import Refused
from collaborative.outcomes.models import DecisionPage, Disposition
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, draft


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_decisions_answers_a_topic() -> None:
    where, topic = deciding.engagement(), deciding.theme("T3", "Depends who you know")
    pages = [draft(n, answers=[answer(topic)], engagements=[where]) for n in (1, 2)]
    revisions = [page.save_revision() for page in pages]
    start, outcomes = threading.Barrier(2), []

    def publish(revision: Any) -> None:
        try:
            start.wait(10)
            revision.publish()
            outcomes.append("published")
        except Refused as refused:
            outcomes.append(refused.messages[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[revision]) for revision in revisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(text[:9] for text in outcomes) == ["published", "“Depends "]
    assert DecisionPage.objects.live().count() == 1
    assert Disposition.objects.count() == 1
