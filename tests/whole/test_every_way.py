"""What comes by every way of answering adds up on the feedback page to the last one (ANA-2, CON-2)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from collaborative.contributions.actions import exclude, withdraw
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.flow.actions import cut_release
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from tests.consultations.classes import making as classes
from tests.consultations.imports import bringing
from tests.consultations.imports.test_keying import key_in
from tests.consultations.making import Respondent
from tests.moderation.giving import rule

pytestmark = pytest.mark.django_db
WAYS = ("Website", "Class", "Paper", "Import")
EACH = 6  # by every way: at least as many as may be shown


def shown(page: str) -> dict[str, int]:
    """Every number of the panel, by its name."""
    rows = re.findall(r"<(?:dt|th scope=\"row\")>([^<]+)</(?:dt|th)>\s*<(?:dd|td)[^>]*>\s*(\d+)\s*<", page)
    return {name: int(number) for name, number in rows}


def test_ana_2_web_class_paper_and_file_add_up_to_the_last_one(
    secretary: User, moderator: User, client_for: Callable[[User], Any]
) -> None:
    engagement = classes.place()
    for number in range(EACH):
        someone = Respondent(engagement)
        someone.fill(words=f"From the web, number {number}.")
        someone.send()
    lesson, staff = classes.approved(engagement), client_for(secretary)
    for number in range(EACH):
        classes.sends(lesson, words=f"From a class, number {number}.")
        answer = key_in(staff, engagement, feel__text=f"On paper, number {number}.")
        assert answer.status_code == 302
    rows = [bringing.row(str(number)) for number in range(EACH)]
    brought = bringing.checked(bringing.bring(engagement, rows, secretary), secretary)
    bringing.come_in(brought, secretary)
    assert Receipt.objects.count() == 4 * EACH

    for said in Contribution.objects.filter(state=State.HELD):
        moderation.release(said, by=moderator)
    refused = Contribution.objects.filter(channel="web", prompt_key="feel")[0]
    moderation.refuse(refused, rule(), by=moderator)  # why it should be so stays, so the response counts
    for number in range(3 * EACH):
        someone = Respondent(engagement)
        someone.fill(words=f"Not analysed, number {number}.")
        someone.send()
    last = list(Receipt.objects.order_by("-pk")[: 3 * EACH])
    for receipt in last[:EACH]:
        exclude(receipt, "duplicate", by=moderator)
    for receipt in last[EACH : 2 * EACH]:
        withdraw(receipt)

    cut_release()
    page = Client().get(f"/consultations/{engagement.slug}/feedback/").content.decode()
    numbers = shown(page)
    analysed = numbers["Analysed"]
    assert analysed == 4 * EACH
    parts = [numbers[name] for name in ("Left out", "Still being checked", "Taken back, or not shown")]
    assert parts == [EACH] * 3
    assert numbers["Responses received"] == analysed + sum(parts) == Receipt.objects.count()
    for names in (WAYS, ("Without a name", "Not published"), ("Individuals",)):
        assert sum(numbers[name] for name in names) == analysed, names
    assert [numbers[name] for name in WAYS] == [EACH] * 4
