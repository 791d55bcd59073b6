"""Tests of the whole product stand on the demonstration set."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.whole.demonstrated import Keeper, demonstrated


@pytest.fixture(scope="module")
def demonstration(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    """In this module the database holds the demonstration set."""
    with django_db_blocker.unblock(), demonstrated(django_db_setup) as keeper:
        yield keeper
