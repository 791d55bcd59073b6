"""The screens of moderators and safeguarding leads: who sees what, and what a press does."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.moderation import actions
from collaborative.moderation.models import Contact, HouseRule, Report, SafeguardingCase
from collaborative.people.models import User
from tests.moderation.giving import engagement, receipt, rule, said

pytestmark = pytest.mark.django_db

CAST = [
    "editor",
    "board_member",
    "secretary",
    "analyst",
    "moderator",
    "safeguarding_lead",
    "facilitator",
    "administrator",
    "signed_in_person",
    "superuser",
]
Open = Callable[[User], Client]


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "a long password for tests")


@pytest.fixture
def world(moderator: User) -> dict[str, object]:
    """Something that waits, a case, and a message of either kind, each with a canary."""
    case = actions.escalate(said("Canary of the case"), by=moderator)
    return {
        "waiting": said("Canary that waits"),
        "case": case,
        "safety": actions.report("Canary about safety", about="safety", key="one"),
        "site": actions.report("Canary about the site", about="site", key="two"),
    }


def addresses(world: dict[str, object]) -> dict[str, tuple[str, set[str]]]:
    """Every staff address of this room, and who may open it."""
    keepers = {"moderator", "administrator", "safeguarding_lead", "superuser"}
    at = {
        "queue": (reverse("moderation_queue"), {"moderator"}),
        "check": (reverse("moderation_check", args=[world["waiting"].reference]), {"moderator"}),
        "cases": (reverse("safeguarding"), {"safeguarding_lead"}),
        "case": (reverse("safeguarding_case", args=[world["case"].pk]), {"safeguarding_lead"}),
        "reports": (reverse("moderation_reports"), {"moderator", "administrator"}),
        "safety": (reverse("moderation_report", args=[world["safety"].pk]), set()),
        "site": (reverse("moderation_report", args=[world["site"].pk]), {"moderator", "administrator"}),
        "told": (reverse("safeguarding_case", args=[world["safety"].case.pk]), {"safeguarding_lead"}),
        "contacts": (reverse("moderation_contacts"), keepers),
    }
    return at


@pytest.mark.parametrize("cast", CAST)
def test_kc_12_saf_2_each_screen_opens_for_its_role_alone(
    cast: str, world: dict[str, object], client_for: Open, request: pytest.FixtureRequest
) -> None:
    browser = client_for(request.getfixturevalue(cast))
    for name, (address, allowed) in addresses(world).items():
        response = browser.get(address)
        assert (response.status_code == 200) == (cast in allowed), (name, cast)
        if cast not in allowed:
            assert response.status_code in {302, 403, 404}, (name, cast)
            assert b"Canary" not in response.content


def test_a_stranger_is_asked_to_sign_in(world: dict[str, object], stranger: Client) -> None:
    for address, _allowed in addresses(world).values():
        response = stranger.get(address)
        assert response.status_code == 302
        assert "login" in response.url


@pytest.mark.parametrize("cast", CAST)
def test_a_press_by_anyone_else_does_nothing(
    cast: str, world: dict[str, object], client_for: Open, request: pytest.FixtureRequest
) -> None:
    if cast in {"moderator"}:
        return
    browser = client_for(request.getfixturevalue(cast))
    at = addresses(world)
    for outcome in ("release", "redact", "refuse", "escalate"):
        browser.post(at["check"][0], {"outcome": outcome, "rule": rule().pk, "seen": "held"})
    assert Contribution.objects.get(pk=world["waiting"].pk).state == State.HELD
    if cast != "safeguarding_lead":
        browser.post(at["case"][0], {"do": "close", "outcome": "Ended"})
        assert SafeguardingCase.objects.get(pk=world["case"].pk).closed_at is None
    if cast not in {"administrator"}:
        browser.post(reverse("moderation_report_handled", args=[world["site"].pk]))
        assert Report.objects.get(pk=world["site"].pk).handled_at is None


@pytest.mark.parametrize("cast", CAST)
def test_the_menu_and_the_first_page_show_what_the_role_may_open(
    cast: str, world: dict[str, object], client_for: Open, request: pytest.FixtureRequest
) -> None:
    page = client_for(request.getfixturevalue(cast)).get(reverse("wagtailadmin_home"))
    content = page.content.decode()
    for address, allowed in list(addresses(world).values())[:5:2]:
        assert (f'"{address}"' in content) == (cast in allowed), (cast, address)
    assert "Canary" not in content


def test_mod_3_the_queue_is_oldest_first_and_keeps_what_is_not_waiting_out(
    moderator: User, client_for: Open
) -> None:
    first, second, third = said("First"), said("Second"), said("Third")
    actions.release(second, by=moderator)
    content = client_for(moderator).get(reverse("moderation_queue")).content.decode()
    assert content.index(first.reference) < content.index(third.reference)
    assert second.reference not in content


def test_mod_1_what_is_handled_as_under_16_is_marked_and_can_be_chosen(
    moderator: User, client_for: Open
) -> None:
    young, unknown = said("Young", age_band="13-15"), said("Unknown", age_band="not-said")
    grown, older = said("Grown"), said("Older", age_band="16-17")
    browser = client_for(moderator)
    everything = browser.get(reverse("moderation_queue"))
    assert [thing["young"] for thing in everything.context["things"]] == [True, True, False, False]
    assert everything.content.decode().count("Handle as under 16") == 2
    only = browser.get(reverse("moderation_queue"), {"young": "on"}).content.decode()
    assert young.reference in only
    assert unknown.reference in only
    assert grown.reference not in only
    assert older.reference not in only


def test_the_queue_can_be_narrowed_to_one_thing_people_answer(moderator: User, client_for: Open) -> None:
    here, there = said("Here"), said("There", where=engagement("another"))
    response = client_for(moderator).get(reverse("moderation_queue"), {"engagement": "another"})
    content = response.content.decode()
    assert there.reference in content
    assert here.reference not in content


def test_kc_12_nothing_about_the_person_stands_on_a_moderators_screen(
    moderator: User, client_for: Open
) -> None:
    row = said(
        "Words",
        name="Canary Name",
        contact_email="canary@example.org",
        organisation="Canary Firm",
        permission="named",
    )
    browser = client_for(moderator)
    for address in (reverse("moderation_queue"), reverse("moderation_check", args=[row.reference])):
        content = browser.get(address).content.decode()
        assert "Words" in content
        for private in ("Canary Name", "canary@example.org", "Canary Firm", "Employers", "26 or over"):
            assert private not in content


def test_mod_2_what_looks_private_is_marked_for_the_moderator(moderator: User, client_for: Open) -> None:
    row = said("Ring 01632 960123 or <b>write</b>")
    content = client_for(moderator).get(reverse("moderation_check", args=[row.reference])).content.decode()
    assert "01632 960123</mark>" in content
    assert "&lt;b&gt;write" in content


def press(browser: Client, row: Contribution, outcome: str, query: str = "", **more: object) -> object:
    address = reverse("moderation_check", args=[row.reference]) + query
    return browser.post(address, {"outcome": outcome, "seen": row.state, **more})


def test_mod_2_each_outcome_leads_to_the_next_that_waits(moderator: User, client_for: Open) -> None:
    rows = [said(f"Ask Dan {number}") for number in range(5)]
    browser = client_for(moderator)
    sent = [
        ("release", {}, "released"),
        ("redact", {"text": "Ask [removed] 1", "reason": "A name."}, "released"),
        ("refuse", {"rule": rule().pk}, "refused"),
        ("escalate", {}, "escalated"),
    ]
    for number, (outcome, more, state) in enumerate(sent):
        response = press(browser, rows[number], outcome, **more)
        assert response.url == reverse("moderation_check", args=[rows[number + 1].reference])
        assert Contribution.objects.get(pk=rows[number].pk).state == state
    assert press(browser, rows[4], "release").url == reverse("moderation_queue")


def test_the_next_one_keeps_to_what_was_chosen(moderator: User, client_for: Open) -> None:
    row = said("One", age_band="13-15")
    said("Grown up, comes next in time")
    young = said("Two", age_band="not-said")
    response = press(client_for(moderator), row, "release", "?young=on")
    assert response.url == reverse("moderation_check", args=[young.reference]) + "?young=on"


def test_saf_2_one_press_escalates_and_the_moderator_does_not_see_it_again(
    moderator: User, client_for: Open
) -> None:
    row = said("Canary")
    browser = client_for(moderator)
    press(browser, row, "escalate")
    for address in (
        reverse("moderation_queue"),
        reverse("moderation_check", args=[row.reference]),
        reverse("safeguarding"),
        reverse("safeguarding_case", args=[SafeguardingCase.objects.get().pk]),
    ):
        assert b"Canary" not in browser.get(address, follow=True).content


@pytest.mark.parametrize("state", ["escalated", "withdrawn", "hidden"])
@pytest.mark.parametrize("seen", ["held", "escalated", "withdrawn", "hidden"])
def test_saf_2_no_press_of_any_kind_brings_back_words_that_left_moderation(
    state: str, seen: str, moderator: User, client_for: Open
) -> None:
    row = said("Canary Dan")
    Contribution.objects.filter(pk=row.pk).update(state=state)
    browser, address = client_for(moderator), reverse("moderation_check", args=[row.reference])
    for outcome, more in [
        ("release", {}),
        ("refuse", {}),
        ("refuse", {"rule": rule().pk}),
        ("redact", {}),
        ("redact", {"text": "Canary [removed]", "reason": "A name."}),
        ("nothing", {}),
        ("", {}),
    ]:
        page = browser.post(address, {"outcome": outcome, "seen": seen, **more}, follow=True)
        assert "Canary" not in page.content.decode(), (outcome, more)
        assert Contribution.objects.get(pk=row.pk).state == state


def test_mod_2_somebody_was_faster_is_said_clearly(moderator: User, client_for: Open) -> None:
    from collaborative.people.roles import Role
    from tests.cast import person

    row = said("Words")
    stale = Contribution.objects.get(pk=row.pk)
    actions.refuse(row, rule(), by=person("Mungo", Role.MODERATORS))
    address = reverse("moderation_check", args=[row.reference])
    sent = {"outcome": "release", "seen": stale.state}
    response = client_for(moderator).post(address, sent, follow=True)
    assert "Somebody else has dealt with this already." in response.content.decode()
    assert Contribution.objects.get(pk=row.pk).state == State.REFUSED


def test_pressing_twice_is_no_error(moderator: User, client_for: Open) -> None:
    row = said("Ask Dan")
    browser = client_for(moderator)
    more = {"outcome": "redact", "seen": "held", "text": "Ask [removed]", "reason": "A name."}
    for _turn in range(2):
        address = reverse("moderation_check", args=[row.reference])
        content = browser.post(address, more, follow=True).content.decode()
        assert "Somebody else" not in content
    assert row.wordings.count() == 2


def test_rif_6_a_wrong_wording_comes_back_with_what_was_typed(moderator: User, client_for: Open) -> None:
    row = said("Ask Dan in P7")
    content = press(
        client_for(moderator), row, "redact", text="Ask Ann in [removed]", reason="A reason typed"
    ).content.decode()
    assert "Ask Ann in [removed]" in content
    assert "A reason typed" in content
    assert "change nothing else" in content
    assert Contribution.objects.get(pk=row.pk).state == State.HELD


def test_rif_6_line_ends_of_a_browser_are_no_change(moderator: User, client_for: Open) -> None:
    row = said("Ask Dan\nin P7\n")
    press(client_for(moderator), row, "redact", text="Ask [removed]\r\nin P7\r\n", reason="A name.")
    assert row.wordings.order_by("-number")[0].text == "Ask [removed]\nin P7\n"


def test_kc_6_a_refusal_without_a_rule_is_sent_back(moderator: User, client_for: Open) -> None:
    row = said()
    assert "Choose the house rule" in press(client_for(moderator), row, "refuse").content.decode()
    assert Contribution.objects.get(pk=row.pk).state == State.HELD


def test_what_people_told_us_is_marked_as_dealt_with_once(
    world: dict[str, object], moderator: User, client_for: Open
) -> None:
    browser = client_for(moderator)
    for _turn in range(2):
        browser.post(reverse("moderation_report_handled", args=[world["site"].pk]))
    assert Report.objects.get(pk=world["site"].pk).handled_by == moderator
    assert LedgerEvent.objects.filter(verb="report.handled").count() == 1


@pytest.mark.parametrize("model", [HouseRule, Contact])
def test_house_rules_and_contacts_are_kept_by_those_who_may(
    model: type, administrator: User, editor: User, client_for: Open
) -> None:
    address = reverse(f"wagtailsnippets_moderation_{model._meta.model_name}:list")
    assert client_for(administrator).get(address).status_code == 200
    assert client_for(editor).get(address).status_code == 302


def test_a_house_rule_that_was_used_is_not_deleted(moderator: User, client_for: Open) -> None:
    used = rule()
    actions.refuse(said(), used, by=moderator)
    address = reverse("wagtailsnippets_moderation_houserule:delete", args=[used.pk])
    bulk = reverse("wagtail_bulk_action", args=["moderation", "houserule", "delete"]) + "?next=/admin/"
    for door in (address, bulk + f"&id={used.pk}"):
        content = client_for(moderator).post(door, follow=True).content.decode()
        assert "is the reason of refusals" in content
    assert HouseRule.objects.filter(pk=used.pk).exists()


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_the_queue_costs_the_same_however_much_waits(moderator: User, client_for: Open) -> None:
    browser = client_for(moderator)
    receipt("One", "Two")
    few = queries(browser, reverse("moderation_queue"))
    for number in range(15):
        receipt("One", "Two", where=engagement(f"place-{number % 4}"))
    assert queries(browser, reverse("moderation_queue")) == few
    assert few < 25


def test_one_thing_costs_the_same_however_much_waits(moderator: User, client_for: Open) -> None:
    browser, row = client_for(moderator), said()
    said()
    address = reverse("moderation_check", args=[row.reference])
    few = queries(browser, address)
    for number in range(10):
        receipt("One", "Two", where=engagement(f"place-{number % 4}"))
    assert queries(browser, address) == few


class Tokens(HTMLParser):
    """Counts the forms and those that carry a token."""

    def __init__(self) -> None:
        super().__init__()
        self.posts, self.tokens = 0, 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.posts += tag == "form" and found.get("method") == "post"
        self.tokens += tag == "input" and found.get("name") == "csrfmiddlewaretoken"


def test_every_form_of_a_moderator_is_guarded_against_other_sites(moderator: User, client_for: Open) -> None:
    row = said()
    page = Tokens()
    page.feed(client_for(moderator).get(reverse("moderation_check", args=[row.reference])).content.decode())
    assert page.posts == page.tokens >= 4


def test_no_copy_of_a_staff_screen_is_kept(moderator: User, client_for: Open) -> None:
    said()
    assert "no-store" in client_for(moderator).get(reverse("moderation_queue"))["Cache-Control"]
