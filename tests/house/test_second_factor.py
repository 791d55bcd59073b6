"""Staff reach the admin only in a session that used a second factor; a demonstration site asks for none."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow

from collaborative.people.models import User
from collaborative.people.roles import Role, ensure_roles
from tests.cast import PASSWORD

ADMIN = "/admin/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client: Client, user: User, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, **extra)


@pytest.mark.django_db
def test_a_session_that_used_a_second_factor_reaches_the_admin(client_for: Callable, editor: User) -> None:
    assert client_for(editor).get(ADMIN).status_code == 200


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sites_own_sign_in(stranger: Client) -> None:
    answer = stranger.get(ADMIN)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert (
        stranger.get("/admin/login/?next=/admin/pages/")["Location"] == "/accounts/login/?next=/admin/pages/"
    )


@pytest.mark.django_db
def test_a_password_alone_leads_to_setting_up_codes(stranger: Client, editor: User) -> None:
    assert sign_in(stranger, editor)["Location"] == ADMIN
    for address in (ADMIN, "/admin/pages/", "/admin/api/main/pages/", "/admin/nowhere/"):
        answer = stranger.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("mfa_activate_totp"))


@pytest.mark.django_db
def test_setting_up_codes_and_giving_one_opens_the_admin(stranger: Client, editor: User) -> None:
    sign_in(stranger, editor)
    again = stranger.get(reverse("mfa_activate_totp"))
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    stranger.post(again["Location"], {"password": PASSWORD})
    page = stranger.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = page.context["form"].secret
    done = stranger.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert done.status_code == 302
    assert set(Authenticator.objects.filter(user=editor).values_list("type", flat=True)) == {
        *("totp", "recovery_codes"),
    }
    # Set up is not used: the session must still give a code.
    asked = stranger.get(ADMIN)
    assert asked["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    counter = next(iter(yield_hotp_counters_from_time()))
    later = format_hotp_value(hotp_value(secret, counter + 1))
    given = stranger.post(asked["Location"], {"code": later})
    assert given["Location"] == ADMIN
    assert stranger.get(ADMIN).status_code == 200


@pytest.mark.django_db
def test_signing_in_with_codes_set_up_asks_for_one_before_anything_else(
    stranger: Client, editor: User
) -> None:
    TOTP.activate(editor, SECRET)
    asked = sign_in(stranger, editor)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert stranger.get(ADMIN)["Location"].startswith(reverse("account_login"))
    wrong = stranger.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert stranger.get(ADMIN).status_code == 302
    assert stranger.post(reverse("mfa_authenticate"), {"code": code()})["Location"] == ADMIN
    assert stranger.get(ADMIN).status_code == 200


@pytest.mark.django_db
def test_having_an_authenticator_is_not_enough(stranger: Client, editor: User) -> None:
    stranger.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    TOTP.activate(editor, SECRET)
    assert stranger.get(ADMIN)["Location"].startswith(reverse("mfa_reauthenticate"))


@pytest.mark.django_db
def test_nothing_is_written_by_a_post_without_the_second_factor(stranger: Client, editor: User) -> None:
    sign_in(stranger, editor)
    answer = stranger.post("/admin/account/", {"name_email-first_name": "Changed"})
    assert answer.status_code == 302
    editor.refresh_from_db()
    assert editor.first_name == "Edith"


@pytest.mark.django_db
def test_a_demonstration_site_asks_for_no_second_factor(
    stranger: Client, editor: User, settings: Any
) -> None:
    settings.DEMO = True
    sign_in(stranger, editor)
    assert stranger.get(ADMIN).status_code == 200


@pytest.mark.django_db
def test_an_account_without_a_role_never_reaches_the_admin(
    client_for: Callable, signed_in_person: User
) -> None:
    """Refused outright: a redirect to the login page would come back here, for ever."""
    assert client_for(signed_in_person).get("/admin/pages/").status_code == 403


@pytest.mark.django_db
def test_nobody_opens_an_account_by_themselves(stranger: Client) -> None:
    form = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    stranger.post(reverse("account_signup"), form)
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.django_db
def test_guessing_passwords_is_slowed_down(stranger: Client, editor: User) -> None:
    began = time.monotonic()
    statuses = [
        stranger.post(reverse("account_login"), {"login": editor.email, "password": str(n)}).status_code
        for n in range(25)
    ]
    assert 429 in statuses, f"25 guesses in {time.monotonic() - began:.1f} s"


@pytest.mark.django_db
def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(stranger: Client, editor: User) -> None:
    pages = [
        stranger.post(reverse("account_login"), {"login": login, "password": "wrong"}).content.replace(
            login.encode(), b""
        )
        for login in (editor.email, "nobody@example.org")
    ]
    lengths = {len(page) for page in pages}
    assert max(lengths) - min(lengths) < 10
    stranger.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert all("nobody" not in message.subject for message in mail.outbox)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_pages_for_signing_in_are_ours(stranger: Client, name: str) -> None:
    answer = stranger.get(reverse(name))
    assert answer.status_code == 200
    assert answer.content.count(b"<h1") == 1
    assert b'id="main-content"' in answer.content
    assert b"sign up" not in answer.content.lower()


@pytest.mark.django_db
def test_a_wrong_password_is_said_in_our_summary(stranger: Client, editor: User) -> None:
    answer = stranger.post(reverse("account_login"), {"login": editor.email, "password": "wrong"})
    assert answer.content.count(b'id="error-summary"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_signup", "You cannot make an account here"),
        ("account_reset_password_done", "Look in your email"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_inactive", "This account is closed"),
    ],
)
def test_what_a_stranger_finds_about_accounts_is_in_plain_words(
    stranger: Client, name: str, title: str
) -> None:
    assert f"<h1>{title}</h1>" in stranger.get(reverse(name)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_change_password", "Change your password"),
        ("account_email", "Your email addresses"),
        ("account_logout", "Sign out"),
    ],
)
def test_what_staff_find_about_their_account_is_in_plain_words(
    client_for: Callable, editor: User, name: str, title: str
) -> None:
    page = client_for(editor).get(reverse(name), follow=True).content.decode()
    assert f"<h1>{title}</h1>" in page


@pytest.mark.django_db
def test_a_link_to_a_new_password_works_once_and_then_says_so(stranger: Client, editor: User) -> None:
    stranger.post(reverse("account_reset_password"), {"email": editor.email})
    link = next(word for word in str(mail.outbox[-1].body).split() if "/password/reset/key/" in word)
    address = "/" + link.split("/", 3)[3]
    page = stranger.get(address, follow=True)
    assert "<h1>Choose a new password</h1>" in page.content.decode()
    new = {"password1": "quite another long password", "password2": "quite another long password"}
    stranger.post(page.request["PATH_INFO"], new)
    again = stranger.get(address, follow=True).content.decode()
    assert "<h1>This link does not work any more</h1>" in again


@pytest.mark.django_db
def test_signed_in_people_see_their_name_and_the_way_out_on_public_pages(
    client_for: Callable, stranger: Client, editor: User, signed_in_person: User
) -> None:
    page = client_for(editor).get("/help/").content.decode()
    assert "Edith" in page
    assert f'href="{ADMIN}"' in page
    assert f'action="{reverse("account_logout")}" method="post"' in page
    assert f'href="{ADMIN}"' not in client_for(signed_in_person).get("/help/").content.decode()
    answer = stranger.get("/help/")
    assert b"Sign out" not in answer.content
    assert not answer.cookies


@pytest.mark.django_db
def test_the_icon_that_browsers_ask_for_is_there(stranger: Client) -> None:
    assert stranger.get("/favicon.ico")["Location"].endswith("/img/mark.svg")


@pytest.mark.django_db
def test_wagtails_own_groups_and_approval_go_unless_they_are_in_use(editor: User) -> None:
    names = {"Editors", "Moderators"}
    assert not Group.objects.filter(name__in=names).exists()
    assert not Workflow.objects.filter(name="Moderators approval").exists()
    kept = Group.objects.create(name="Editors")
    editor.groups.add(kept)
    Group.objects.create(name="Moderators")
    for _turn in range(2):
        ensure_roles()
    assert set(Group.objects.filter(name__in=names)) == {kept}
    assert {role.value for role in Role} <= set(Group.objects.values_list("name", flat=True))
