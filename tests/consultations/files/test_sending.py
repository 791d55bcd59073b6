"""Somebody sends a file: kept with the draft, sent with it, held, replaced, taken back, gone."""

import os
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import limits
from collaborative.consultations.files import keep
from collaborative.consultations.questions import Sheet
from collaborative.contributions import actions as contributions
from collaborative.contributions import drafts, files
from collaborative.contributions.filetypes import Accepted
from collaborative.contributions.models import Contribution, Draft, Receipt, SentFile, State
from collaborative.errors import Refused
from tests.consultations.files import making
from tests.consultations.files.making import PDF, Sender, consultation, on_disk, upload
from tests.consultations.making import block, draft, publish, young_terms

# What goes from the disk goes once it is committed, so these commit.
pytestmark = pytest.mark.django_db(transaction=True)


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def sender(**fields: Any) -> Sender:
    return Sender(consultation(**fields)).begin()


def sent(permission: str = "anonymous") -> tuple[Sender, Contribution]:
    someone = sender()
    assert someone.give().status_code == 302
    assert someone.finish(permission).status_code == 302
    return someone, Contribution.objects.get(prompt_key="paper")


def test_it_works() -> None:
    someone = sender()
    page = text(someone.get("q-paper"))
    assert 'type="file"' in page and 'enctype="multipart/form-data"' in page
    assert "PDF, Word (.docx), OpenDocument (.odt), Plain text (.txt)" in page and "Up to 1 MB." in page
    assert someone.give().headers["Location"] == someone.address("permission")
    page = text(someone.get("q-paper"))
    assert "our view.pdf" in page and "Remove this file" in page and "Send another instead" in page
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    assert "our view.pdf" in text(someone.get("check"))
    assert someone.send().status_code == 302
    assert "our view.pdf" in text(someone.get("sent"))
    said = Contribution.objects.with_newest_text().get()
    assert (said.prompt_key, said.newest_text, said.state) == ("paper", "our view.pdf", State.HELD)  # type: ignore[attr-defined]
    assert (said.file.kind, said.file.size, said.file.draft_id) == ("pdf", len(PDF), None)  # type: ignore[attr-defined]
    assert [path.read_bytes() for path in on_disk()] == [PDF]
    assert not Draft.objects.exists()


def test_what_was_kept_stays_when_the_screen_is_sent_without_a_file() -> None:
    someone = sender()
    someone.give()
    someone.post("q-paper")
    assert "our view.pdf" in text(someone.get("q-paper")) and len(on_disk()) == 1


def test_it_comes_back_with_the_code_on_another_device() -> None:
    someone = sender()
    someone.give()
    code = someone.get("leave").context["code"]
    other = Sender(someone.engagement, Client())
    other.client.post("/join/", {"code": code})
    assert "our view.pdf" in text(other.get("q-paper"))


def test_another_takes_its_place_and_the_first_goes_from_the_disk() -> None:
    someone = sender()
    someone.give()
    someone.give(making.docx(), "second.docx")
    assert "second.docx" in text(someone.get("q-paper"))
    assert SentFile.objects.get().kind == "docx"
    assert [path.read_bytes()[:2] for path in on_disk()] == [b"PK"]


def test_it_is_removed_with_one_box() -> None:
    someone = sender()
    someone.give()
    assert someone.post("q-paper", remove="yes").status_code == 302
    assert not SentFile.objects.exists() and not on_disk()
    assert "our view.pdf" not in text(someone.get("q-paper"))


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.pdf", "This file is empty"),
        (b"MZ\x90\x00", "a.pdf", "We cannot take this kind of file here"),
        (PDF, "a.exe", "The name ends in “.exe”"),
        (PDF + b" " * 1024 * 1024, "a.pdf", "larger than 1 MB"),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_what_was_kept_stays(
    content: bytes, name: str, message: str
) -> None:
    someone = sender()
    someone.give()
    answer = someone.give(content, name)
    page = text(answer)
    assert answer.status_code == 422 and message in page and 'id="file-error"' in page
    assert "our view.pdf" in page and len(on_disk()) == 1


def test_more_than_the_site_takes_is_read_past_and_the_rest_of_the_screen_arrives(settings: Any) -> None:
    settings.FILE_MEGABYTES = 1
    someone = sender()
    answer = someone.give(b"%PDF-" + b"x" * (3 * 1024 * 1024), back="check")
    assert answer.status_code == 422 and "larger than 1 MB" in text(answer)
    assert 'name="back" value="check"' in text(answer)
    assert not SentFile.objects.exists() and not on_disk()


