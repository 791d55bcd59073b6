"""Many responses at once: what chance does to them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborative import codes
from collaborative.contributions.actions import receive
from collaborative.contributions.bulk import Response, Stored, receive_many
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt
from collaborative.engagements.models import Engagement
from tests.consultations.making import consultation
from tests.contributions.test_receive_rules import about, given

pytestmark = pytest.mark.django_db


def bring(engagement: Engagement) -> Stored:
    now = timezone.now()
    responses = [
        Response(about=about(), given=given("One", "Two"), code_hash=str(n) * 64, received_at=now)
        for n in range(2)
    ]
    with transaction.atomic():  # as whoever brings a file does
        return receive_many(engagement, responses, by=None)


def test_a_reference_that_chance_drew_before_costs_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    engagement = consultation()
    receive(engagement, about(), given("Earlier"), code=codes.new())
    taken = Contribution.objects.get().reference
    drawn = iter(["C-AAAAAAAAAA", "C-CCCCCCCCCC", taken, *(f"C-DDDDDDDDD{n}" for n in range(5))])
    monkeypatch.setattr(codes, "reference", lambda: next(drawn))
    stored = bring(engagement)
    assert len(stored.receipts) == 2 and len(stored.contributions) == 4
    assert Receipt.objects.count() == 3 and Contribution.objects.count() == 5
    assert LedgerEvent.objects.filter(verb="response.received").count() == 3


def test_what_is_wrong_otherwise_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    engagement = consultation()
    monkeypatch.setattr(codes, "reference", lambda: "C-AAAAAAAAAA")
    with pytest.raises(IntegrityError):
        bring(engagement)
    assert not Receipt.objects.exists()
