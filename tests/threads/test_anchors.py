"""What comments hang on: a sentence, a decision, a question, a part of a workshop; nobody is held up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from collaborative.engagements.models import Engagement
from collaborative.people.roles import Role
from collaborative.threads import actions, anchors
from collaborative.threads.models import Thread
from tests.changemakers import workshops
from tests.consultations import making
from tests.outcomes import deciding, plan
from tests.threads import talking
from tests.threads.test_writing import Writer, hidden

pytestmark = pytest.mark.django_db


def on(page: Page, kind: str, key: str, where: Engagement | None = None) -> Thread:
    editor = talking.person_of("Edwina", Role.EDITORS)
    where = where or talking.adults_only()
    page = Page.objects.get(pk=page.pk)
    opened = actions.open_thread(where, page, title="What of this?", by=editor, kind=kind, key=key)
    return Thread.objects.whole().get(pk=opened.pk)


def page(thread: Thread) -> str:
    return Client().get(f"/comments/{thread.pk}/").content.decode()


# A sentence of the plan -------------------------------------------------------------------------


@pytest.fixture
def first_principle() -> tuple[Any, Thread]:
    """P1: “You asked me first.”"""
    written = plan.published_page()
    return written, on(written, "clause", "P1")


def reworded(written: Any, words: str, number: int = 2) -> None:
    """The board approves other words for the same sentence."""
    body = plan.changed(plan.blocks(), "P1", statement=words, reason=f"Because of reason number {number}.")
    plan.publish(written, body)


def test_a_sentence_is_shown_with_the_day_since_which_it_reads_so(first_principle: Any) -> None:
    _written, thread = first_principle
    body = page(thread)
    assert "“You asked me first.”" in body and "as it has read since" in body
    assert "our plan, principle 1: Name of P1" in body and 'href="/model/clauses/P1/"' in body


def test_the_page_of_the_sentence_leads_to_its_comments_without_a_count(first_principle: Any) -> None:
    _written, thread = first_principle
    talking.shown(thread, "Quite so.")
    body = Client().get("/model/clauses/P1/").content.decode()
    assert f'href="/comments/{thread.pk}/"' in body and "1 comment" not in body
    assert f'href="/comments/{thread.pk}/"' not in Client().get("/model/clauses/P2/").content.decode()


def test_a_comment_keeps_the_words_it_was_about_and_is_attached_where_they_survive(
    first_principle: Any, client_for: Any
) -> None:
    written, thread = first_principle
    client = client_for(talking.person_of("Ann"))
    talking.voice(thread, talking.person_of("Ann"))
    client.post(f"/comments/{thread.pk}/add/", {"text": "Quite so.", "key": "k" * 20, "then": "post"})
    comment = thread.comments.get()
    assert comment.about_words == "You asked me first."
    reworded(written, "You asked me first, and then you told me what came of it.")
    assert "earlier words" not in page(thread)
    reworded(written, "Nobody decided before asking.", 3)
    body = page(thread)
    assert "This was said about earlier words:" in body and "“You asked me first.”" in body
    assert "Does this still hold?" in body and "“Nobody decided before asking.”" in body
    client.post(f"/comments/{thread.pk}/{comment.pk}/still-holds/", {"holds": "yes"})
    assert "it still holds of the words as they are now" in page(thread)
    reworded(written, "Nobody ever decided before asking.", 4)
    assert "Does this still hold?" in page(thread)  # of these words nobody has said so yet


def test_what_counts_is_the_sentence_that_stood_before_whoever_wrote(first_principle: Any) -> None:
    written, thread = first_principle
    writer = Writer(thread)
    seen = hidden(writer.get("add/").content.decode())["sentence"]
    reworded(written, "Nobody decided before asking.")  # while they were typing
    writer.first("Quite so.", sentence=seen)
    assert thread.comments.get().about_words == "You asked me first."
    writer.post("Signed by nobody.", sentence="You asked me nothing.")
    assert thread.comments.order_by("-pk")[0].about_words == "Nobody decided before asking."


def test_a_post_on_a_sentence_takes_at_most_fifteen_statements(
    first_principle: Any, client_for: Any, django_capture_on_commit_callbacks: Any
) -> None:
    _written, thread = first_principle
    user = talking.person_of("Ann")
    talking.voice(thread, user)
    writer = Writer(thread, client_for(user))
    seen = hidden(writer.get("add/").content.decode())
    with talking.Statements() as asked, django_capture_on_commit_callbacks(execute=True):
        writer.post("At once.", key=seen["key"], sentence=seen["sentence"])
    assert thread.comments.get().shown
    assert len(asked.said) <= 15, "\n".join(asked.said)


def test_some_of_the_words_can_be_chosen(first_principle: Any, client_for: Any) -> None:
    written, thread = first_principle
    client = client_for(talking.person_of("Ann"))
    talking.voice(thread, talking.person_of("Ann"))
    for key, chosen, kept in (
        ("k" * 20, "asked me", "asked me"),
        ("l" * 20, "words that never stood there", "You asked me first."),
    ):
        sent = {"text": f"About {key}.", "key": key, "then": "post", "about_words": chosen}
        client.post(f"/comments/{thread.pk}/add/", sent)
        assert thread.comments.order_by("-pk")[0].about_words == kept
    reworded(written, "They asked me early.")
    assert page(thread).count("This was said about earlier words:") == 1


def test_a_sentence_that_was_taken_out_leaves_its_comments_readable(first_principle: Any) -> None:
    written, thread = first_principle
    talking.shown(thread, "Quite so.", about_words="You asked me first.")
    retired = [
        {
            "type": "sentence",
            "value": {"ref": "P1", "reason": "It says the same as another one.", "decision": None},
        }
    ]
    plan.publish(written, plan.without(plan.blocks(), "P1"), retired=retired)
    assert anchors.resolve(thread).words == ""
    body = page(thread)
    assert "Quite so." in body and "“You asked me first.”" in body
    assert Client().get("/model/clauses/P1/").status_code == 200


def test_editors_are_never_held_up_by_comments(first_principle: Any) -> None:
    written, thread = first_principle
    for n in range(3):
        talking.say(thread, f"It waits, number {n}.")
    reworded(written, "Nobody decided before asking.")
    assert anchors.resolve(thread).words == "Nobody decided before asking."


def test_an_outcome_speaks_in_its_first_words(first_principle: Any) -> None:
    written, _thread = first_principle
    assert anchors.resolve(on(written, "clause", "O1")).words == "I was heard."
    with pytest.raises(Exception, match="does not stand"):
        on(written, "clause", "P99")
    assert {key for _kind, key, _label in anchors.choices(Page.objects.get(pk=written.pk))} >= {
        "P1",
        "P2",
        "O1",
    }


# A decision, a question, a part of a workshop -----------------------------------------------------


def test_a_decision_shows_its_answer_and_links_to_its_comments() -> None:
    made = deciding.publish(
        deciding.draft(answers=[deciding.answer(deciding.theme())], engagements=[deciding.engagement()])
    )
    thread = on(made, "decision", "")
    assert "“No, we will not.”" in page(thread)
    assert f'href="/comments/{thread.pk}/"' in Client().get(made.url).content.decode()


def test_a_question_shows_how_it_is_asked_and_links_from_the_consultation() -> None:
    where = making.consultation()
    thread = on(where.page, "question", "feel", where)
    assert "“What should it never feel like?”" in page(thread)
    assert f'href="/comments/{thread.pk}/"' in Client().get(f"/consultations/{where.slug}/").content.decode()
    keys = {key for kind, key, _label in anchors.choices(where.page) if kind == "question"}
    assert keys == {"when", "who", "feel", "agree", "promises"}


def test_a_part_of_a_workshop_and_the_link_from_its_page() -> None:
    meeting = workshops.workshop(starts=timezone.now() - timedelta(minutes=5))
    where = Engagement.objects.get(page_id=meeting.pk)
    thread = on(meeting, "stage", meeting.stages[1].id, where)
    body = page(thread)
    assert "“Part 2”, a part of" in body and "“We talk.”" in body
    assert f'href="/comments/{thread.pk}/"' in Client().get(meeting.url).content.decode()
    assert "Closed." not in body
    Engagement.objects.filter(pk=where.pk).update(closes_at=timezone.now())
    assert "Closed." in page(thread)


def test_a_page_without_comments_says_nothing_of_them() -> None:
    where = making.consultation()
    assert "/comments/" not in Client().get(f"/consultations/{where.slug}/").content.decode()
