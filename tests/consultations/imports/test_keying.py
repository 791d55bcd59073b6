"""CON-2: what reached us on paper, by e-mail, by telephone or at an event, keyed in on one screen."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import codes
from collaborative.consultations.imports import entry
from collaborative.consultations.models import ChoiceAnswer
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from tests.consultations import making
from tests.consultations.imports.bringing import said

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]


@pytest.fixture
def engagement(db: None) -> Engagement:
    return making.consultation()


def address(engagement: Engagement) -> str:
    return f"/admin/answers/{engagement.pk}/key-in/"


def typed(**changed: Any) -> dict[str, Any]:
    """A letter on paper of an adult, as it is keyed in."""
    whole = {
        "channel": "paper",
        "received": timezone.localdate().isoformat(),
        "age": "26-plus",
        "kind": "individual",
        "group": "parents",
        "permission": "anonymous",
        "recontact": "no",
        "when:chosen": "p7",
        "when:why": "Before the summer.",
        "who:chosen": ["p6", "s1"],
        "feel:text": "Like an exam.",
        "promises:chosen-s1": "1",
        "promises:chosen-p6": "2",
    }
    found = {**whole, **{name.replace("__", ":"): value for name, value in changed.items()}}
    return {name: value for name, value in found.items() if value is not None}


def key_in(client: Client, engagement: Engagement, **changed: Any) -> Any:
    return client.post(address(engagement), typed(**changed))


def test_con_2_what_is_keyed_in_is_stored_as_from_the_web_and_the_record_names_who_did(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    answer = key_in(client_for(secretary), engagement)
    assert answer.status_code == 302, answer.context["errors"]
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.group.slug, receipt.edition) == ("paper", "parents", "standard")
    assert said(receipt) == {"when-why": "Before the summer.", "feel": "Like an exam."}
    chosen = dict(ChoiceAnswer.objects.values_list("wording__question__key", "value"))
    assert chosen == {"when": ["p7"], "who": ["p6", "s1"], "promises": ["s1", "p6"]}
    assert set(Contribution.objects.values_list("state", "author")) == {(State.HELD, None)}
    assert LedgerEvent.objects.get(verb="response.received").actor == secretary


@pytest.mark.parametrize("channel", [one.value for one in entry.CHANNELS])
def test_each_way_is_kept(engagement: Engagement, secretary: User, client_for: Open, channel: str) -> None:
    key_in(client_for(secretary), engagement, channel=channel)
    assert Receipt.objects.get().channel == channel


def test_the_code_is_shown_once_and_opens_what_was_said(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    client = client_for(secretary)
    after = client.get(key_in(client, engagement)["Location"])
    code = after.context["slip"]["code"]
    assert code in after.content.decode()
    assert Receipt.objects.get().code_hash == codes.hashed(code)
    assert code not in client.get(address(engagement)).content.decode()


def test_after_saving_the_next_begins_in_the_first_field_with_the_way_and_the_day_as_before(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    client = client_for(secretary)
    page = client.get(key_in(client, engagement, channel="email")["Location"]).content.decode()
    assert page.count("autofocus") == 1 and 'id="channel" name="channel" autofocus' in page
    assert '<option value="email" selected>' in page and f'value="{timezone.localdate()}"' in page
    assert 'value="anonymous" selected' not in page and "Like an exam." not in page


def test_a_double_click_makes_one_response(engagement: Engagement, secretary: User, client_for: Open) -> None:
    client = client_for(secretary)
    for _click in range(2):
        assert key_in(client, engagement, key="one-attempt-of-mine").status_code == 302
    assert Receipt.objects.count() == 1


def test_a_letter_that_answers_no_question_is_taken_whole(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    words = "Dear all,\r\n\r\n" + "we think so. " * 4_000
    nothing = {"when__chosen": "", "when__why": "", "who__chosen": None, "feel__text": ""}
    nothing |= {"promises__chosen-s1": "", "promises__chosen-p6": ""}
    assert key_in(client_for(secretary), engagement, letter=words, **nothing).status_code == 302
    assert said(Receipt.objects.get()) == {"_letter": words.replace("\r\n", "\n")}
    assert not ChoiceAnswer.objects.exists()


def test_what_came_before_it_closed_may_be_keyed_in_after(secretary: User, client_for: Open) -> None:
    now = timezone.now()
    closed = making.consultation(closes_at=now - timedelta(days=2), opens_at=now - timedelta(days=90))
    client = client_for(secretary)
    late = key_in(client, closed)
    assert late.status_code == 422 and "after the consultation closed" in late.content.decode()
    day = timezone.localdate() - timedelta(days=5)
    assert key_in(client, closed, received=day.isoformat()).status_code == 302
    receipt = Receipt.objects.get()
    assert timezone.localdate(receipt.created_at) == day
    assert timezone.localdate(receipt.contributions.first().created_at) == timezone.localdate()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "web"}, "channel"),
        ({"channel": "class"}, "channel"),
        ({"received": ""}, "received"),
        ({"received": "2199-01-01"}, "received"),
        ({"received": "2001-01-01"}, "received"),
        ({"age": ""}, "age"),
        ({"kind": ""}, "kind"),
        ({"permission": ""}, "permission"),
        ({"recontact": ""}, "recontact"),
        ({"recontact": "yes", "email": "nowhere"}, "email"),
        ({"permission": "named"}, "name"),
        ({"age": "13-15", "permission": "named", "name": "Rowan"}, "permission"),
        ({"when__chosen": "p9"}, "when:chosen"),
        ({"who__chosen": ["p6", "p7", "s1"]}, "who:chosen"),
        ({"promises__chosen-p6": "1"}, "promises:chosen"),
        ({"feel__text": "x" * 100_001}, "feel:text"),
        ({"letter": "x" * 100_001}, "letter"),
    ],
)
def test_rif_1_what_the_form_asks_is_asked_here_and_what_was_typed_stays(
    engagement: Engagement, secretary: User, client_for: Open, changed: dict[str, Any], field: str
) -> None:
    answer = key_in(client_for(secretary), engagement, **{"when__why": "Keep me.", **changed})
    assert answer.status_code == 422
    assert field in answer.context["errors"], answer.context["errors"]
    page = answer.content.decode()
    assert "Keep me." in page and f'id="{field.replace(":", "-")}-error"' in page
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("channel", ["email", "phone"])
@pytest.mark.parametrize("age", ["under-12", "12"])
def test_age_1_a_child_of_12_or_under_answers_with_an_adult_there(
    engagement: Engagement, secretary: User, client_for: Open, age: str, channel: str
) -> None:
    answer = key_in(client_for(secretary), engagement, age=age, channel=channel)
    assert "age" in answer.context["errors"] and not Receipt.objects.exists()


def test_saf_1_nobody_under_18_while_what_keeps_them_safe_does_not_stand(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    client = client_for(secretary)
    assert key_in(client, engagement, age="13-15").status_code == 302
    engagement.safeguarding_lead.groups.clear()
    assert "age" in key_in(client, engagement, age="13-15").context["errors"]
    grown_up = making.publish(making.draft(slug="grown-up"))
    assert "age" in key_in(client, grown_up, age="16-17").context["errors"]


def test_kc_7_no_name_and_no_address_of_anybody_under_16_is_kept(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    personal = {"name": "Rowan", "recontact": "yes", "email": "rowan@example.org"}
    key_in(client_for(secretary), engagement, age="13-15", **personal)
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.contact_email, receipt.recontact) == ("", "", False)


def test_nothing_but_an_answer_is_needed_and_an_empty_form_is_none(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    client = client_for(secretary)
    empty = {name: None for name in typed() if ":" in name}
    answer = client.post(address(engagement), {k: v for k, v in typed().items() if k not in empty})
    assert "letter" in answer.context["errors"]
    assert (
        client.post(
            address(engagement), {k: v for k, v in typed().items() if k not in empty or k == "feel:text"}
        ).status_code
        == 302
    )


def test_the_questions_are_put_as_on_the_form_that_was_filled_in(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    client = client_for(secretary)
    page = client.get(address(engagement) + "?edition=young").content.decode()
    assert "When do you want it?" in page and "When should it happen?" not in page
    key_in(client, engagement, edition="young")
    receipt = Receipt.objects.get()
    assert receipt.edition == "young"
    assert receipt.contributions.get(prompt_key="feel").prompt == "What would make it rubbish?"


def test_the_form_has_a_field_for_each_thing_that_can_be_keyed_in(
    engagement: Engagement, secretary: User, client_for: Open
) -> None:
    page = client_for(secretary).get(address(engagement)).content.decode()
    names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]*)"', page)
    fields = {name for name in names if name not in {"csrfmiddlewaretoken", "key", "edition"}}
    assert fields == {
        *typed(),
        "name",
        "organisation",
        "email",
        "letter",
        "promises:chosen-p7",
        "agree:chosen",
    }
    for id in re.findall(r'<label for="([^"]*)"', page):
        assert page.count(f' id="{id}"') == 1, id


def test_only_those_who_may_key_in(engagement: Engagement, client_for: Open, moderator: User) -> None:
    assert key_in(client_for(moderator), engagement).status_code == 302
    assert not Receipt.objects.exists()