def test_a_file_sent_to_a_question_that_asks_for_none_is_not_kept() -> None:
    someone = sender()
    assert someone.post("q-say", text="Words.", file=upload()).status_code == 302
    assert not on_disk() and not SentFile.objects.exists()


def test_what_is_typed_under_the_names_of_an_answer_makes_no_file() -> None:
    someone = sender()
    someone.post("q-paper", text="forged.pdf", kind="pdf", size="12", stored="a" * 40)
    assert not SentFile.objects.exists() and "forged.pdf" not in text(someone.get("q-paper"))


def test_where_it_must_be_answered_none_is_asked_for_again_and_kept_is_enough() -> None:
    someone = sender(required=True)
    answer = someone.post("q-paper")
    assert answer.status_code == 422 and "Choose a file to send." in text(answer)
    someone.give()
    assert someone.post("q-paper").status_code == 302
    assert someone.post("q-paper", remove="yes").status_code == 422


def test_sending_twice_makes_one() -> None:
    someone = sender()
    someone.give()
    someone.finish()
    assert someone.send().status_code == 302
    assert Receipt.objects.count() == SentFile.objects.count() == len(on_disk()) == 1


def test_too_many_files_in_a_minute_are_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    few = limits.Bucket(1, 1)
    monkeypatch.setitem(limits.LIMITS, "file", limits.Limit(each=few, network=few, school=few))
    someone = sender()
    assert someone.give().status_code == 302
    answer = someone.give()
    assert answer.status_code == 429 and "Send it again in a minute" in text(answer)


# Who is asked -----------------------------------------------------------------------------------


def test_kc_8_it_is_not_published_where_people_under_18_are_invited() -> None:
    page = draft([block("paper", "file", file_types=["pdf"])], **young_terms())
    with pytest.raises(Refused, match="asks nobody for a file"):
        publish(page)


@pytest.mark.parametrize(("field", "value"), [("file_types", []), ("file_megabytes", 99)])
def test_it_is_not_published_without_sound_bounds(field: str, value: Any) -> None:
    with pytest.raises(Refused, match=r"files? (may|of)|kinds of file"):
        consultation(**{field: value})


def test_kc_8_nobody_who_may_be_under_18_is_asked() -> None:
    someone = Sender(consultation()).begin("not-said")
    assert "q-paper" not in someone.get("q-say").headers.get("Location", "")
    assert someone.post("q-say", text="Words.").headers["Location"] == someone.address("permission")
    someone.give()
    assert not SentFile.objects.exists() and not on_disk()
    assert not someone.finish().headers["Location"].endswith("check/")
    assert set(Contribution.objects.values_list("prompt_key", flat=True)) == {"say"}
    change = Client().post("/receipt/change/", {"code": someone.code()})
    assert "Send us your paper" not in text(change)


def test_who_says_later_that_they_are_young_sends_no_file() -> None:
    someone = sender()
    someone.give()
    someone.post("age", age="not-said")
    someone.finish()
    assert not SentFile.objects.exists() and not on_disk()
    assert set(Contribution.objects.values_list("prompt_key", flat=True)) == {"say"}


def test_an_edition_that_takes_less_now_asks_for_another() -> None:
    someone = sender()
    someone.give()
    someone.engagement.questions.filter(key="paper").update(file_types=["odt"])
    page = text(someone.finish())
    assert "We cannot take this kind of file any more" in page


# Changing, taking back --------------------------------------------------------------------------


def change(code: str, **fields: Any) -> Any:
    return Client().post("/receipt/change/", {"code": code, "question": "paper", **fields})


def test_by_the_code_another_is_sent_and_waits_again() -> None:
    someone, said = sent()
    contributions.move(said, State.RELEASED, by=None)
    assert 'enctype="multipart/form-data"' in text(change(someone.code()))
    assert change(someone.code(), save="1", file=upload(making.odt(), "new.odt")).status_code == 302
    said.refresh_from_db()
    fresh = Contribution.objects.get(prompt_key="paper", state=State.HELD)
    assert said.state == State.WITHDRAWN and fresh.file.kind == "odt"  # type: ignore[attr-defined]
    assert SentFile.objects.count() == len(on_disk()) == 1
    assert "new.odt" in text(change(someone.code()))


def test_the_same_file_pressed_twice_changes_nothing() -> None:
    someone, said = sent()
    change(someone.code(), save="1", file=upload())
    said.refresh_from_db()
    assert said.state == State.HELD and Contribution.objects.filter(prompt_key="paper").count() == 1
    assert len(on_disk()) == 1


