"""The screens of a concern: the press that raises it, the list, the case, and who reaches which (SAF-2)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.engagements.models import JoinCode
from collaborative.moderation import actions
from collaborative.moderation.models import CaseNote, Report, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.analysis.sorting import released
from tests.cast import person
from tests.moderation.giving import receipt, said
from tests.moderation.naming import deputy_of, guarded, lead_of, site_hours, weekday_hours
from tests.threads import talking

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]


def at(case: SafeguardingCase) -> str:
    return reverse("safeguarding_case", args=[case.pk])


@pytest.fixture
def case(moderator: User) -> SafeguardingCase:
    return actions.escalate(said("Canary", where=guarded(), age_band="13-15"), by=moderator)


@pytest.fixture
def lead(case: SafeguardingCase) -> User:
    return lead_of(case.engagement)


# One step from everywhere -----------------------------------------------------------------------


def button(content: str, reference: str) -> bool:
    return f'action="{reverse("safeguarding_concern", args=[reference])}"' in content


def test_saf_2_one_press_in_the_queue_and_on_its_list_of_second_looks(
    moderator: User, client_for: Open
) -> None:
    row = said("Canary")
    browser = client_for(moderator)
    assert button(browser.get(reverse("moderation_queue")).content.decode(), row.reference)
    answer = browser.post(
        reverse("safeguarding_concern", args=[row.reference]), {"next": reverse("moderation_queue")}
    )
    page = browser.get(answer.url).content.decode()
    assert "You have done your part." in page
    assert f'href="{reverse("moderation_queue")}"' in page
    assert "Canary" not in page
    assert Contribution.objects.get().state == State.ESCALATED


def test_saf_2_one_press_in_the_workbench_and_its_list(analyst: User, client_for: Open) -> None:
    row = released("Canary words")
    browser = client_for(analyst)
    for address in (reverse("analysis_sort"), reverse("analysis_passage", args=[row.reference])):
        assert button(browser.get(address).content.decode(), row.reference)
    browser.post(reverse("safeguarding_concern", args=[row.reference]))
    assert SafeguardingCase.objects.get().opened_by == analyst
    assert b"Canary" not in browser.get(reverse("analysis_sort")).content


def test_saf_2_one_press_on_a_message_about_the_site(moderator: User, client_for: Open) -> None:
    told = actions.report("Canary", key="one")
    browser = client_for(moderator)
    page = browser.get(reverse("moderation_report", args=[told.pk])).content.decode()
    address = reverse("safeguarding_report_concern", args=[told.pk])
    assert f'action="{address}"' in page
    browser.post(address)
    assert Report.objects.get().about == Report.About.SAFETY
    for gone in (reverse("moderation_reports"), reverse("moderation_report", args=[told.pk])):
        assert b"Canary" not in browser.get(gone, follow=True).content


def test_saf_2_one_press_on_the_staff_page_of_comments(facilitator: User, client_for: Open) -> None:
    comment = talking.shown(talking.thread(), "Canary words")
    address = reverse("threads_manage", args=[comment.thread_id])
    browser = client_for(facilitator)
    assert button(browser.get(address).content.decode(), comment.contribution.reference)
    browser.post(reverse("safeguarding_concern", args=[comment.contribution.reference]), {"next": address})
    assert SafeguardingCase.objects.get().opened_by == facilitator
    assert b"Canary" not in browser.get(address).content


def test_saf_2_staff_who_read_a_public_page_reach_it_by_its_report_link(
    facilitator: User, signed_in_person: User, stranger: Client, client_for: Open, moderator: User
) -> None:
    row = said("Shown")
    actions.release(row, by=moderator)
    address = f"/help/wrong/?about={row.reference}"
    assert button(client_for(facilitator).get(address).content.decode(), row.reference)
    for browser in (stranger, client_for(signed_in_person)):
        assert not button(browser.get(address).content.decode(), row.reference)


CAST = ["editor", "board_member", "secretary", "analyst", "moderator", "facilitator", "administrator"]


@pytest.mark.parametrize("cast", CAST)
@pytest.mark.parametrize("state", ["held", "released", "refused", "withdrawn"])
def test_saf_2_each_role_and_state_over_http(
    cast: str, state: str, client_for: Open, request: pytest.FixtureRequest
) -> None:
    row = said()
    Contribution.objects.filter(pk=row.pk).update(state=state)
    browser = client_for(request.getfixturevalue(cast))
    answer = browser.post(reverse("safeguarding_concern", args=[row.reference]))
    allowed = cast == "moderator" or state == "released"
    assert (answer.status_code == 302 and "/admin/concern/" in answer.url) == allowed
    assert SafeguardingCase.objects.exists() == allowed


def test_saf_2_a_stranger_and_somebody_without_a_role_pass_nothing_on(
    stranger: Client, signed_in_person: User, client_for: Open
) -> None:
    row = said()
    for browser in (stranger, client_for(signed_in_person)):
        browser.post(reverse("safeguarding_concern", args=[row.reference]))
    assert not SafeguardingCase.objects.exists()


def test_the_press_never_leads_to_another_site(moderator: User, client_for: Open) -> None:
    browser = client_for(moderator)
    answer = browser.post(
        reverse("safeguarding_concern", args=[said().reference]), {"next": "https://evil.example/"}
    )
    assert "evil" not in answer.url
    assert (
        "evil"
        not in browser.get("/admin/concern/?next=https://evil.example/").content.decode().split("<main")[1]
    )


def test_saf_3_whoever_passes_something_on_outside_the_hours_is_told_so(
    moderator: User, client_for: Open
) -> None:
    site_hours(cover_times=weekday_hours())
    page = client_for(moderator).get(reverse("safeguarding_raised")).content.decode()
    assert "Nobody is there now. Somebody is back" in page
    assert "999" in page


# Reaching a case --------------------------------------------------------------------------------


def test_saf_2_a_case_is_not_there_for_those_who_are_not_named(
    case: SafeguardingCase, safeguarding_lead: User, moderator: User, administrator: User, client_for: Open
) -> None:
    browser = client_for(safeguarding_lead)
    assert browser.get(at(case)).status_code == 404
    assert browser.post(at(case), {"do": "close", "outcome": "Ended"}).status_code == 404
    assert f"Case {case.pk}" not in browser.get(reverse("safeguarding")).content.decode()
    assert f'"{at(case)}"' not in browser.get("/admin/").content.decode()
    for other in (moderator, administrator):
        assert client_for(other).get(at(case)).status_code in {302, 403}
    assert not LedgerEvent.objects.filter(verb="case.viewed").exists()
    for named in (lead_of(case.engagement), deputy_of(case.engagement)):
        assert b"Canary" in client_for(named).get(at(case)).content


def test_saf_2_a_session_without_the_second_factor_opens_no_case(
    case: SafeguardingCase, lead: User, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.get(at(case)).status_code == 302
    # Were the whole admin ever let in on a password, the cases would not be.
    from collaborative import middleware

    monkeypatch.setattr(
        middleware.StaffMiddleware, "__call__", lambda self, request: self.get_response(request)
    )
    for address in (at(case), reverse("safeguarding")):
        assert stranger.get(address).status_code in {302, 403}
        assert b"Canary" not in stranger.get(address, follow=True).content
    assert stranger.post(at(case), {"do": "close", "outcome": "Ended"}).status_code in {302, 403}
    assert not LedgerEvent.objects.filter(verb="case.viewed").exists()


def test_saf_2_no_copy_of_a_case_is_kept_by_a_browser(
    case: SafeguardingCase, lead: User, client_for: Open
) -> None:
    for address in (at(case), reverse("safeguarding")):
        assert "no-store" in client_for(lead).get(address)["Cache-Control"]


# What stands there ------------------------------------------------------------------------------


def test_saf_2_the_list_holds_no_words_and_says_what_nobody_has_opened(
    case: SafeguardingCase, lead: User, client_for: Open
) -> None:
    browser = client_for(lead)
    page = browser.get(reverse("safeguarding")).content.decode()
    assert f"Case {case.pk}" in page
    assert "Nobody has opened it" in page
    assert "Canary" not in page
    assert case.contribution.reference not in page
    assert "1 concern waits and nobody has opened it" in browser.get("/admin/").content.decode()
    browser.get(at(case))
    assert "Nobody has opened it" not in browser.get(reverse("safeguarding")).content.decode()
    assert "nobody has opened it" not in browser.get("/admin/").content.decode()


def test_saf_2_every_look_stands_on_the_case_itself(
    case: SafeguardingCase, lead: User, client_for: Open
) -> None:
    client_for(deputy_of(case.engagement)).get(at(case))
    browser = client_for(lead)
    browser.get(at(case))
    answer = browser.get(at(case))
    assert [look.actor for look in answer.context["looks"]] == [lead, lead, deputy_of(case.engagement)]
    page = answer.content.decode().split('id="looks"')[1]
    assert "3 looks" in page
    assert str(deputy_of(case.engagement)) in page


def test_saf_2_what_is_known_is_the_class_and_never_who_it_was(
    lead: User, case: SafeguardingCase, moderator: User, client_for: Open
) -> None:
    where = case.engagement
    code = JoinCode.objects.create(
        engagement=where,
        kind="class",
        label="S2, Ms Baird",
        code_hash="x",
        valid_from=where.opens_at,
        valid_until=where.closes_at,
    )
    given = receipt("Canary two", where=where, channel="class", age_band="12")
    given.join_code = code
    given.save()
    other = actions.escalate(given.contributions.get(), by=moderator)
    page = client_for(lead).get(at(other)).content.decode()
    assert "Class: S2, Ms Baird" in page
    assert "Handle as under 16" in page
    named = receipt(
        "Canary three",
        where=where,
        name="Private Name",
        contact_email="reach@example.org",
        permission="named",
        recontact=True,
    )
    third = actions.escalate(named.contributions.get(), by=moderator)
    page = client_for(lead).get(at(third)).content.decode()
    assert "Private Name" not in page
    assert "reach@example.org" in page


def test_saf_2_worked_on_closed_and_opened_again(
    case: SafeguardingCase, lead: User, client_for: Open
) -> None:
    browser = client_for(lead)
    assert "Say what was done." in browser.post(at(case), {"do": "note"}).content.decode()
    assert "Say how it ended." in browser.post(at(case), {"do": "close"}).content.decode()
    browser.post(at(case), {"do": "note", "kind": "spoke", "note": "Rang the school."})
    browser.post(at(case), {"do": "note", "kind": "closed", "note": "By hand."})
    browser.post(at(case), {"do": "close", "outcome": "The school has it."})
    page = browser.get(at(case)).content.decode()
    for words in ("Spoke to somebody", "Rang the school.", "The school has it."):
        assert words in page
    assert "By hand." not in page
    assert "Say why it is opened again." in browser.post(at(case), {"do": "reopen"}).content.decode()
    browser.post(at(case), {"do": "reopen", "why": "The school rang."})
    page = browser.get(at(case)).content.decode()
    assert "The school rang." in page
    assert "Close the case" in page
    assert list(CaseNote.objects.order_by("pk").values_list("kind", flat=True)) == [
        "raised",
        "spoke",
        "closed",
        "reopened",
    ]


def test_saf_2_what_somebody_told_us_and_what_it_is_about(
    lead: User, case: SafeguardingCase, moderator: User, client_for: Open
) -> None:
    row = said("Canary on the site", where=case.engagement)
    actions.release(row, by=moderator)
    told = actions.report(
        "Canary told", about="safety", contribution=row, reply_to="my gran", page="/model/", key="one"
    )
    browser, address = client_for(lead), at(told.case)
    page = browser.get(address).content.decode()
    for words in ("Canary told", "Canary on the site", "my gran", "/model/"):
        assert words in page
    browser.post(address, {"do": "take-down"})
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED


def test_the_list_and_a_case_cost_the_same_however_much_there_is(
    case: SafeguardingCase, lead: User, moderator: User, client_for: Open
) -> None:
    browser = client_for(lead)
    counts: list[tuple[int, int]] = []
    for turn in range(2):
        for n in range(5):
            actions.escalate(said(f"{turn} {n}", where=case.engagement), by=moderator)
            actions.note_on_case(case, f"Note {turn} {n}", by=lead)
        found = []
        for address in (reverse("safeguarding"), at(case)):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            found.append(len(queries))
        counts.append((found[0], found[1]))
    assert counts[0] == counts[1]


# The warnings on the first page -------------------------------------------------------------------


@pytest.mark.parametrize("cast", [*CAST, "safeguarding_lead"])
def test_saf_1_a_pause_is_said_to_those_who_can_mend_it(
    cast: str, client_for: Open, request: pytest.FixtureRequest
) -> None:
    where = guarded()
    browser = client_for(request.getfixturevalue(cast))
    assert "is paused for people under 18" not in browser.get("/admin/").content.decode()
    User.objects.filter(pk=where.safeguarding_lead_id).update(is_active=False)
    page = browser.get("/admin/").content.decode()
    told = cast in {"editor", "facilitator", "administrator", "safeguarding_lead"}
    assert (f"“{where.title}” is paused for people under 18" in page) == told
    assert ("cannot open a concern" in page) == told


def test_saf_1_the_warnings_cost_the_same_for_one_pause_and_for_many(editor: User, client_for: Open) -> None:
    browser, counts = client_for(editor), []
    for turn in range(2):
        for n in range(3):
            where = guarded(f"paused-{turn}-{n}")
            User.objects.filter(pk=where.safeguarding_lead_id).update(is_active=False)
        browser.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_saf_1_closing_an_account_in_the_admin_clears_what_pages_say(
    administrator: User, client_for: Open
) -> None:
    from collaborative.models import Epoch

    leaving = person("Leaver", Role.SAFEGUARDING)
    before = Epoch.objects.get(pk=1).number
    form: dict[str, Any] = {"email": leaving.email, "first_name": "Leaver", "last_name": "X", "groups": []}
    answer = client_for(administrator).post(reverse("wagtailusers_users:edit", args=[leaving.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert not User.objects.get(pk=leaving.pk).is_active
    assert Epoch.objects.get(pk=1).number > before
