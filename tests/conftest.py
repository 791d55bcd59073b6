"""What every test stands on: a database of its own process, empty caches, the cast."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections
from django.db.models.signals import post_delete, post_save
from django.test import TransactionTestCase
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from wagtail.signal_handlers import (
    connect_reference_index_signal_handlers,
    disconnect_reference_index_signal_handlers,
)

from collaborative import limits, pagecache
from tests import database

pytest_plugins = ["tests.cast"]
HERE = Path(__file__).parent
BROWSER = HERE / "browser"
LONGEST_FIRST = [BROWSER, HERE / "whole", HERE / "demo", HERE / "live"]  # so that no process waits at the end

# Crawls, tables of who may do what, sequences, and the pages above what has its own tests: `make test` goes
# through them on the first engine alone, `make test-long` on both. They were half of the second one's time.
ONCE = {
    "analysis/test_workbench",
    "changemakers/breakouts/test_group_pages",
    "changemakers/seats/test_place_pages",
    "changemakers/test_board_pages",
    "consultations/classes/test_leading",
    "consultations/exports/test_taking",
    "consultations/exports/test_what_leaves",
    "consultations/files/test_sending",
    "consultations/imports/test_round_trip",
    "consultations/test_checklist",
    "consultations/test_feedback",
    "consultations/test_kinds",
    "consultations/test_pages",
    "consultations/test_respond_rules",
    "consultations/test_who_may",
    "demo/test_load_demo",
    "engagements/test_under_18_doors",
    "flow/test_flow_pages",
    "moderation/test_case_screens",
    "moderation/test_screens",
    "outcomes/test_model_editor",
    "threads/test_pages",
    "threads/test_staff_table",
    "threads/test_table",
    "whole/test_canary",
    "whole/test_routes",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run tests marked long")
    parser.addoption(
        "--second-engine",
        action="store_true",
        help="leave out what another database cannot change: no database in it, or how pages look;"
        " with --long only what is marked one_engine",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that are not asked for are left out of the run, not reported as skipped."""
    asked = [item for item in items if _is_asked_for(config, item)]
    config.hook.pytest_deselected(items=list(set(items).difference(asked)))
    items[:] = sorted(asked, key=_turn)


def pytest_collection_finish() -> None:
    """What was loaded and collected stays until the end: looking through it again and again for what could
    be thrown away was a twentieth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _turn(item: pytest.Item) -> int:
    found = (turn for turn, room in enumerate(LONGEST_FIRST) if room in item.path.parents)
    return next(found, len(LONGEST_FIRST))


def _is_asked_for(config: pytest.Config, item: pytest.Item) -> bool:
    long, second = config.getoption("--long"), config.getoption("--second-engine")
    if not long and (item.get_closest_marker("long") is not None or _is_corner(item)):
        return False
    if long and item.get_closest_marker("shallow") is not None:
        return False
    if not second:
        return True
    if item.get_closest_marker("one_engine") is not None:
        return False
    if long:
        return True
    if _name(item) in ONCE:
        return False
    if BROWSER in item.path.parents:
        return item.get_closest_marker("both_engines") is not None
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in item.fixturenames  # type: ignore[attr-defined]


def _name(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).with_suffix("").as_posix()


def _is_corner(item: pytest.Item) -> bool:
    """Of four windows (phone or desktop, with or without script) two stand across from each other and show
    each width and each way; of two widths the phone has less room. The others are looked at by
    `make test-long`."""
    call = getattr(item, "callspec", None)
    given = call.params if call is not None and BROWSER in item.path.parents else {}
    if "width" not in given:
        return False
    phone = given["width"] < 400
    return phone is not given["javascript"] if "javascript" in given else not phone


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[Any]:
    """A copy of the migrated template for this process; tests that commit get it anew instead of a flush."""
    with django_db_blocker.unblock():
        keeper = database.copies()
        connections.close_all()
        keeper.make()

    def restore(self: TransactionTestCase) -> None:
        connections.close_all()
        # What a test asks asynchronously is done in a thread that outlives it, with connections of its own:
        # on PostgreSQL one that was left there would come back dead.
        SyncToAsync.single_thread_executor.submit(connections.close_all).result()
        keeper.restore()

    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = restore  # type: ignore[attr-defined]
    yield keeper
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        connections.close_all()
        keeper.remove()


def index(as_on_a_site: bool) -> None:
    """Whether pages that are saved are indexed, for searching and for who refers to what."""
    references = connect_reference_index_signal_handlers, disconnect_reference_index_signal_handlers
    references[not as_on_a_site]()
    for model in get_indexed_models():
        for signal, handler in (
            (post_save, post_save_signal_handler),
            (post_delete, post_delete_signal_handler),
        ):
            (signal.connect if as_on_a_site else signal.disconnect)(handler, sender=model)


@pytest.fixture(scope="session", autouse=True)
def no_indexes(django_test_environment: None) -> None:
    """Pages that tests save are not indexed: that was a third of all their time."""
    index(False)


@pytest.fixture(scope="module")
def indexed() -> Iterator[None]:
    """For modules that ask what is found, or what is left after a page went."""
    index(True)
    yield
    index(False)


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """No test sees a page, a limit or a session that another test left in a cache."""
    database.forget_caches()
    limits.forget()
    pagecache.shelf.clear()
    pagecache.epoch.forget()