def test_by_the_code_it_is_taken_back_alone() -> None:
    someone, said = sent()
    assert change(someone.code(), save="1", remove="yes").status_code == 302
    said.refresh_from_db()
    assert said.state == State.WITHDRAWN and not on_disk()
    assert Contribution.objects.get(prompt_key="say").state == State.HELD


def test_a_bad_file_on_the_receipt_page_gets_its_message_and_changes_nothing() -> None:
    someone, said = sent()
    answer = change(someone.code(), save="1", file=upload(b"MZ\x00", "a.pdf"))
    assert answer.status_code == 422 and "We cannot take this kind" in text(answer)
    said.refresh_from_db()
    assert said.state == State.HELD and len(on_disk()) == 1


def test_a_change_without_a_token_is_refused_on_the_receipt_page() -> None:
    someone, _said = sent()
    strict = Client(enforce_csrf_checks=True)
    code = someone.code()
    answer = strict.post(
        "/receipt/change/", {"code": code, "question": "paper", "save": "1", "remove": "yes"}
    )
    assert answer.status_code == 403 and len(on_disk()) == 1


def test_what_was_refused_is_not_replaced() -> None:
    someone, said = sent()
    contributions.move(said, State.REFUSED, by=None)
    change(someone.code(), save="1", file=upload(making.odt(), "new.odt"))
    assert SentFile.objects.get().kind == "pdf" and len(on_disk()) == 1


def test_gdp_2_withdrawn_is_gone_from_the_disk() -> None:
    someone, _said = sent()
    Client().post("/receipt/delete/", {"code": someone.code(), "sure": "yes"})
    assert not on_disk() and not SentFile.objects.exists()


def test_erased_is_gone_from_the_disk() -> None:
    _someone, said = sent()
    contributions.erase(said)
    assert not on_disk() and not SentFile.objects.exists()


def test_saf_2_what_is_kept_for_a_case_stays_until_it_is_closed() -> None:
    someone, said = sent()
    contributions.move(said, State.ESCALATED, by=None)
    Client().post("/receipt/delete/", {"code": someone.code(), "sure": "yes"})
    assert len(on_disk()) == 1


# Crashes, the night -----------------------------------------------------------------------------


def old(path: Path) -> None:
    then = (timezone.now() - timedelta(days=1)).timestamp()
    os.utime(path, (then, then))


def test_a_draft_thrown_away_takes_its_file_with_it() -> None:
    someone = sender()
    someone.give()
    someone.client.post(someone.address())
    assert not Draft.objects.exists() and not on_disk() and not SentFile.objects.exists()


def test_a_draft_that_expires_takes_its_file_with_it_at_night() -> None:
    someone = sender()
    someone.give()
    after = someone.engagement.closes_at + drafts.KEPT_AFTER
    assert drafts.throw_away_expired(after) == 1
    assert files.sweep() == 1
    assert not on_disk() and not SentFile.objects.exists()


def test_a_crash_before_the_commit_leaves_no_row_and_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    someone = sender()
    someone.give()
    one = next(one for one in Sheet(someone.engagement).asked() if one.key == "paper")
    monkeypatch.setattr(drafts, "keep", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep(Draft.objects.get(), one, Accepted("b.pdf", "pdf", len(PDF), upload().file))
    assert SentFile.objects.count() == len(on_disk()) == 1


def test_what_a_crash_left_behind_goes_at_night_and_nothing_else_does() -> None:
    sent()
    lost = files.path_of(files.put([b"nobody names this"]))
    assert files.sweep() == 0, "as young as that, it may belong to something that is not committed yet"
    for path in on_disk():
        old(path)
    assert files.sweep() == 1
    assert not lost.exists() and [path.read_bytes() for path in on_disk()] == [PDF]


def test_only_names_that_we_gave_are_ever_opened() -> None:
    for name in ("../secret_key", "a" * 39, "A" * 40, "/etc/passwd"):
        with pytest.raises(ValueError, match=name):
            files.path_of(name)


def test_what_people_send_lies_in_no_folder_that_is_served(settings: Any) -> None:
    assert files.out_of_reach() == []
    settings.FILES_ROOT = settings.MEDIA_ROOT / "images" / "files"
    assert [one.id for one in files.out_of_reach()] == ["contributions.E001"]


def test_answers_without_a_file_cost_no_query_more() -> None:
    engagement = publish(draft([block("say", "text")]))
    someone = Sender(engagement).begin()
    with CaptureQueriesContext(connection) as seen:
        someone.finish()
    assert not [query for query in seen if "sentfile" in query["sql"]]
