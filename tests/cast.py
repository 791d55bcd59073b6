"""The cast: one person for each role, one without any, and a stranger.

Every view can be shown to all of them with `client_for(person)`; whoever must not see it is a fixture away.
"""

from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from collaborative.people.models import User
from collaborative.people.roles import Role, give_role

PASSWORD = "a long password for tests"


def person(first_name: str, *roles: Role) -> User:
    """A new account called `first_name`@example.org, with these roles."""
    user = User.objects.create_user(
        email=f"{first_name.lower()}@example.org", password=PASSWORD, first_name=first_name
    )
    give_role(user, *roles)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def editor(db: None) -> User:
    return person("Edith", Role.EDITORS)


@pytest.fixture
def board_member(db: None) -> User:
    return person("Boyd", Role.BOARD)


@pytest.fixture
def secretary(db: None) -> User:
    return person("Senga", Role.SECRETARY)


@pytest.fixture
def analyst(db: None) -> User:
    return person("Anil", Role.ANALYSTS)


@pytest.fixture
def moderator(db: None) -> User:
    return person("Mona", Role.MODERATORS)


@pytest.fixture
def safeguarding_lead(db: None) -> User:
    return person("Saoirse", Role.SAFEGUARDING)


@pytest.fixture
def facilitator(db: None) -> User:
    return person("Fergus", Role.FACILITATORS)


@pytest.fixture
def administrator(db: None) -> User:
    return person("Ada", Role.ADMINISTRATORS)


@pytest.fixture
def signed_in_person(db: None) -> User:
    """An account without any role."""
    return person("Pat")


@pytest.fixture
def stranger() -> Client:
    """Somebody without an account, a session or a cookie."""
    return Client()


def confirm_second_factor(client: Client, user: User) -> None:
    """Note in the session, by allauth's own function, that a code was given."""
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser in which that person is signed in, second factor and all."""

    def open_browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        confirm_second_factor(client, user)
        return client

    return open_browser
