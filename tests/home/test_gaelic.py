"""The menus in Gaelic: by a button, kept in a cookie, and honest about what is not translated."""

import gettext
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.template.defaultfilters import floatformat
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from tests.home import scene

MESSAGES = Path(__file__).resolve().parents[2] / "locale" / "gd" / "LC_MESSAGES"


@pytest.mark.django_db
def test_the_menus_speak_gaelic_and_the_page_says_that_the_rest_does_not() -> None:
    scene.home()
    browser = Client()
    browser.post("/i18n/setlang/", {"language": "gd"}, HTTP_REFERER="http://testserver/about/")
    html = scene.read(browser, "/about/")
    assert '<html lang="gd">' in html and "Thoir seachad do bheachd" in html
    assert "Tha an còrr sa Bheurla." in html
    assert 'tabindex="-1" lang="en-gb"' in html, "what is in English is read out as English"
    browser.post("/i18n/setlang/", {"language": "en-gb"})
    assert "Bheurla" not in scene.read(browser, "/about/")


@pytest.mark.django_db
def test_one_visitors_language_does_not_reach_another() -> None:
    scene.home()
    gaelic = Client()
    gaelic.post("/i18n/setlang/", {"language": "gd"})
    scene.read(gaelic, "/about/")
    assert "Thoir seachad" not in Client().get("/about/").content.decode()


def test_dates_and_numbers_speak_the_language_of_their_sentence() -> None:
    """The sentences are in English, so their months are; and thousands have their comma, as in English."""
    day = date(2026, 1, 5)
    with translation.override("en-gb"):
        english = [date_format(day + timedelta(days=31 * n), "l j F Y") for n in range(12)]
    with translation.override("gd"):
        assert [date_format(day + timedelta(days=31 * n), "l j F Y") for n in range(12)] == english
        assert floatformat(20_000, "0g") == "20,000"


def test_the_compiled_catalogue_is_the_written_one() -> None:
    text = (MESSAGES / "django.po").read_text()
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE))
    with (MESSAGES / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert written and {key: value for key, value in compiled.items() if key} == written


def test_nothing_in_the_catalogue_is_a_guess_and_everything_people_read_is_in_it() -> None:
    text = (MESSAGES / "django.po").read_text()
    assert "#, fuzzy" not in text and "#~" not in text
    for words in ("Register", "Have your say", "May we get in touch about this?"):
        assert f'msgid "{words}"' in text, words
