"""The database itself refuses to alter or delete what only grows, on both engines, through any door."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, models, transaction
from django.utils import timezone

from collaborative import appendonly
from collaborative.analysis.actions import apply_theme, define_theme, retract
from collaborative.analysis.models import Coding, CodingRetraction, ThemeVersion
from collaborative.contributions import ledger
from collaborative.contributions.actions import move
from collaborative.contributions.models import LedgerEvent, LedgerSeal, State, Wording
from collaborative.figures.models import Release, Table
from collaborative.flow.actions import cut_release
from collaborative.outcomes.models import ClauseVersion, Disposition, ModelVersion
from collaborative.people.models import User
from tests.moderation.giving import said
from tests.outcomes import deciding, plan

GUARDED = [
    *(Wording, Coding, CodingRetraction, ThemeVersion, LedgerEvent, LedgerSeal),
    *(ModelVersion, ClauseVersion, Disposition, Release, Table),
]
# A table that leaves this list would lose its guards and the check that misses them at the same time.
TABLES = {
    *("analysis_coding", "analysis_codingretraction", "analysis_notopic", "analysis_themeversion"),
    *("consultations_closingmove", "consultations_feedback", "contributions_ledgerevent"),
    *("contributions_ledgerseal", "contributions_wording", "figures_release", "figures_table"),
    *("moderation_casenote", "moderation_handover", "outcomes_clauseversion", "outcomes_disposition"),
    *("outcomes_modelversion", "outcomes_proposalanswer", "threads_officialwording"),
}


def test_these_tables_only_grow() -> None:
    assert {model._meta.db_table for model in appendonly.guarded_models()} >= TABLES


@pytest.fixture
def one_of_each(analyst: User) -> None:
    row = said()
    move(row, State.RELEASED, by=analyst)
    parts = {"definition": "What it is", "includes": "This", "excludes": "That", "example": "Words"}
    theme = define_theme("T1", label="Ask me first", by=analyst, **parts)
    coding = apply_theme(row.wordings.get(), 0, 3, theme, by=analyst, key=uuid.uuid4().hex)
    retract(coding, by=analyst)
    ledger.seal(timezone.now() + timedelta(hours=1))
    plan.published_page()
    where, topic = deciding.engagement(), deciding.theme("T2", "What it costs")
    deciding.said("It costs too much.", where, topic)
    deciding.publish(deciding.draft(answers=[deciding.answer(topic)], engagements=[where]))
    cut_release()


def changed(field: models.Field) -> object:
    """Another value of the field's own kind."""
    if isinstance(field, models.ForeignKey | models.IntegerField | models.BigIntegerField):
        return 987_654
    if isinstance(field, models.BooleanField):
        return not field.default
    if isinstance(field, models.DateTimeField):
        return timezone.now() - timedelta(days=9)
    return {"x": 1} if isinstance(field, models.JSONField) else "altered"


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_no_column_of_a_row_that_stands_can_be_altered(model: type, one_of_each: None) -> None:
    row = model.objects.first()
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in model.may_change]
    assert fields
    for field in fields:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{field.attname: changed(field)})


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_no_row_can_be_deleted_even_in_plain_sql(model: type, one_of_each: None) -> None:
    count = model.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
    assert model.objects.count() == count > 0


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_no_row_can_be_replaced_or_renumbered_even_in_plain_sql(model: type, one_of_each: None) -> None:
    """SQLite deletes the row that stands in the way of a REPLACE without a word to any trigger for deleting,
    and knows the number of a row by a second name. On PostgreSQL both are mistakes in the SQL."""
    table, before = model._meta.db_table, list(model.objects.order_by("pk").values())
    words = next(f.column for f in model._meta.concrete_fields if f.name not in ("id", *model.may_change))
    others = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column != words)
    for attack in (
        f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"',
        f'INSERT OR REPLACE INTO "{table}" ({others}, "{words}") SELECT {others}, NULL FROM "{table}"',
        f'UPDATE OR REPLACE "{table}" SET "id" = "id" + 1000',
        f'UPDATE "{table}" SET rowid = rowid + 100000',
        f'UPDATE "{table}" SET _rowid_ = _rowid_ + 100000',
    ):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            connection.cursor().execute(attack)
    assert list(model.objects.order_by("pk").values()) == before != []


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_each_key_is_guarded_against_replacing_without_the_number_of_the_row(
    model: type, one_of_each: None
) -> None:
    columns = [f'"{f.column}"' for f in model._meta.concrete_fields if not f.primary_key]
    keys = [key for key in appendonly._keys(model) if key != ["id"]]
    if connection.vendor == "postgresql" or not keys:
        return
    count = model.objects.count()
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        connection.cursor().execute(
            f'INSERT OR REPLACE INTO "{model._meta.db_table}" ({", ".join(columns)})'
            f' SELECT {", ".join(columns)} FROM "{model._meta.db_table}"'
        )
    assert model.objects.count() == count


@pytest.mark.django_db
def test_words_can_be_emptied_and_nothing_else(one_of_each: None) -> None:
    row = Wording.objects.first()
    for given in ({"text": "Other words"}, {"key": "other"}, {"text": "", "key": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wording.objects.filter(pk=row.pk).update(**given)
    assert Wording.objects.filter(pk=row.pk).update(text="", key="") == 1


@pytest.mark.django_db
def test_the_links_to_an_account_that_is_deleted_go_and_the_rows_stay(
    one_of_each: None, analyst: User
) -> None:
    counts = [model.objects.count() for model in GUARDED]
    analyst.delete()
    assert [model.objects.count() for model in GUARDED] == counts
    assert {coding.coder for coding in Coding.objects.all()} == {None}


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_the_system_check_finds_a_guard_that_is_gone(model: type) -> None:
    name, table = f"{model._meta.db_table}_no_delete", model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else "")
        )
    found = appendonly.check_triggers(databases=["default"])
    assert [message.id for message in found] == ["collaborative.W001"]
    assert name in found[0].msg


@pytest.mark.django_db(transaction=True)
def test_migrating_lays_every_guard_again() -> None:
    appendonly._remove(connection)
    assert len(appendonly.check_triggers(databases=["default"])) == len(appendonly.guarded_models())
    call_command("migrate", verbosity=0)
    assert appendonly.check_triggers(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_failure_while_the_guards_are_lifted_puts_guards_and_rows_back(analyst: User) -> None:
    def clear_and_fail(fail: Callable[[], None]) -> None:
        with appendonly.lifted():
            LedgerEvent.objects.all().delete()
            fail()

    def fail() -> None:
        raise RuntimeError

    ledger.record("thing.happened", "thing:1")
    with pytest.raises(RuntimeError):
        clear_and_fail(fail)
    assert LedgerEvent.objects.exists()
    assert appendonly.check_triggers(databases=["default"]) == []
