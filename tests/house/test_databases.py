"""A test that commits leaves nothing behind and takes nothing away."""

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.models import Locale, Page, Site

from collaborative import appendonly
from collaborative.people.models import StakeholderGroup
from tests import conftest


def assert_as_migrated() -> None:
    assert Page.objects.filter(depth=1).count() == 1
    assert Site.objects.filter(is_default_site=True).count() == 1
    assert Locale.objects.exists()
    assert not StakeholderGroup.objects.filter(slug="left-behind").exists()
    assert appendonly.check_triggers(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_row_is_gone_after_the_test_and_what_migrations_made_is_not(turn: int) -> None:
    assert_as_migrated()
    StakeholderGroup.objects.create(slug="left-behind", name="Left behind")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM wagtailcore_site")
    assert StakeholderGroup.objects.filter(slug="left-behind").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_did_to_tables_and_counters_is_undone(turn: int) -> None:
    assert_as_migrated()
    assert StakeholderGroup.objects.create(slug="counted", name="Counted").pk == 1
    appendonly._remove(connection)
    assert appendonly.check_triggers(databases=["default"])


@pytest.mark.django_db
def test_an_ordinary_test_after_them_finds_the_same() -> None:
    assert_as_migrated()


@pytest.mark.django_db
def test_a_failed_statement_inside_an_ordinary_test_is_contained() -> None:
    StakeholderGroup.objects.create(slug="one", name="One")
    with pytest.raises(IntegrityError), transaction.atomic():
        StakeholderGroup.objects.create(slug="one", name="One again")
    assert StakeholderGroup.objects.filter(slug="one").count() == 1


def test_what_is_left_out_on_the_second_engine_is_there() -> None:
    assert [name for name in sorted(conftest.ONCE) if not (conftest.HERE / f"{name}.py").is_file()] == []
