"""A whole class at once, from one address: nobody is slowed down, nothing is lost, all are counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from collaborative.consultations.classes import counts, keys
from collaborative.consultations.models import ClassSession
from collaborative.contributions.models import Contribution, Draft, Receipt
from tests.consultations.classes.making import approved

PUPILS = 30


def _one(session: ClassSession, number: int, together: Barrier) -> list[int]:
    """Join, say the age, answer, allow, send, finish. Every status on the way."""
    client, base = Client(REMOTE_ADDR="192.0.2.7"), f"/consultations/{session.engagement.slug}/respond/"
    together.wait(timeout=30)
    try:
        answers = [client.post("/join/", {"code": keys.class_code(session)})]
        for step, data in (
            ("age", {"age": "12"}),
            ("q-when", {"chosen": "p7"}),
            ("q-feel", {"text": f"Said by pupil {number}."}),
            ("permission", {"permission": "not-published"}),
            ("check", {}),
            ("sent", {}),
        ):
            answers.append(client.post(f"{base}{step}/", data))
        return [answer.status_code for answer in answers]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_kid_2_thirty_pupils_behind_one_address_join_and_send_at_once() -> None:
    session = approved()
    together = Barrier(PUPILS)
    with ThreadPoolExecutor(PUPILS) as pool:
        found = list(pool.map(lambda number: _one(session, number, together), range(PUPILS)))
    assert found == [[302] * 7] * PUPILS
    session.refresh_from_db()
    assert counts.now(session) == {"began": PUPILS, "sent": PUPILS}
    assert (Receipt.objects.count(), Draft.objects.count()) == (PUPILS, 0)
    said = set(Contribution.objects.values_list("wordings__text", flat=True))
    assert said == {f"Said by pupil {number}." for number in range(PUPILS)}
