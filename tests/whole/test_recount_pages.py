"""The same recount, held against what the pages print, so that a number from elsewhere is caught."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.whole.rawcount import Raw, rows
from tests.whole.recounting import HIDDEN, SECOND, K, true

pytestmark = pytest.mark.usefixtures("open_demonstration")


DECISIONS = (
    "SELECT title, slug FROM wagtailcore_page"
    " JOIN outcomes_decisionpage ON outcomes_decisionpage.page_ptr_id = wagtailcore_page.id"
)


class Tables(HTMLParser):
    """Every table of a page, as rows of the text of their cells; and all text, in one line."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell = False
        words: list[str] = []
        self._words = words
        self.feed(page)
        self.text = " ".join(" ".join(words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False
            self.tables[-1][-1][-1] = " ".join(self.tables[-1][-1][-1].split())

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._cell:
            self.tables[-1][-1][-1] += data


def read(address: str) -> Tables:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return Tables(answer.content.decode())


def printed(text: str, exact: int, what: str) -> None:
    """A cell says "hidden" or the true number."""
    assert text == HIDDEN or text == str(exact), f"{what}: the page says {text!r}, {exact} counted"
    true(None if text == HIDDEN else int(text), exact, what)


ANSWERS = {
    "Yes": "yes",
    "Partly": "partly",
    "No": "no",
    "Later": "later",
    "Not ours to decide": "out",
    "Not yet decided": "wait",
}


def check_flow_table(page: Tables, raw: Raw, group: str | None, address: str) -> None:
    slugs = {name: slug for slug, name in raw.names.items()} | {"All groups": None}
    head, *body = page.tables[0]
    assert len(body) >= 1
    for name, *cells in body:
        of = slugs[name]
        for label, text in zip(head[1:], cells, strict=True):
            tone = None if label == "All" else ANSWERS[label]
            printed(text, raw.mentioned(group=of, tone=tone), f"{address} {name} {label}")
        assert group in (None, of)


def test_the_flow_page_prints_what_was_counted(raw: Raw) -> None:
    page = read("/flow/")
    check_flow_table(page, raw, None, "/flow/")
    assert len(page.tables[0]) == len(raw.names) + 2
    heard = sum(raw.raised_anything.values())
    assert f"{heard} responses raised {len(raw.slug_of_theme)} topics" in page.text
    # The list that says in words what the picture draws.
    for theme, slug in raw.slug_of_theme.items():
        said = Client().get("/flow/").content.decode()
        entry = re.search(rf'id="path-{slug}">(.*?)<br>', said, re.S)
        assert entry, slug
        assert re.search(rf"\b{raw.mentioned(theme=theme)} response", entry[1]), slug


@pytest.mark.parametrize(
    "group", ["young-people", "adults", "parents-carers", "practitioners", "employers", "communities"]
)
def test_the_page_of_each_group_prints_what_was_counted(raw: Raw, group: str) -> None:
    address = f"/groups/{group}/"
    page = read(address)
    check_flow_table(page, raw, group, address)
    by_name = {name: code for code, name in rows("SELECT code, name FROM analysis_theme")}
    titles = dict(
        rows("SELECT p.title, p.slug FROM wagtailcore_page p JOIN outcomes_decisionpage d"
             " ON d.page_ptr_id = p.id WHERE p.live")
    )  # fmt: skip
    listed = 0
    for topic, n, answer, _change in page.tables[1][1:]:
        decision = next((slug for title, slug in titles.items() if answer.endswith(title)), None)
        exact = raw.mentioned(group=group, theme=by_name[topic], decision=decision)
        printed(n, exact, f"{address} {topic}")
        listed += exact
    assert listed == raw.mentioned(group=group)
    assert f"{raw.raised_anything[group]} responses" in page.text


def test_the_list_of_groups_prints_what_was_counted(raw: Raw) -> None:
    text = read("/groups/").text
    base = sum(raw.raised_anything.values())
    for group in raw.names:
        assert f"{raw.raised_anything[group]} of {base} responses" in text, group


def test_the_pages_of_topics_print_what_was_counted(raw: Raw) -> None:
    slugs = {name: slug for slug, name in raw.names.items()}
    overview = read("/themes/").text
    for theme, slug in raw.slug_of_theme.items():
        page, exact = read(f"/themes/{slug}/"), raw.mentioned(theme=theme)
        assert f"{exact} response{'' if exact == 1 else 's'} raised it" in page.text, slug
        assert f"{exact} responses raised it" in overview
        for name, n in page.tables[0][1:]:
            printed(n, raw.mentioned(group=slugs[name], theme=theme), f"{slug} {name}")


def test_the_pages_of_decisions_print_what_was_counted(raw: Raw, released: dict[str, Any]) -> None:
    slugs = {name: slug for slug, name in raw.names.items()}
    for slug, engagements in raw.took.items():
        page = read(f"/decisions/{slug}/")
        base, lead = raw.counted(engagements), released[f"decision.{slug}"]["themes"][0]["code"]
        assert f"{base} responses count for this decision" in page.text
        said = dict(re.findall(r"\b(For|Against): (hidden|\d+ of \d+)", page.text))
        assert len(said) in (0, 2), f"{slug}: one side with its number and the other without"
        for side, text in said.items():
            exact = raw.mentioned(theme=lead, decision=slug, stance=side.lower())
            if text != HIDDEN:
                assert text == f"{exact} of {base}"
                assert not 0 < exact < K
        for term, name in (("Spoke both ways", "mixed"), ("Took no side", "none")):
            line = re.search(rf"{term} (hidden|\d+)", page.text)
            assert line, f"{slug} {term}"
            printed(line[1], raw.mentioned(theme=lead, decision=slug, stance=name), f"{slug} {term}")
        silent = re.search(r"Did not mention it (hidden|\d+)", page.text)
        assert silent
        printed(silent[1], base - raw.mentioned(theme=lead, decision=slug), f"{slug} silent")
        for name, *cells in page.tables[0][1:]:
            at = {"group": slugs[name], "theme": lead, "decision": slug}
            for text, stance in zip(cells, (None, "for", "against"), strict=True):
                printed(text, raw.mentioned(**at, stance=stance), f"{slug} {name} {stance}")


def test_for_and_against_are_printed_where_they_may_be(raw: Raw) -> None:
    page = read("/decisions/decision-4/")
    for side in ("For", "Against"):
        exact = raw.mentioned(theme="T3", decision="decision-4", stance=side.lower())
        assert f"{side}: {exact} of 166" in page.text


def test_the_sentences_of_the_plan_print_what_was_counted(raw: Raw, released: dict[str, Any]) -> None:
    refs = [ref for (ref,) in rows("SELECT ref FROM outcomes_clause")]
    for ref in refs:
        page = read(f"/model/clauses/{ref}/")
        among = raw.behind(ref)
        if not among:
            assert "No responses have been counted for these words." in page.text, ref
            continue
        exact = raw.mentioned(among=among)
        assert f"{exact} responses raised the topics behind these words" in page.text, ref
        for group, name in raw.names.items():
            said = re.search(rf"{re.escape(name)}: (hidden|\d+)", page.text)
            n = raw.mentioned(group=group, among=among)
            if said:
                printed(said[1], n, f"{ref} {group}")
            else:
                assert n == 0, f"{ref} {group}"


def test_the_plan_prints_what_was_counted(raw: Raw) -> None:
    page = Client().get("/model/").content.decode()
    for ref in [ref for (ref,) in rows("SELECT ref FROM outcomes_clause") if raw.behind(ref)]:
        exact = raw.mentioned(among=raw.behind(ref))
        assert f"{exact} response" in page, ref


def test_the_front_page_prints_what_was_counted(raw: Raw) -> None:
    page = read("/")
    base = sum(raw.raised_anything.values())
    for group, name in raw.names.items():
        assert re.search(rf"{re.escape(name)}\s*{raw.raised_anything[group]} of {base}\b", page.text), group
    sentences = {raw.mentioned(among=raw.behind(ref)) for (ref,) in rows("SELECT ref FROM outcomes_clause")}
    said = {int(n) for n in re.findall(r"(\d+) responses raised it", page.text)}
    assert said
    assert said <= sentences


def test_the_feedback_page_prints_what_was_counted(raw: Raw) -> None:
    page, exact = read(f"/consultations/{SECOND}/feedback/"), raw.received(SECOND)
    for label, name in (
        ("Responses received", "received"),
        ("Left out", "excluded"),
        ("Analysed", "analysed"),
    ):
        said = re.search(rf"{label} (hidden|\d+)", page.text)
        assert said, label
        printed(said[1], exact[name], label)
    assert "38 identical responses, counted once" in page.text
    assert "5 in words of their own" in page.text
    slugs = {name: slug for slug, name in raw.names.items()}
    groups, channels, kinds, permissions, *topics = page.tables
    labels = {"Website": "web", "Paper": "paper", "E-mail": "email", "Event": "event", "Class": "class"}
    for name, n in channels[1:]:
        printed(n, exact["channels"][labels[name]], name)
    for name, n in groups[1:]:
        printed(n, exact["groups"][slugs[name]], name)
    for name, key in (("Individuals", "individual"), ("Organisations", "organisation")):
        printed(dict(kinds[1:])[name], exact["kinds"][key], name)
    words = {"With a name": "named", "Without a name": "anonymous", "Not published": "not-published"}
    for name, key in words.items():
        printed(dict(permissions[1:])[name], exact["permissions"][key], name)
    decisions = dict(rows(DECISIONS))
    titles = re.findall(r"Topics that “(.+?)” answers", page.text)
    assert len(titles) == len(topics) > 0
    codes = {name: code for code, name in rows("SELECT code, name FROM analysis_theme")}
    for title, table in zip(titles, topics, strict=True):
        for name, n in table[1:]:
            printed(n, raw.mentioned(theme=codes[name], decision=decisions[title]), f"{title}: {name}")


def test_the_file_of_figures_holds_what_was_counted(raw: Raw) -> None:
    answer = Client().get("/flow/data.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_name = {name: code for code, name in rows("SELECT code, name FROM analysis_theme")}
    total = 0
    for line in lines:
        theme, decision = by_name[line["theme"]], line["decision"] or None
        exact = raw.mentioned(group=line["group"], theme=theme, decision=decision)
        assert line["answer"] == raw.tone_of(theme, decision)
        if line["marker"] == "[c]":
            assert line["responses"] == ""
        else:
            assert int(line["responses"]) == exact
            assert not 0 < exact < K
        total += exact
    assert total == raw.mentioned()
