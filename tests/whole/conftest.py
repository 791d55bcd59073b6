"""Tests of the whole product stand on the demonstration set."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.whole.demonstrated import Keeper, demonstrated
from tests.whole.rawcount import Raw, rows


@pytest.fixture(scope="module", autouse=True)
def found_by_search(indexed: None) -> None:
    """What is planted here is looked for in the search as well."""


@pytest.fixture(scope="module")
def demonstration(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    """In this module the database holds the demonstration set."""
    with django_db_blocker.unblock(), demonstrated(django_db_setup) as keeper:
        yield keeper


@pytest.fixture(scope="module")
def raw(demonstration: Keeper) -> Raw:
    return Raw()


@pytest.fixture(scope="module")
def released(demonstration: Keeper) -> dict[str, Any]:
    """Every table of the newest release, by its key."""
    found = rows(
        "SELECT key, content FROM figures_table WHERE release_id ="
        " (SELECT id FROM figures_release ORDER BY number DESC LIMIT 1)"
    )
    return {key: json.loads(content) if isinstance(content, str) else content for key, content in found}


@pytest.fixture
def open_demonstration(demonstration: Keeper, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
