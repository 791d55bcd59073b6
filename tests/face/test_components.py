"""The small pieces of the pages: what they escape, how they are labelled, and what they say in words."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from collaborative.errors import csrf_failure

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
ANSWERS = {
    "yes": "Yes",
    "partly": "Partly",
    "no": "No",
    "later": "Later",
    "out": "Not ours to decide",
    "wait": "Not yet decided",
}


def component(which: str, /, **context: Any) -> str:
    return render_to_string(f"components/{which}.html", context)


@pytest.mark.parametrize(("answer", "word"), ANSWERS.items())
def test_an_answer_is_a_word_and_not_only_a_shape(answer: str, word: str) -> None:
    assert component("answer", answer=answer) == f'<span class="cs_answer cs_{answer}">{word}</span>'


def test_what_someone_typed_comes_back_whole_and_escaped() -> None:
    typed = "\n<b>bold</b> & \"quoted\" 'words'"
    page = component("field", id="q", name="q", label="Say", type="textarea", value=typed, error="Too long")
    assert "<b>bold</b>" not in page
    # Browsers drop one line break at the start of a textarea: ours comes before theirs.
    assert ">&#10;\n&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot; &#x27;words&#x27;</textarea>" in page


def test_a_field_is_described_by_its_hint_its_error_and_its_counter() -> None:
    page = component("field", id="q", name="q", label="Say", hint="Short", error="Too long", maxlength=2000)
    assert 'aria-describedby="q-hint q-error q-count"' in page
    assert 'aria-invalid="true"' in page
    for described in ("q-hint", "q-error", "q-count"):
        assert page.count(f'id="{described}"') == 1


def test_the_counter_never_cuts_off_what_someone_types() -> None:
    page = component("field", id="q", name="q", label="Say", type="textarea", maxlength=2000)
    assert not re.search(r'[^-]maxlength="', page)
    assert 'data-maxlength="2000"' in page


@pytest.mark.parametrize("value", [3, "3"])
def test_radios_keep_the_choice_whether_it_is_a_number_or_text(value: int | str) -> None:
    page = component(
        "radios", id="r", name="r", legend="When", options=[(1, "One"), (3, "Three")], value=value
    )
    assert re.findall(r'value="(\d)"[^>]* checked', page) == ["3"]
    assert 'id="r"' in page and 'id="r-2"' in page


def test_checkboxes_keep_every_choice() -> None:
    options = [("a", "A"), ("b", "B"), ("c", "C")]
    page = component("checkboxes", id="c", name="c", legend="Who", options=options, values=["a", "c"])
    assert re.findall(r'value="(\w)"[^>]* checked', page) == ["a", "c"]


def test_ranking_offers_a_number_for_each_item_and_keeps_those_given() -> None:
    items = [("a", "A", 2), ("b", "B", ""), ("c", "C", None)]
    page = component("ranking", id="k", name="k", legend="Order", items=items)
    assert re.findall(r'name="(k-\w)"', page) == ["k-a", "k-b", "k-c"]
    assert re.findall(r'<option value="(\d)" selected', page) == ["2"]
    assert page.count("<option") == 3 * (1 + 3)


def test_the_error_summary_leads_to_each_field_and_is_absent_without_errors() -> None:
    page = component("error_summary", errors=[("q1", "Choose one"), ("", "Not sent <yet>")])
    assert '<a href="#q1">Choose one</a>' in page
    assert "Not sent &lt;yet&gt;" in page
    assert component("error_summary", errors=[]).strip() == ""


def test_added_and_removed_words_are_said_as_well_as_shown() -> None:
    page = component("diff", parts=[("same", "We plan"), ("removed", " and"), ("added", " <i>openly</i>")])
    assert re.search(r"^We plan<del><span class=\"visually-hidden\">removed: </span> and<span", page)
    assert re.search(
        r"<ins><span class=\"visually-hidden\">added: </span> &lt;i&gt;openly&lt;/i&gt;<span", page
    )


def test_figures_a_hidden_number_is_said_in_words_and_draws_no_bar() -> None:
    page = component("heard_bars", bars=[("Young people", 58, 223, 26.0), ("Adults", None, 223, 1.5)])
    assert "58 of 223" in page
    assert page.count("<rect") == 1
    assert "hidden</span>" in page and "1.5" not in page


def test_a_single_page_needs_no_pager() -> None:
    assert component("pager", page=Paginator(range(5), 10).page(1)).strip() == ""
    page = component("pager", page=Paginator(range(25), 10).page(2), query="topic=3&")
    assert re.findall(r'rel="\w+" href="([^"]+)"', page) == ["?topic=3&amp;page=1", "?topic=3&amp;page=3"]


@pytest.mark.parametrize("name", ["500.html", "403.html", "403_csrf.html"])
def test_fault_pages_need_no_context_and_no_database(name: str) -> None:
    page = render_to_string(name)
    assert page.count("<h1>") == 1
    assert 'href="/help/"' in page
    assert 'href="/static/css/site.css"' in page


@pytest.mark.django_db
def test_a_refused_form_says_that_nothing_was_sent(rf: RequestFactory) -> None:
    request = rf.post("/receipt/")
    response = csrf_failure(request)
    assert response.status_code == 403
    assert b"Nothing was sent" in response.content


@pytest.mark.django_db
def test_a_wrong_address_offers_ways_on(client: Client) -> None:
    response = client.get("/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    for address in ("/search/", "/consultations/", "/model/", "/receipt/", "/help/", "/help/wrong/"):
        assert f'"{address}"' in page


def test_no_template_carries_inline_script_style_or_handlers() -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", source), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", source), path
        assert "|safe" not in source and "autoescape off" not in source, path


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_names_its_variables(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")
