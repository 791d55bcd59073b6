"""`load_demo` lays the demonstration set in an empty database, and takes exactly that away again."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from wagtail.models import Comment

from collaborative import appendonly
from collaborative.contributions import drafts, ledger
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Release
from collaborative.outcomes.models import DecisionPage, ModelVersion, RecommendationPage
from collaborative.people.models import Organisation, StakeholderGroup, User
from home.models import DemoSet
from home.tree import lay_out
from tests.whole.demonstrated import PASSWORD, Keeper, afresh, demonstrated

pytestmark = pytest.mark.usefixtures("indexed")

# Counters and caches of the machine: they move, and nobody reads them.
MOVES = frozenset({"collaborative.Epoch", "contenttypes.ContentType", "auth.Permission"})
Contents = dict[str, Counter[str]]


@pytest.fixture
def demonstration(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    with django_db_blocker.unblock(), demonstrated(django_db_setup) as keeper:
        yield keeper


@pytest.fixture
def empty(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    """A freshly migrated database that the test may fill."""
    with django_db_blocker.unblock():
        afresh(django_db_setup)
        yield django_db_setup
        afresh(django_db_setup)


def contents() -> Contents:
    """Every row of every table, without its key and its times: what stands there, not when it came."""
    found: Contents = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy or model._meta.label in MOVES:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not field.primary_key and not field.name.endswith(("_at", "_revision", "timestamp"))
            and field.name not in ("uuid", "translation_key", "page", "revision", "object_id", "title_norm")
        ]  # fmt: skip
        rows = model._base_manager.order_by().values_list(*names)
        found[model._meta.label] = Counter(repr(row) for row in rows)
    return found


def counts() -> dict[str, int]:
    """How many rows each table of the database has, the framework's own included."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        names = [name for name in names if "_fts_" not in name]  # how SQLite keeps its search index
        found = {}
        for name in names:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return found


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


# What is laid ---------------------------------------------------------------------------------------


