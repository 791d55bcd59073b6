"""Drafts: begun, kept, brought to another browser, gone at the close."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from collaborative import codes
from collaborative.contributions import drafts
from collaborative.contributions.models import Draft
from tests.consultations.making import consultation


@pytest.mark.django_db
def test_beginning_twice_keeps_the_first() -> None:
    engagement, token = consultation(), drafts.new_token()
    first = drafts.begin(engagement, token, {"age": "26-plus"})
    assert drafts.begin(engagement, token, {"age": "12"}).pk == first.pk
    found = drafts.find(token, engagement)
    assert found is not None and found.answers == {"age": "26-plus"}


@pytest.mark.django_db
def test_con_1_only_hashes_are_kept() -> None:
    token = drafts.new_token()
    drafts.begin(consultation(), token, {})
    kept = str(Draft.objects.values())
    for secret in (token, drafts.resume_code(token), drafts.receipt_code(token)):
        assert secret not in kept and codes.normalise(secret) not in kept


@pytest.mark.django_db
def test_the_two_codes_of_a_token_differ_and_stay() -> None:
    token = drafts.new_token()
    assert drafts.resume_code(token) == drafts.resume_code(token) != drafts.receipt_code(token)
    assert drafts.receipt_code(token) != drafts.receipt_code(drafts.new_token())


@pytest.mark.django_db
def test_con_1_it_moves_to_the_browser_that_has_the_code() -> None:
    engagement, old, new = consultation(), drafts.new_token(), drafts.new_token()
    drafts.begin(engagement, old, {"age": "26-plus"})
    assert drafts.resume(drafts.resume_code(old), new) is not None
    assert drafts.find(old, engagement) is None
    assert drafts.find(new, engagement) is not None
    assert drafts.resume(drafts.resume_code(old), old) is not None  # the code stays good
    assert drafts.resume("MOSS-4TC9-7W", new) is None


@pytest.mark.django_db
def test_con_1_it_ends_with_the_close() -> None:
    engagement, token = consultation(), drafts.new_token()
    drafts.begin(engagement, token, {})
    after = engagement.closes_at + timedelta(seconds=1)
    assert drafts.find(token, engagement, after) is None
    assert drafts.resume(drafts.resume_code(token), "other", after) is None
    assert drafts.find_expired(token, engagement) is not None  # to show its author
    assert drafts.throw_away_expired(after) == 0
    assert drafts.throw_away_expired(after + drafts.KEPT_AFTER) == 1
    assert drafts.find_expired(token, engagement) is None


@pytest.mark.django_db
def test_a_draft_of_one_consultation_is_not_found_in_another() -> None:
    token = drafts.new_token()
    drafts.begin(consultation(), token, {})
    other = consultation(slug="other")
    assert drafts.find(token, other) is None
    assert drafts.throw_away(token, other) == 0


@pytest.mark.django_db(transaction=True)
def test_screens_saved_at_the_same_moment_lose_nothing() -> None:
    token = drafts.new_token()
    draft = drafts.begin(consultation(), token, {})
    together = threading.Barrier(6)

    def save(n: int) -> None:
        try:
            together.wait()
            drafts.keep(draft, {f"q-{n}": {"text": str(n)}})
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Draft.objects.get(expires_at__gt=timezone.now()).answers == {
        f"q-{n}": {"text": str(n)} for n in range(6)
    }
