"""Writing without script: what is asked before a first comment, nothing lost, one comment an attempt."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import JoinCode
from collaborative.limits import Bucket, Limit
from collaborative.threads import actions
from collaborative.threads.models import Comment, Thread, Voice
from tests.threads import talking

pytestmark = pytest.mark.django_db
WORDS = "Two lines that the pupil wrote.\n\nNot what was written about them."
ABOUT = {
    "step": "about",
    "age": "26-plus",
    "kind": "individual",
    "group": "",
    "permission": "anonymous",
    "recontact": "no",
}


class Writer:
    """Somebody with a browser of their own."""

    def __init__(self, thread: Thread, client: Client | None = None) -> None:
        self.thread = thread
        self.client = client or Client()
        self.key = ""

    def address(self, rest: str = "") -> str:
        return f"/comments/{self.thread.pk}/{rest}"

    def get(self, rest: str = "", **query: Any) -> Any:
        return self.client.get(self.address(rest), query)

    def fresh_key(self) -> str:
        found = re.search(r'name="key" value="([^"]+)"', self.get("add/").content.decode())
        assert found
        return found[1]

    def post(self, text: str = WORDS, rest: str = "add/", **data: Any) -> Any:
        self.key = data.pop("key", "") or self.fresh_key()
        return self.client.post(self.address(rest), {"text": text, "key": self.key, "then": "post", **data})

    def first(self, text: str = WORDS, **data: Any) -> Any:
        """Through both screens."""
        return self.post(text, **{**ABOUT, **data})


def hidden(body: str) -> dict[str, str]:
    """What a form carries along unseen."""
    from html import unescape

    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body)
    return {name: unescape(value) for name, value in fields}


def test_the_walk_of_a_stranger() -> None:
    writer = Writer(talking.thread())
    age = writer.post()
    assert "How old are you?" in age.content.decode() and "no-store" in age["Cache-Control"]
    carried = hidden(age.content.decode())
    assert carried["text"] == WORDS
    about = writer.client.post(writer.address("add/"), {**carried, "age": "26-plus"})
    body = about.content.decode()
    assert "Before your first comment" in body and "With my name" in body and " checked" not in body
    done = writer.client.post(writer.address("add/"), {**hidden(body), **ABOUT})
    assert (done.status_code, done["Location"]) == (302, writer.address("added/"))
    added = writer.get("added/").content.decode()
    assert re.search(r"[A-Z]+-[A-Z0-9]{4}-[A-Z0-9]{2}", added)
    comment = Comment.objects.get()
    assert talking.words(comment) == WORDS and comment.contribution.state == State.HELD
    assert comment.contribution.prompt == writer.thread.title
    second = writer.post("And one more.")
    assert second.status_code == 302 and Receipt.objects.count() == 1
    assert "And one more." in writer.get().content.decode()


def test_the_code_opens_the_receipt() -> None:
    writer = Writer(talking.thread())
    writer.first()
    code = re.search(r'cs_code">([^<]+)<', writer.get("added/").content.decode())[1]  # type: ignore[index]
    response = Client().post("/receipt/", {"code": code}, follow=True, HTTP_SEC_FETCH_SITE="same-origin")
    assert "What would help?" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "message"), [("", "Write what you want to say."), ("x" * 3001, "1 character too long")]
)
def test_what_is_wrong_is_said_first_and_what_was_typed_stays(text: str, message: str) -> None:
    writer = Writer(talking.thread())
    response = writer.post(text)
    body = response.content.decode()
    assert response.status_code == 422 and message in body
    assert body.index("ds_error-summary") < body.index("<textarea") and f"{text}</textarea>" in body
    assert f'value="{writer.key}"' in body


def test_a_preview_shows_paragraphs_and_safe_links_and_posts_nothing() -> None:
    writer = Writer(talking.thread())
    body = writer.post("One.\n\nSee https://example.org/a?b=1&c=2.", then="preview").content.decode()
    assert "<p>One.</p>" in body
    link = '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">'
    assert link in body and not Comment.objects.exists()


def test_contact_details_are_pointed_out_once_and_stop_nobody() -> None:
    writer = Writer(talking.thread())
    text = "Ring me on 01632 960123 or write to a@example.org"
    first = writer.post(text)
    body = first.content.decode()
    assert first.status_code == 200 and "a phone number" in body and "an e-mail address" in body
    assert not Comment.objects.exists()
    again = writer.client.post(
        writer.address("add/"), {**hidden(body), "text": text, "then": "post", **ABOUT}
    )
    assert again.status_code == 302 and Comment.objects.count() == 1


def test_sending_twice_going_back_and_retrying_make_one_comment() -> None:
    writer = Writer(talking.thread())
    writer.first(key="a-key-of-this-attempt")
    for _turn in range(3):
        assert writer.first(key="a-key-of-this-attempt").status_code == 302
    other_tab = Writer(writer.thread)  # the first answer never arrived: no cookie
    assert other_tab.first(key="a-key-of-this-attempt").status_code == 302
    assert (Voice.objects.count(), Receipt.objects.count(), Comment.objects.count()) == (1, 1, 1)


def test_a_forged_request_posts_nothing_and_gives_back_what_was_typed() -> None:
    thread = talking.thread()
    response = Client(enforce_csrf_checks=True).post(f"/comments/{thread.pk}/add/", {"text": WORDS})
    assert response.status_code == 403 and "Not what was written about them." in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("closed_at", "Closed on"),
        ("paused_until", "Nobody can post until"),
    ],
)
def test_what_was_typed_when_it_closed_is_there_to_copy(field: str, words: str) -> None:
    writer = Writer(talking.thread())
    key = writer.fresh_key()
    when = timezone.now() + (timedelta(minutes=3) if field == "paused_until" else timedelta())
    Thread.objects.filter(pk=writer.thread.pk).update(**{field: when})
    response = writer.first(key=key)
    body = response.content.decode()
    assert response.status_code == 409 and words in body
    assert "Not what was written about them." in body and not Comment.objects.exists()


def test_too_fast_says_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from collaborative import limits

    one = Bucket(1, 1)
    monkeypatch.setitem(limits.LIMITS, "post", Limit(each=one, network=one, school=one))
    writer = Writer(talking.thread())
    assert writer.first().status_code == 302
    response = writer.post("More.")
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert "More.</textarea>" in response.content.decode()


def test_slow_mode_says_when_and_keeps_what_was_typed() -> None:
    writer = Writer(talking.thread(slow_mode_seconds=300))
    assert writer.first().status_code == 302
    response = writer.post("More.")
    assert response.status_code == 429 and "More.</textarea>" in response.content.decode()


@pytest.mark.parametrize("band", ["under-12", "12"])
def test_age_1_children_alone_are_asked_kindly_to_come_with_an_adult(band: str) -> None:
    writer = Writer(talking.thread(talking.for_all()))
    body = writer.post(step="age", age=band).content.decode()
    assert "with an adult beside you" in body and "Two lines" not in body
    assert writer.first(age=band).status_code == 200
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("band", ["13-15", "16-17", "under-12"])
def test_an_engagement_for_adults_takes_nothing_of_people_under_18(band: str) -> None:
    writer = Writer(talking.thread())
    assert "for people who are older" in writer.first(age=band).content.decode()
    assert not Receipt.objects.exists()


def test_a_class_speaks_with_its_code_and_without_names() -> None:
    where = talking.for_all()
    writer = Writer(talking.thread(where))
    now = timezone.now()
    make_join_code(where, JoinCode.Kind.CLASS, now - timedelta(hours=1), now + timedelta(hours=1), None)
    code = JoinCode.objects.get()
    writer.client.cookies["class-visit"] = signing.dumps(code.pk, salt="class-visit")
    assert "data-shared" in writer.get().content.decode()
    asked = writer.post(step="age", age="under-12").content.decode()
    assert "Before your first comment" in asked and "Your name" not in asked and "With my name" not in asked
    assert writer.first(age="under-12").status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.age_band, receipt.name) == ("class", "under-12", "")
    writer.client.cookies["class-visit"] = "forged"
    assert "data-shared" not in writer.get().content.decode()


@pytest.mark.parametrize("band", ["13-15", "not-said"])
def test_kc_7_nobody_who_may_be_under_16_is_asked_for_a_name_or_address(band: str) -> None:
    writer = Writer(talking.thread(talking.for_all()))
    body = writer.post(step="age", age=band).content.decode()
    assert "With my name" not in body and 'name="name"' not in body and 'name="email"' not in body
    refused = writer.first(age=band, permission="named", name="Zoe Young")
    assert refused.status_code == 422 and not Receipt.objects.exists()
    assert writer.first(age=band, name="Zoe Young", email="zoe@example.org").status_code == 302
    assert (Receipt.objects.get().name, Receipt.objects.get().contact_email) == ("", "")


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"permission": ""}, "Choose how we may show it."),
        ({"kind": ""}, "Say whether you speak for yourself"),
        ({"permission": "named"}, "Write the name that we may show."),
        ({"kind": "organisation", "permission": "named", "name": "x"}, "Write the name of the organisation."),
        ({"recontact": "yes"}, "Write an e-mail address"),
        ({"recontact": ""}, "Choose yes or no."),
        ({"group": "nonsense"}, "Choose from the groups"),
    ],
)
def test_rif_1_nothing_is_answered_for_anyone(missing: dict[str, str], message: str) -> None:
    writer = Writer(talking.thread())
    response = writer.first(**missing)
    body = response.content.decode()
    assert response.status_code == 422 and message in body and "Not what was written about them." in body
    assert not Receipt.objects.exists()


def test_a_reply_is_written_on_a_page_that_shows_what_it_answers() -> None:
    thread = talking.thread()
    parent = talking.shown(thread, "What about the boats?")
    writer = Writer(thread)
    assert "What about the boats?" in writer.get(f"{parent.pk}/reply/").content.decode()
    assert writer.post("They sail.", rest=f"{parent.pk}/reply/", **ABOUT).status_code == 302
    assert Comment.objects.get(parent=parent).contribution.state == State.HELD


def test_nobody_replies_to_what_has_gone_and_keeps_what_was_typed() -> None:
    thread = talking.thread()
    parent = talking.shown(thread)
    writer = Writer(thread)
    key = writer.fresh_key()
    talking.refuse(parent)
    assert writer.get(f"{parent.pk}/reply/").status_code == 302
    response = writer.post("They sail.", rest=f"{parent.pk}/reply/", key=key, **ABOUT)
    assert response.status_code == 409 and "They sail." in response.content.decode()


def test_own_comment_changed_and_taken_back() -> None:
    writer = Writer(talking.thread())
    writer.first("Before.")
    comment = Comment.objects.get()
    assert "Before." in writer.get(f"{comment.pk}/change/").content.decode()
    empty = writer.client.post(writer.address(f"{comment.pk}/change/"), {"text": " "})
    assert empty.status_code == 422
    writer.client.post(writer.address(f"{comment.pk}/change/"), {"text": "After."})
    assert talking.words(comment) == "After."
    assert "Take your comment back?" in writer.get(f"{comment.pk}/take-back/").content.decode()
    writer.client.post(writer.address(f"{comment.pk}/take-back/"))
    assert Contribution.objects.get().state == State.WITHDRAWN
    assert "After." not in writer.get().content.decode()


@pytest.mark.parametrize("verb", ["change", "take-back", "still-holds"])
def test_nobody_else_opens_what_is_ones_own(verb: str) -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Mine.")
    for client in (Client(), Writer(thread).client):
        response = client.get(f"/comments/{thread.pk}/{comment.pk}/{verb}/")
        assert response.status_code == 302
        response = client.post(
            f"/comments/{thread.pk}/{comment.pk}/{verb}/", {"text": "Yours.", "holds": "no"}
        )
        assert response.status_code in (302, 409)
    assert talking.words(comment) == "Mine." and talking.again(comment).shown


def test_support_is_given_by_those_who_have_spoken_here() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Boats.")
    stranger = Client()
    address = f"/comments/{thread.pk}/{comment.pk}/support/"
    assert "once you have written one here" in stranger.get(address).content.decode()
    stranger.post(address, {"on": "yes"})
    assert talking.again(comment).support_count == 0
    writer = Writer(thread)
    writer.first()
    assert "Support it" in writer.client.get(address).content.decode()
    writer.client.post(address, {"on": "yes"})
    assert talking.again(comment).support_count == 1
    assert "1 supports this" in writer.get().content.decode()
    writer.client.post(address, {"on": "no"})
    assert talking.again(comment).support_count == 0


def test_its_author_says_whether_it_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    from collaborative.threads import anchors

    writer = Writer(talking.thread())
    writer.first("Ring.")
    comment = Comment.objects.get()
    Comment.objects.filter(pk=comment.pk).update(about_words="One number.")
    talking.release(comment)
    now = anchors.Anchor(title="A sentence", words="A card.", url="/model/")
    monkeypatch.setattr(anchors, "resolve", lambda _thread: now)
    assert "Say whether it still holds" in writer.get().content.decode()
    refused = writer.client.post(writer.address(f"{comment.pk}/still-holds/"), {})
    assert refused.status_code == 422
    writer.client.post(writer.address(f"{comment.pk}/still-holds/"), {"holds": "no"})
    assert "it no longer holds" in Client().get(writer.address()).content.decode()


def test_finishing_forgets_who_spoke_here() -> None:
    writer = Writer(talking.thread())
    writer.first("Mine alone.")
    assert "Mine alone." in writer.get().content.decode()
    response = writer.client.post(writer.address("finish/"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "This screen is clear" in writer.client.get(response["Location"]).content.decode()
    assert "Mine alone." not in writer.get().content.decode()
    assert writer.get("added/").status_code == 302


def test_finishing_signs_out() -> None:
    client = Client()
    client.force_login(talking.person_of("Ann"), backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/comments/{talking.thread().pk}/finish/")
    assert "_auth_user_id" not in client.session


def test_a_shared_device_keeps_nothing() -> None:
    writer = Writer(talking.thread())
    assert "data-shared" not in writer.get().content.decode()
    response = writer.client.post(writer.address("shared/"))
    assert response["Clear-Site-Data"] == '"storage"'
    body = writer.get().content.decode()
    assert "data-shared" in body and 'autocomplete="off"' in body


def json_post(writer: Writer, **data: Any) -> Any:
    return writer.client.post(
        writer.address("add/"),
        {"text": "By script.", "key": "k" * 20, **data},
        headers={"accept": "application/json"},
    )


def test_the_script_is_told_what_to_do() -> None:
    writer = Writer(talking.thread())
    assert json_post(writer).json() == {"step": "ask"}
    assert json_post(writer, text="Ring 01632 960123").json() == {"step": "look"}
    assert json_post(writer, text="").json()["errors"][0]["field"] == "text"
    assert json_post(writer, text="").status_code == 422
    writer.first("First.")
    answer = json_post(writer).json()
    assert answer["ok"] and not answer["shown"] and "By script." in answer["own"]
    assert answer["key"] and answer["key"] != "k" * 20
    assert json_post(writer).json()["id"] == answer["id"]
    actions.close(writer.thread, by=talking.moderator())
    closed = json_post(writer, key="l" * 20)
    assert closed.status_code == 409 and closed.json()["errors"]


def test_a_post_takes_at_most_fifteen_statements_hint_and_all(
    django_capture_on_commit_callbacks: Any,
) -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    talking.voice(thread, user)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    parent = talking.shown(thread)
    writer = Writer(thread, client)
    for rest in ("add/", f"{parent.pk}/reply/"):
        key = writer.fresh_key()
        with talking.Statements() as asked, django_capture_on_commit_callbacks(execute=True):
            assert writer.post(f"At once, {rest}", rest=rest, key=key).status_code == 302
        assert len(asked.said) <= 15, "\n".join(asked.said)