def test_the_set_is_whole(demonstration: Keeper) -> None:
    slugs = set(Engagement.objects.values_list("slug", flat=True))
    assert slugs == {
        *("starting-the-conversation-in-p7", "fair-tastes-of-work", "how-will-we-know"),
        *("same-door-on-every-island", "employers-and-s3", "reading-our-numbers"),
    }
    decisions = DecisionPage.objects.live().order_by("number").values_list("slug", flat=True)
    assert list(decisions) == [f"decision-{n}" for n in range(1, 9)]
    recommendations = RecommendationPage.objects.live().order_by("number").values_list("slug", flat=True)
    assert list(recommendations) == [f"recommendation-{n}" for n in range(1, 11)]
    groups = StakeholderGroup.objects.filter(parent=None).values_list("slug", flat=True)
    assert set(groups) == {
        *("young-people", "adults", "parents-carers"),
        *("practitioners", "employers", "communities"),
    }
    assert list(ModelVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    # What the feedback stands on, and the figures of the day of loading.
    assert Release.objects.count() == 2


def test_the_logins_are_those_that_are_written_down(demonstration: Keeper) -> None:
    people = User.objects.all()
    assert people.count() == 15
    for one in people:
        assert one.email == f"{one.first_name.lower()}@demo.example"
        assert check_password(PASSWORD, one.password)
        assert not one.is_superuser
    moira = User.objects.get(email="moira@demo.example")
    assert moira.groups.filter(name="editors").exists()
    for role in ("board", "analysts", "moderators", "safeguarding", "facilitators", "administrators"):
        assert User.objects.filter(groups__name=role).exists(), role


def test_all_addresses_are_fictional(demonstration: Keeper) -> None:
    given = [*User.objects.values_list("email", flat=True)]
    given += Receipt.objects.exclude(contact_email="").values_list("contact_email", flat=True)
    assert {address.rpartition(".")[2] for address in given} == {"example"}
    assert Organisation.objects.exists()


def test_what_was_done_stands_in_the_record(demonstration: Keeper) -> None:
    verbs = Counter(LedgerEvent.objects.values_list("verb", flat=True))
    assert verbs["response.received"] == Receipt.objects.count()
    assert verbs["response.excluded"] == Receipt.objects.exclude(exclusion="").count() == 11
    assert verbs["contribution.released"] >= Contribution.objects.filter(state=State.RELEASED).count()
    assert verbs["contribution.escalated"] == Contribution.objects.filter(state=State.ESCALATED).count() > 0
    assert verbs["campaign.confirmed"] == 1
    assert verbs["decision.published"] >= 8
    assert verbs["model.published"] == 3
    assert verbs["release.cut"] == Release.objects.count() == 2
    assert verbs["feedback.published"] == 1
    while ledger.seal():
        pass
    assert ledger.broken_seals() == []


def test_nobody_is_escalated_but_the_training_case_and_it_is_not_public(demonstration: Keeper) -> None:
    escalated = Contribution.objects.filter(state=State.ESCALATED)
    assert escalated.values("receipt").distinct().count() == 1
    assert not Contribution.objects.public().filter(pk__in=escalated).exists()


# Refusals -------------------------------------------------------------------------------------------


def test_a_second_time_is_refused(demonstration: Keeper) -> None:
    before = counts()
    with pytest.raises(CommandError, match="loaded already"):
        run()
    assert counts() == before


def test_a_database_that_holds_something_is_refused(empty: Keeper) -> None:
    User.objects.create_user(email="somebody@example.org", password="x" * 20)
    before = counts()
    with pytest.raises(CommandError, match="holds something else"):
        run()
    assert counts() == before


def test_clearing_what_is_not_there_is_refused(empty: Keeper) -> None:
    with pytest.raises(CommandError, match="not loaded here"):
        run("--clear")


def an_answer() -> None:
    from tests.flow.world import speak

    speak(
        Engagement.objects.get(slug="starting-the-conversation-in-p7"), group=StakeholderGroup.objects.first()
    )


OTHERS = {
    "an answer of a visitor": an_answer,
    "an account": lambda: User.objects.create_user(email="somebody@example.org", password="x" * 20),
    "a body": lambda: Organisation.objects.create(name="A real one"),
    "a group": lambda: StakeholderGroup.objects.create(slug="real", name="Real people"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_clearing_is_refused_where_anything_else_stands(demonstration: Keeper, other: str) -> None:
    OTHERS[other]()
    before = counts()
    with pytest.raises(CommandError, match="holds more than the demonstration set"):
        run("--clear")
    assert counts() == before


# There and back ---------------------------------------------------------------------------------------


def use_it() -> None:
    """What people do on a demonstration site without adding anything: sign in, write, publish anew."""
    editor = User.objects.get(email="moira@demo.example")
    Client().force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    page = DecisionPage.objects.get(number=4)
    page.why = "Another draft."
    page.save_revision(user=editor, log_action=True)
    Comment.objects.create(page=page, user=editor, text="Is this so?", contentpath="why")
    page.save_revision(user=editor).publish(user=editor)
    engagement = Engagement.objects.get(slug="starting-the-conversation-in-p7")
    drafts.begin(engagement, drafts.new_token(), {"stop_help": {"text": "Not yet."}})


def test_clearing_leaves_a_database_as_if_nothing_had_been_there_and_it_can_be_laid_again(
    empty: Keeper, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out()
    fresh, rows = contents(), counts()
    with demonstrated(empty):
        loaded = counts()
        use_it()
        assert "Removed the demonstration set" in run("--clear")
        assert not DemoSet.objects.exists()
        different = {
            label: (fresh[label] - found, found - fresh[label])
            for label, found in contents().items()
            if found != fresh[label]
        }
        assert not different
        assert {name: n for name, n in counts().items() if n != rows.get(name)} == {}
        assert appendonly.check_triggers(databases=["default"]) == []
        monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
        said = run()
        assert PASSWORD not in said
        again = counts()
        assert {n: (c, again[n]) for n, c in loaded.items() if c != again[n]} == {}
