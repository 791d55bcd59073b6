"""`manage.py nightly`: every step is told, and one that fails does not stop the others."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from collaborative.contributions import drafts, ledger
from collaborative.contributions.models import Draft, LedgerEvent, LedgerSeal
from collaborative.figures.models import Release
from home.management.commands import nightly
from home.models import StandardPage
from tests.home import scene
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("nightly", stdout=out)
    return out.getvalue()


def test_it_does_all_that_has_to_be_done_once_a_day() -> None:
    page = StandardPage(title="At last", slug="at-last", live=False)
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    scene.home().add_child(instance=page)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    assert revision.approved_go_live_at
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    drafts.begin(deciding.engagement(closed=-5), drafts.new_token(), {})
    Draft.objects.update(expires_at=timezone.now() - drafts.KEPT_AFTER - timedelta(days=1))
    old = ledger.event("test.event", "test:1")
    old.at = timezone.now() - timedelta(hours=1)
    old.save(force_insert=True)
    text = run()
    assert StandardPage.objects.get(slug="at-last").live
    assert Release.objects.count() == 1
    assert not Draft.objects.exists() and not Session.objects.exists()
    assert LedgerSeal.objects.count() == 1
    assert "1 expired drafts thrown away" in text
    assert [line.split(":")[0] for line in text.splitlines()] == [step.__name__ for step in nightly.STEPS]


def test_a_second_night_with_nothing_new_changes_nothing() -> None:
    scene.home()
    run()
    before = Release.objects.count(), LedgerEvent.objects.count()
    run()
    assert (Release.objects.count(), LedgerEvent.objects.count()) == before


def test_an_error_in_one_step_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("the disk is full")

    done = []
    monkeypatch.setattr(nightly, "STEPS", (broken, lambda: done.append("yes") or "fine"))
    err = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("nightly", stdout=StringIO(), stderr=err)
    assert done == ["yes"] and "the disk is full" in err.getvalue()
