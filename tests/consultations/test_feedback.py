"""What came of it: three dated parts whose figures are counted, frozen, and refused where they disagree."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative import pagecache
from collaborative.analysis.actions import confirm_campaign
from collaborative.analysis.models import Theme
from collaborative.analysis.reckoning import disagreements
from collaborative.consultations import figures
from collaborative.consultations.figures import table_disagreements
from collaborative.consultations.models import ConsultationPage, Feedback
from collaborative.contributions.actions import exclude, withdraw
from collaborative.contributions.models import LedgerEvent, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.figures.models import Release, Table
from collaborative.flow.actions import cut_release
from collaborative.outcomes.models import DecisionPage
from collaborative.people.models import User
from tests.consultations.making import group
from tests.consultations.telling import closed, crowd, decided, parts, told
from tests.engagements.test_gates import posted
from tests.flow.world import sort
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(db: None) -> Engagement:
    """Twelve answers by two ways, a decision, and figures of it all."""
    made = closed()
    crowd(made, 7)
    crowd(made, 6, channel="paper", group=group("young-people"))
    decided(made)
    cut_release()
    return made


def messages(**changed: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        told(**changed)
    return list(refusal.value.messages)


# Freezing ------------------------------------------------------------------------------------------


def test_fbk_1_each_part_is_frozen_with_its_day_and_the_table_it_stood_on(where: Engagement) -> None:
    told(**parts("we_asked"))
    told(**parts("we_asked", "you_said", "we_did"))
    rows = {row.part: row for row in Feedback.objects.all()}
    assert set(rows) == {"asked", "said", "did"}
    assert rows["said"].table == rows["did"].table == Table.objects.now(f"engagement.{where.slug}")
    assert (rows["did"].decisions, rows["said"].decisions) == ([1], [])
    assert rows["did"].on == timezone.localdate() and rows["did"].text == "These words."
    events = LedgerEvent.objects.filter(verb="feedback.published").order_by("pk")
    assert [event.data["parts"] for event in events] == [["asked"], ["said", "did"]]


def test_the_same_words_again_write_nothing_and_new_words_are_the_next_number(where: Engagement) -> None:
    told(**parts("you_said", "we_did"))
    told()
    assert Feedback.objects.count() == 2
    told(**parts("you_said", words="Better words."))
    assert list(Feedback.objects.filter(part="said").order_by("number").values_list("number", "text")) == [
        (1, "These words."),
        (2, "Better words."),
    ]
    assert Feedback.objects.filter(part="did").count() == 1


@pytest.mark.parametrize(
    "how", ["UPDATE {} SET text = 'x'", "UPDATE {} SET table_id = NULL", "DELETE FROM {}"]
)
def test_the_database_refuses_to_change_what_was_published(where: Engagement, how: str) -> None:
    told(**parts("you_said"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(how.format("consultations_feedback"))


def test_ana_3_the_page_shows_the_topics_of_its_decisions_as_the_release_counts_them(
    where: Engagement, client: Client
) -> None:
    told(**parts("you_said", "we_did"))
    page = client.get(reverse("consultation_feedback", args=[where.slug])).content.decode()
    rows = Table.objects.filter(key__startswith="decision.").latest("pk").content["themes"]
    assert [(row["name"], row["n"]) for row in rows] == [("Ask me first", 0)]
    found = re.search(r'<a href="/themes/[^"]+">Ask me first</a></th><td class="cs_num">0</td>', page)
    assert found and "One response may speak of several topics." in page
    assert "what was said there is counted" not in page
    with CaptureQueriesContext(connection) as asked:
        figures.topics(list(DecisionPage.objects.prefetch_related("engagements")))
    assert len(asked) == 3


def test_fbk_1_asking_comes_before_there_are_figures() -> None:
    closed()
    told(**parts("we_asked"))
    assert Feedback.objects.get().table is None


# Refusing ------------------------------------------------------------------------------------------


def test_ana_2_what_was_said_is_not_published_before_it_is_counted() -> None:
    made = closed()
    crowd(made, 7)
    assert messages(**parts("you_said")) == [
        "There are no figures of this consultation yet. Have them counted first."
    ]
    assert not Feedback.objects.exists()


def test_fbk_1_we_did_without_a_decision_is_refused_beside_its_field(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    made = closed()
    crowd(made, 7)
    cut_release()
    page, client = ConsultationPage.objects.get(), client_for(editor)
    day = str(timezone.localdate())
    data = posted(page, client) | {"we_did": "We did it.", "we_did_on": day, "action-publish": "1"}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert "First publish the decision" in str(answer.context["form"].errors["we_did"])
    assert "We did it." in answer.content.decode()
    assert not Feedback.objects.exists()


def test_ana_2_publication_refuses_while_parts_and_totals_disagree_and_says_where(where: Engagement) -> None:
    content = Table.objects.now(f"engagement.{where.slug}").content
    release = Release.objects.create(
        number=2, cut_at=timezone.now(), reason="made by hand", policy={}, content_hash="x"
    )
    key = f"engagement.{where.slug}"
    Table.objects.create(release=release, key=key, content={**content, "received": 14})
    (said,) = messages(**parts("you_said"))
    assert "received: the total is 14" in said and "analysed 13" in said and "1 missing" in said
    assert not Feedback.objects.exists()


def test_ana_2_a_campaign_whose_members_went_still_adds_up(where: Engagement) -> None:
    """Sizes count who is analysed: one who took theirs back leaves the size, and the sum stands."""
    same = crowd(where, 16)
    confirm_campaign(where, "One text", identical=same, by=deciding.analyst())
    assert disagreements(where.pk) == []
    for gone, left_out in zip(same[:5], same[5:10], strict=True):
        withdraw(gone)
        exclude(left_out, "test", by=None)
    assert disagreements(where.pk) == []
    cut_release()
    table = Table.objects.now(f"engagement.{where.slug}")
    assert table.get("campaigns") == [{"name": "One text", "identical": 6, "varied": 0}]
    assert table.get("analysed") - table.get("counted") == 5
    assert table_disagreements(table.content) == []


def test_ana_2_the_record_is_asked_again_and_its_disagreement_is_told(where: Engagement) -> None:
    """A response with a channel that no table knows stands in no part."""
    Receipt.objects.filter(pk=Receipt.objects.filter(channel="paper")[0].pk).update(channel="pigeon")
    (said,) = messages(**parts("you_said"))
    assert "analysed, by channel: the total is 13" in said


def test_figures_that_a_crowd_has_moved_since_are_refused(where: Engagement) -> None:
    crowd(where, 4)
    told(**parts("you_said"))  # fewer than a crowd: the figures of the day stand
    crowd(where, 1)
    (said,) = messages(**parts("we_did"))
    assert said.startswith("5 responses changed since the figures were counted")
    cut_release()
    told(**parts("we_did"))


def test_lun_2_where_young_people_were_invited_what_we_did_is_told_to_them(where: Engagement) -> None:
    from tests.consultations.making import young_terms

    (said,) = messages(**young_terms(), **parts("we_did"))
    assert "say for them too" in said
    told(young_feedback="You said. We did.", **young_terms(), **parts("we_did"))


@pytest.mark.parametrize(
    "content, where",
    [
        ({"received": 10, "analysed": 6, "excluded": 3, "waiting": 0, "gone": 0}, "received"),
        ({"received": 10, "analysed": None, "excluded": 11, "waiting": None, "gone": 0}, "received"),
        ({"excluded": 6, "excluded_by": {"test": 6, "blank": 1}}, "left out"),
        ({"analysed": 9, "channels": {"web": 8}}, "by channel"),
        ({"analysed": 9, "groups": [{"slug": "a", "n": 10}]}, "by group"),
    ],
)
def test_ana_2_printed_parts_are_held_against_printed_totals(content: dict[str, Any], where: str) -> None:
    whole = {"kinds": {"individual": 9}, "permissions": {"named": 9}, "channels": {"web": 9}, **content}
    found = [str(one) for one in table_disagreements(whole if "analysed" in content else content)]
    assert any(where in one for one in found), found


def test_hidden_numbers_are_room_and_no_disagreement() -> None:
    hidden = {"received": 20, "analysed": 11, "excluded": None, "waiting": None, "gone": 0}
    rest = {"channels": {"web": None, "paper": None}, "kinds": {"individual": 11, "organisation": 0}}
    assert table_disagreements({**hidden, **rest, "permissions": {"named": None, "anonymous": 6}}) == []


# What readers see ------------------------------------------------------------------------------------


def read(where: Engagement) -> str:
    pagecache.shelf.clear()
    pagecache.epoch.forget()
    return Client().get(f"/consultations/{where.slug}/feedback/").content.decode()


def test_ana_2_the_page_shows_the_figures_by_group_and_channel_and_they_stay(where: Engagement) -> None:
    told(**parts("we_asked", "you_said", "we_did"))
    before = read(where)
    assert "By how it reached us" in before and "They stay as they are." in before
    crowd(where, 9)
    cut_release()
    assert Table.objects.now(f"engagement.{where.slug}").get("received") == 22
    after = read(where)
    for text in (before, after):
        assert '<dt>Responses received</dt><dd class="cs_num">13</dd>' in text
    told(**parts("you_said", words="More of you said."))  # told anew, with the figures of now
    assert '<dt>Responses received</dt><dd class="cs_num">22</dd>' in read(where)


def test_ana_2_topics_stay_with_the_figures_that_the_answer_stood_on(where: Engagement) -> None:
    """Neither words sorted later nor a decision published later changes the numbers of what was told."""

    def spoke() -> list[tuple[str, str]]:
        """Each topic with its number, "" where it is hidden."""
        return re.findall(r'<a href="/themes/[^"]+">([^<]+)</a></th><td class="cs_num">(\d*)', read(where))

    told(**parts("you_said", "we_did"))
    assert spoke() == [("Ask me first", "0")]
    topic = Theme.objects.get(code="T1")
    for receipt in crowd(where, 12):
        sort(receipt.contributions.get(), topic)
    later = deciding.theme("T2", "Too late")
    deciding.publish(deciding.draft(2, answers=[deciding.answer(later)], engagements=[where]))
    cut_release()
    newest = Table.objects.now_many(["decision.decision-1", "decision.decision-2"])
    assert [row["n"] for row in newest["decision.decision-1"].content["themes"]] == [None]
    assert "decision.decision-2" in newest
    assert spoke() == [("Ask me first", "0")]
    told(**parts("we_did", words="More was done."))  # told anew, with the figures and decisions of now
    assert spoke() == [("Ask me first", ""), ("Too late", "")]


def test_sdc_1_what_feedback_stands_on_moves_only_with_a_crowd(where: Engagement) -> None:
    """Five answers change, so a release may be cut; four of them come back: one would stand out."""
    held = crowd(where, 4)
    cut_release(by=deciding.analyst(), reason="before the feedback")
    told(**parts("you_said"))
    frozen = Table.objects.now(f"engagement.{where.slug}").content
    for receipt in [*held, Receipt.objects.exclude(pk__in=[one.pk for one in held]).first()]:
        exclude(receipt, "test", by=None)
    second = cut_release()
    assert Table.objects.now(f"engagement.{where.slug}").get("analysed") == frozen["analysed"] - 5
    for receipt in held:
        exclude(receipt, "", by=None)
    crowd(closed_too(), 5)  # enough happened elsewhere for the next release
    third = cut_release()
    assert third.number == second.number + 1
    assert Table.objects.now(f"engagement.{where.slug}").content == frozen


def closed_too() -> Engagement:
    return closed(slug="another", title="Another")


def test_the_pages_cost_does_not_grow_with_what_was_published(where: Engagement) -> None:
    told(**parts("we_asked", "you_said", "we_did"))
    pagecache.shelf.clear()
    with CaptureQueriesContext(connection) as few:
        read(where)
    for turn in range(3):
        told(**parts("you_said", "we_did", words=f"Words {turn}."))
    with CaptureQueriesContext(connection) as many:
        read(where)
    assert len(many) <= len(few)


# For staff --------------------------------------------------------------------------------------------


def test_con_4_staff_are_shown_what_is_overdue(editor: User, client_for: Callable[[User], Client]) -> None:
    closed(days=100, slug="late", title="Late one")
    closed(days=10, slug="fresh", title="Fresh one")
    client = client_for(editor)
    text = client.get(reverse("feedback_overview")).content.decode()
    assert text.index("Late one") < text.index("Fresh one")
    assert text.count("Overdue by") == 1 and "Overdue by 16 days" in text
    home = client.get("/admin/").content.decode()
    assert "Feedback overdue</a>: 1" in home


def test_staff_are_told_before_they_publish_whether_it_adds_up(
    analyst: User, where: Engagement, client_for: Callable[[User], Client]
) -> None:
    client = client_for(analyst)
    address = reverse("feedback_one", args=[where.pk])
    with CaptureQueriesContext(connection) as few:
        assert "Yes. What was received" in client.get(address).content.decode()
    crowd(where, 5)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
    Receipt.objects.filter(pk=Receipt.objects.first().pk).update(channel="pigeon")
    text = client.get(address).content.decode()
    assert "by channel" in text and "cannot be published" in text


def test_nobody_else_is_shown_it(
    moderator: User, where: Engagement, signed_in_person: User, client_for: Callable[[User], Client]
) -> None:
    for user in (moderator, signed_in_person):
        for address in (reverse("feedback_overview"), reverse("feedback_one", args=[where.pk])):
            assert client_for(user).get(address).status_code in (302, 403)
