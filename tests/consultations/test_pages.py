"""The pages to read: what stands on them, what never does, and that the cost does not grow."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from collaborative import codes, pagecache
from collaborative.consultations import listing
from collaborative.consultations.actions import respond
from collaborative.consultations.models import ConsultationPage
from collaborative.contributions.actions import About, move
from collaborative.contributions.models import Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Release, Table
from collaborative.outcomes.models import DecisionIndexPage, DecisionPage
from collaborative.people.models import User
from tests.consultations.making import (
    Respondent,
    block,
    consultation,
    draft,
    five_kinds,
    group,
    home,
    publish,
    young_terms,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def closed(days_ago: int = 10, **changed: Any) -> Engagement:
    now = timezone.now()
    return consultation(opens_at=now - (days_ago + 90) * DAY, closes_at=now - days_ago * DAY, **changed)


def answer(
    engagement: Engagement,
    words: str,
    permission: str = "anonymous",
    state: str = State.RELEASED,
    **about: Any,
) -> Receipt:
    whole = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": permission,
        "recontact": False,
        "group": group("parents"),
        **about,
    }
    given = {"feel": {"text": words}, "when": {"chosen": ["p6"], "why": f"Why {words}"}}
    receipt, _new = respond(engagement, About(**whole), given, code=codes.new(), check_open=False)
    for contribution in receipt.contributions.all():
        move(contribution, state, by=None)
    return receipt


def test_the_list_shows_open_coming_and_closed(stranger: Client) -> None:
    now = timezone.now()
    consultation(title="One that is open", slug="open")
    consultation(title="One to come", slug="coming", opens_at=now + 3 * DAY, closes_at=now + 100 * DAY)
    closed(title="One that has closed", slug="closed")
    draft(title="One that is a draft", slug="draft")
    text = page(stranger, "/consultations/")
    places = [text.index(words) for words in ("One that is open", "One to come", "One that has closed")]
    assert places == sorted(places) and "One that is a draft" not in text
    assert "Open, 64 days left" in text and "Opens on" in text


def test_an_empty_list_says_what_will_stand_there(stranger: Client) -> None:
    assert "Nothing is open just now" in page(stranger, "/consultations/")


def test_par_1_the_page_says_what_can_change_and_who_decides(stranger: Client) -> None:
    consultation()
    text = page(stranger, "/consultations/starting/")
    for words in (
        "who leads it",
        "that it is voluntary",
        "The board, by",
        "Start",
        "On paper",
        "Open, 64 days left",
    ):
        assert words in text
    assert 'href="/consultations/starting/respond/"' in text


def test_saf_1_the_names_and_hours_stand_on_the_page_when_young_people_are_invited(stranger: Client) -> None:
    consultation()
    text = page(stranger, "/consultations/starting/")
    assert (
        "Lead looks after safety, and Deputy stands in." in text and "Monday to Friday, 9am to 5pm." in text
    )
    ConsultationPage.objects.update(invites_under_18=False)
    pagecache.shelf.clear()
    assert "looks after safety" not in page(stranger, "/consultations/starting/")


def test_con_3_the_reason_for_a_short_time_is_public(stranger: Client) -> None:
    now = timezone.now()
    consultation(closes_at=now + 20 * DAY, short_period_reason="The season begins.")
    assert "The season begins." in page(stranger, "/consultations/starting/")


@pytest.mark.parametrize("days, overdue", [(83, False), (85, True)])
def test_con_4_feedback_overdue_after_12_weeks(days: int, overdue: bool, stranger: Client) -> None:
    closed(days)
    for address in ("/consultations/", "/consultations/starting/", "/consultations/starting/feedback/"):
        assert ("Feedback overdue" in page(stranger, address)) == overdue


def test_con_4_not_once_we_said_what_we_did(stranger: Client) -> None:
    closed(100)
    ConsultationPage.objects.update(we_did="We changed it.")
    assert "Feedback overdue" not in page(stranger, "/consultations/starting/")


def test_a_late_decision_is_admitted(stranger: Client) -> None:
    closed(decides_by=timezone.localdate() - DAY)
    assert "We are late." in page(stranger, "/consultations/starting/")


@pytest.mark.parametrize("tail", ["", "respond/", "respond/age/", "paper/", "responses/", "feedback/"])
def test_nothing_of_a_draft_a_private_or_an_unknown_page_answers(tail: str, stranger: Client) -> None:
    draft(slug="draft")
    private = consultation(slug="private")
    PageViewRestriction.objects.create(page=private.page, restriction_type=PageViewRestriction.LOGIN)
    for slug in ("draft", "private", "no-such"):
        page(stranger, f"/consultations/{slug}/{tail}", 404)
    assert "private" not in page(stranger, "/consultations/")


def test_before_it_opens_nobody_can_answer(stranger: Client) -> None:
    now = timezone.now()
    someone = Respondent(consultation(opens_at=now + DAY, closes_at=now + 100 * DAY))
    assert someone.get().headers["Location"] == "/consultations/starting/"
    assert someone.post("age", age="26-plus").headers["Location"] == "/consultations/starting/"


# What people said -------------------------------------------------------------------------------


def test_rif_2_only_checked_and_permitted_answers_are_shown(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "Shown without a name.")
    answer(engagement, "Canary: not to be published.", permission="not-published")
    for state in (State.REFUSED, State.ESCALATED, State.WITHDRAWN):
        answer(engagement, f"Canary: {state}.", state=state)
    answer(engagement, "Canary: held.", state=State.HELD)
    for tail in (
        "responses/",
        "responses/?show=feel",
        "responses/?show=when",
        "responses/?view=response",
        "feedback/",
    ):
        text = page(stranger, f"/consultations/starting/{tail}")
        assert "Canary" not in text
    assert "Shown without a name." in page(stranger, "/consultations/starting/responses/?show=feel")


def test_rif_2_rif_4_names_stand_only_where_their_owners_chose_so(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "A", permission="named", name="Sheena Auld")
    answer(engagement, "B", name="Canary Person")
    answer(engagement, "C", permission="named", respondent_kind="organisation", organisation="Kestrel Ltd")
    answer(engagement, "D", respondent_kind="organisation", organisation="Canary Ltd", name="Canary Clerk")
    for tail in ("responses/", "responses/?view=response"):
        text = page(stranger, f"/consultations/starting/{tail}")
        assert "Sheena Auld" in text and "Kestrel Ltd" in text and "Canary" not in text
        assert "An organisation, name not shown" in text and "Parents" not in text


@pytest.mark.parametrize("early", [False, True])
def test_answers_wait_for_the_close_unless_the_editors_chose(early: bool, stranger: Client) -> None:
    answer(consultation(responses_while_open=early), "Said early.")
    text = page(stranger, "/consultations/starting/responses/?show=feel")
    assert ("Said early." in text) == early
    assert ("Answers are shown here once" in text) != early


def test_twenty_to_a_page(stranger: Client) -> None:
    engagement = closed()
    for n in range(21):
        answer(engagement, f"Number {n:02}.")
    for view in ("show=feel", "view=response"):
        first = page(stranger, f"/consultations/starting/responses/?{view}")
        second = page(stranger, f"/consultations/starting/responses/?{view}&page=2")
        assert "Number 20." in first and "Number 00." not in first and "Number 00." in second
        page(stranger, f"/consultations/starting/responses/?{view}&page=junk")


def test_what_someone_wrote_is_text_and_never_markup(stranger: Client) -> None:
    answer(closed(), "<script>alert(1)</script><b>bold</b>")
    for view in ("show=feel", "view=response"):
        text = page(stranger, f"/consultations/starting/responses/?{view}")
        assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_rif_3_a_withdrawn_permission_counts_at_once(stranger: Client) -> None:
    receipt = answer(closed(), "Not any more.")
    assert "Not any more." in page(stranger, "/consultations/starting/responses/?show=feel")
    receipt.contributions.update(permission="not-published")
    pagecache.shelf.clear()
    assert "Not any more." not in page(stranger, "/consultations/starting/responses/?show=feel")


# What became of it ------------------------------------------------------------------------------


def release(**content: Any) -> None:
    cut = Release.objects.create(number=1, cut_at=timezone.now(), reason="test", policy={}, content_hash="x")
    Table.objects.create(release=cut, key="engagement.starting", content=content)


def test_fbk_1_ana_1_feedback_shows_its_figures_with_the_caveat_and_hides_what_is_hidden(
    stranger: Client,
) -> None:
    closed(questions=five_kinds())
    release(
        received=214,
        excluded=11,
        excluded_by={"duplicate": 11, "blank": None},
        analysed=203,
        campaigns=[{"name": "Small Hosts", "identical": 38, "varied": 5}],
        kinds={"individual": 162, "organisation": None},
        permissions={"named": 71},
        groups=[{"slug": "parents", "name": "Parents", "n": None}],
    )
    ConsultationPage.objects.update(
        we_asked="We asked this.", we_asked_on="2026-01-02", you_said="You said that."
    )
    text = page(stranger, "/consultations/starting/feedback/")
    for words in (
        "214",
        "203",
        "Small Hosts: 38 identical responses, counted once",
        "2 January 2026",
        "It is not a vote",
    ):
        assert words in text
    assert text.count(">hidden<") == 3
    assert "There is no version of this for young people yet." in text


def _decided(engagement: Engagement, *days: date) -> None:
    """Published decisions that answer the consultation, one for each day."""
    above = home().add_child(instance=DecisionIndexPage(title="Decisions", slug="decisions"))
    for number, day in enumerate(days, 1):
        decision = above.add_child(
            instance=DecisionPage(
                title=f"Decision {number}", slug=f"decision-{number}", number=number, live=False
            )
        )
        decision.engagements.set([engagement])
        decision.save()
        DecisionPage.objects.filter(pk=decision.pk).update(live=True, decided_on=day)


def test_fbk_1_the_decisions_that_answer_it_are_linked(stranger: Client) -> None:
    _decided(closed(), timezone.localdate())
    ConsultationPage.objects.update(we_did="We did this.")
    assert 'href="/decisions/decision-1/"' in page(stranger, "/consultations/starting/feedback/")
    assert "Decided" in page(stranger, "/consultations/starting/")


# Paper, cost, cookies ---------------------------------------------------------------------------


def test_paper_has_every_question_in_the_chosen_words(stranger: Client) -> None:
    consultation()
    text = page(stranger, "/consultations/starting/paper/")
    for kind, value in five_kinds():
        assert kind and value["text"] in text
    assert "Freedom of Information (Scotland) Act 2002" in text and "13 to 15" in text
    assert "What would make it rubbish?" in page(stranger, "/consultations/starting/paper/?show=young")


READ = [
    "/consultations/",
    *(
        f"/consultations/starting/{tail}"
        for tail in ("", "paper/", "responses/?show=feel", "responses/?view=response", "feedback/")
    ),
]


@pytest.mark.parametrize("address", READ)
def test_a_page_costs_the_same_with_more_behind_it(address: str, stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "One.")

    def cost() -> int:
        pagecache.shelf.clear()
        page(stranger, address)  # warms what Wagtail keeps for itself
        pagecache.shelf.clear()
        pagecache.epoch.forget()  # so that asking for it is counted each time, however slow the machine
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(stranger, address)
        return len(queries)

    before = cost()
    for n in range(12):
        answer(engagement, f"More {n}.")
        if n < 4:
            closed(slug=f"more-{n}")
    assert cost() == before <= 17


@pytest.mark.parametrize("address", READ)
def test_pages_to_read_set_no_cookie_and_stay_in_the_cache(address: str, stranger: Client) -> None:
    closed()
    first = stranger.get(address)
    assert not first.cookies
    with CaptureQueriesContext(connection) as queries:
        assert stranger.get(address).content == first.content
    assert len(queries) <= 1


def test_a_new_wording_leaves_the_cache_at_once(stranger: Client) -> None:
    engagement = consultation()
    page(stranger, "/consultations/starting/")
    again = ConsultationPage.objects.get(pk=engagement.page_id)
    again.summary = "In other words."
    again.save_revision().publish()
    pagecache.epoch.forget()
    assert "In other words." in page(stranger, "/consultations/starting/")


def test_a_preview_shows_the_draft(editor: User, client_for: Callable[[User], Client]) -> None:
    found = draft(**young_terms(), questions=[block("only", text="Only in the draft?")])
    found.is_previewing = True
    assert "Only in the draft?" in found.make_preview_request().render().content.decode()
    publish(found)
    assert "Only in the draft?" in page(client_for(editor), "/consultations/starting/")


def test_drafts_of_answers_are_invisible_to_staff(
    administrator: User, client_for: Callable[[User], Client]
) -> None:
    administrator.is_superuser = True
    administrator.save()
    someone = Respondent(consultation())
    someone.post("age", age="26-plus")
    someone.post("q-feel", text="Canary of a draft.")
    client = client_for(administrator)
    for address in ("/admin/", "/admin/pages/", "/admin/reports/", "/consultations/starting/responses/"):
        assert "Canary of a draft." not in client.get(address, follow=True).content.decode()


def test_the_hour_is_said_plainly() -> None:
    zone = timezone.get_current_timezone()
    assert listing.moment(datetime(2026, 11, 10, 17, 0, tzinfo=zone)) == "10 November 2026, at 5pm"
    assert listing.moment(datetime(2026, 11, 10, 23, 59, tzinfo=zone)) == "10 November 2026, at 11:59pm"


@pytest.mark.parametrize(
    "last, said",
    [(date(2026, 10, 23), ""), (date(2026, 11, 2), "The last was late: we said by 23 October 2026.")],
)
def test_con_2_a_decision_that_came_late_is_said_to_be_late(last: date, said: str) -> None:
    engagement = closed()
    engagement.decides_by = date(2026, 10, 23)
    _decided(engagement, date(2026, 9, 23), last)
    step = listing._decision_step(engagement, timezone.now())
    assert step["label"] == "Decided" and step.get("text", "").endswith(said)
    assert bool(step.get("text")) == bool(said)


def test_when_every_decision_came_late_the_promise_stands_beside_it() -> None:
    engagement = closed()
    engagement.decides_by = date(2026, 10, 23)
    _decided(engagement, date(2026, 11, 2))
    step = listing._decision_step(engagement, timezone.now())
    assert step["text"] == "This was late: we said by 23 October 2026."
