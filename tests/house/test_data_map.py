"""KC-1, KC-2: docs/data-map.md names every table and whatever in it is about a person, as it is now."""

import re

import pytest
from django.db import models

from tests.house.data_map import MAP, mapped, own_fields, own_models, telling

ABOUT_PEOPLE, ABOUT_THE_REST = MAP.read_text(encoding="utf-8").split("## About everything else")
MODELS = {model._meta.label: model for model in own_models()}


def is_about_people(label: str) -> bool:
    return f"| `{label}` |" in ABOUT_PEOPLE


def test_kc_2_every_table_stands_in_the_map_and_no_other() -> None:
    assert set(mapped()) == set(MODELS)


@pytest.mark.parametrize("label", MODELS)
def test_kc_2_what_a_table_holds_about_people_is_what_the_map_says(label: str) -> None:
    model = MODELS[label]
    fields = own_fields(model)
    wanted = fields if is_about_people(label) else {n: k for n, k in fields.items() if telling(model, n)}
    assert mapped()[label] == wanted, f"docs/data-map.md: {label}"


@pytest.mark.parametrize("label", [label for label in MODELS if is_about_people(label)])
def test_kc_1_each_table_about_people_says_whose_what_for_and_how_long(label: str) -> None:
    (line,) = [line for line in ABOUT_PEOPLE.splitlines() if line.startswith(f"| `{label}` |")]
    _start, _table, _fields, why, how_long, _end = line.split("|")
    assert len(why.split()) >= 5
    assert how_long.strip()


FORBIDDEN = re.compile(
    r"birth|\bdob\b|phone|postcode|zip|^ip|_ip$|ip_address|latitude|longitude|gender|religion"
)


@pytest.mark.parametrize("label", MODELS)
def test_kc_3_kc_8_kc_10_no_table_asks_for_a_birthday_an_address_or_a_place(label: str) -> None:
    for field in MODELS[label]._meta.concrete_fields:
        assert not FORBIDDEN.search(field.name), field.name
        assert not isinstance(field, models.GenericIPAddressField), field.name


def test_the_map_is_read_as_it_is_written() -> None:
    """A table whose line could not be read would pass for one without fields."""
    assert mapped()["contributions.Receipt"]["contact_email"] == "e-mail"
    assert mapped()["people.User"]["email"] == "e-mail"
    assert len(mapped()["moderation.SafeguardingCase"]) > 10
