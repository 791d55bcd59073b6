"""An independent recount of every public figure of the demonstration site, from raw rows.

Where a figure is shown it is the true one; where it is hidden, it had to be; and what pages print is read
off the pages themselves.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.whole.demonstrated import Keeper
from tests.whole.rawcount import Raw, rows

K = 5
HIDDEN = "hidden"
SECOND, ISLANDS = "fair-tastes-of-work", "same-door-on-every-island"
STANCES = {"for": "for", "against": "against", "mixed": "mixed", "neither": "none"}


@pytest.fixture(scope="module")
def raw(demonstration: Keeper) -> Raw:
    return Raw()


@pytest.fixture(scope="module")
def released(demonstration: Keeper) -> dict[str, Any]:
    """Every table of the newest release, by its key."""
    import json

    found = rows(
        "SELECT key, content FROM figures_table WHERE release_id ="
        " (SELECT id FROM figures_release ORDER BY number DESC LIMIT 1)"
    )
    return {key: json.loads(content) if isinstance(content, str) else content for key, content in found}


@pytest.fixture(autouse=True)
def _open(demonstration: Keeper, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def true(shown: int | None, exact: int, what: str) -> None:
    """A figure is the true one, or hidden; a small one is hidden."""
    if shown is not None:
        assert shown == exact, f"{what}: {shown} is shown, {exact} counted"
        assert not 0 < shown < K, f"{what}: {shown} is shown and small"


def adds_up(total: int | None, parts: Iterable[int | None], what: str) -> None:
    """Printed parts leave room for the hidden ones: at least two, and together not a small number."""
    listed = list(parts)
    if total is None:
        return
    rest = total - sum(part or 0 for part in listed)
    hidden = sum(part is None for part in listed)
    assert rest >= 0, f"{what}: parts are more than {total}"
    if not hidden:
        assert rest == 0, f"{what}: {rest} of {total} stands nowhere"
    else:
        assert hidden >= 2, f"{what}: one hidden part of {total} is no secret"
        assert rest == 0 or rest >= K, f"{what}: hidden parts are {rest} together"


def paths_of(raw: Raw) -> set[tuple[str, str | None]]:
    return {(theme, decision) for _group, theme, decision, _stance in raw.mentions} | {
        (theme, decision) for decision, theme in raw.tone
    }


# The release ---------------------------------------------------------------------------------------


def test_there_is_a_table_for_everything(raw: Raw, released: dict[str, Any]) -> None:
    wanted = {"heard", "flow"} | {f"flow.{slug}" for slug in raw.names}
    wanted |= {f"theme.{slug}" for slug in raw.slug_of_theme.values()}
    wanted |= {f"decision.{slug}" for slug in raw.took}
    wanted |= {f"engagement.{r['engagement']}" for r in raw.receipts.values()}
    missing = wanted - released.keys()
    assert not missing
    assert len([key for key in released if key.startswith("clause.")]) >= 5


def test_who_was_heard_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    heard = released["heard"]
    assert {row["slug"] for row in heard["groups"]} >= set(raw.names)
    for row in heard["groups"]:
        true(row["n"], raw.raised_anything[row["slug"]], f"heard {row['slug']}")
    true(heard["base"], sum(raw.raised_anything.values()), "heard by all")
    adds_up(heard["base"], [row["n"] for row in heard["groups"]], "heard")


def test_the_cells_of_the_flow_are_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    """Group, topic, decision, answer: the finest figures there are."""
    code = {slug: code for code, slug in raw.slug_of_theme.items()}
    for key in ["flow", *(f"flow.{slug}" for slug in raw.names)]:
        table = released[key]
        seen = set()
        for cell in table["cells"]:
            path = table["paths"][cell["path"]]
            theme, decision = code[path["theme"]], path["decision"]
            exact = raw.mentioned(group=cell["group"], theme=theme, decision=decision)
            true(cell["n"], exact, f"{key} {cell['group']} {theme} {decision}")
            assert path["tone"] == raw.tone_of(theme, decision)
            seen.add((cell["group"], theme, decision))
        found = {(g, t, d) for g, t, d, _s in raw.mentions if key in ("flow", f"flow.{g}")}
        assert found <= seen, f"{key} says nothing about {found - seen}"


def test_the_rows_and_paths_of_the_flow_are_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    code = {slug: code for code, slug in raw.slug_of_theme.items()}
    for key in ["flow", *(f"flow.{slug}" for slug in raw.names)]:
        table, group = released[key], None if key == "flow" else key.removeprefix("flow.")
        true(table["base"], raw.mentioned(group=group), key)
        for row in table["rows"]:
            of = None if row["slug"] == "all" else row["slug"]
            true(row["all"], raw.mentioned(group=of), f"{key} {row['slug']}")
            for tone, n in row["cells"].items():
                true(n, raw.mentioned(group=of, tone=tone), f"{key} {row['slug']} {tone}")
            adds_up(row["all"], row["cells"].values(), f"{key} {row['slug']}")
        for path in table["paths"]:
            exact = raw.mentioned(group=group, theme=code[path["theme"]], decision=path["decision"])
            true(path["n"], exact, f"{key} {path['theme']} {path['decision']}")
        adds_up(table["base"], [path["n"] for path in table["paths"]], f"{key} paths")


def test_how_many_topics_got_which_answer_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    for key in ["flow", *(f"flow.{slug}" for slug in raw.names)]:
        group = None if key == "flow" else key.removeprefix("flow.")
        tones: dict[str, set[str]] = {}
        for theme, decision in paths_of(raw):
            if group is None or raw.mentioned(group=group, theme=theme, decision=decision):
                tones.setdefault(theme, set()).add(raw.tone_of(theme, decision))
        tally: dict[str, int] = {}
        for found in tones.values():
            decided = found - {"wait"}
            tone = "wait" if not decided else decided.pop() if len(decided) == 1 else "partly"
            tally[tone] = tally.get(tone, 0) + 1
        shown = {k: n for k, n in released[key]["topics"].items() if k not in ("all", "parts") and n}
        assert shown == tally, key
        assert released[key]["topics"]["all"] == len(tones), key


def test_the_picture_draws_what_was_counted(raw: Raw, released: dict[str, Any]) -> None:
    picture = released["flow"]["picture"]
    code = {slug: code for code, slug in raw.slug_of_theme.items()}
    for slug, n in picture["groups"].items():
        true(n, raw.mentioned(group=slug), f"picture {slug}")
    for slug, n in picture["themes"].items():
        true(n, raw.mentioned(theme=code[slug]), f"picture {slug}")
    for band in picture["bands"]:
        true(band["n"], raw.mentioned(group=band["group"], theme=code[band["theme"]]), f"{band}")
    for box in picture["boxes"]:
        tone = "wait" if box["decision"] is None else box["tone"]
        true(box["n"], raw.mentioned(decision=box["decision"], tone=tone), f"{box}")
    for one in picture["changes"]:
        boxes = [box for box in picture["boxes"] if box["change"] == one["key"]]
        exact = sum(
            raw.mentioned(decision=box["decision"], tone=box["tone"] if box["decision"] else "wait")
            for box in boxes
        )
        true(one["n"], exact, f"{one}")
    adds_up(released["flow"]["base"], picture["groups"].values(), "picture, groups")
    adds_up(released["flow"]["base"], picture["themes"].values(), "picture, topics")
    adds_up(released["flow"]["base"], [box["n"] for box in picture["boxes"]], "picture, answers")
    adds_up(released["flow"]["base"], [one["n"] for one in picture["changes"]], "picture, changes")


def test_each_topic_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    for theme, slug in raw.slug_of_theme.items():
        table = released[f"theme.{slug}"]
        true(table["base"], raw.mentioned(theme=theme), slug)
        for row in table["groups"]:
            true(row["n"], raw.mentioned(group=row["slug"], theme=theme), f"{slug} {row['slug']}")
        for answer in table["answers"]:
            exact = raw.mentioned(theme=theme, decision=answer["decision"])
            true(answer["n"], exact, f"{slug} {answer['decision']}")
        adds_up(table["base"], [row["n"] for row in table["groups"]], f"{slug}, groups")
        adds_up(table["base"], [row["n"] for row in table["answers"]], f"{slug}, answers")


def test_each_sentence_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    for key, table in released.items():
        if not key.startswith("clause."):
            continue
        among = raw.behind(key.removeprefix("clause."))
        assert among, key
        assert {row["code"] for row in table["topics"]} == {theme for theme, _decision in among}
        true(table["base"], raw.mentioned(among=among), key)
        for row in table["groups"]:
            true(row["n"], raw.mentioned(group=row["slug"], among=among), f"{key} {row['slug']}")
        adds_up(table["base"], [row["n"] for row in table["groups"]], key)


def test_each_decision_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    for slug, engagements in raw.took.items():
        table = released[f"decision.{slug}"]
        base = raw.counted(engagements)
        true(table["base"], base, slug)
        for row in table["themes"]:
            exact = raw.mentioned(theme=row["code"], decision=slug)
            true(row["n"], exact, f"{slug} {row['code']}")
            assert row["tone"] == raw.tone_of(row["code"], slug)
        assert {row["code"] for row in table["themes"]} == {t for d, t in raw.tone if d == slug}
        lead = table["themes"][0]["code"]
        true(table["n"], raw.mentioned(theme=lead, decision=slug), f"{slug}, its topic")
        true(table["silent"], base - raw.mentioned(theme=lead, decision=slug), f"{slug}, silent")
        for name, stance in STANCES.items():
            true(table[name], raw.mentioned(theme=lead, decision=slug, stance=stance), f"{slug} {name}")
        adds_up(table["n"], [table[name] for name in STANCES], f"{slug}, for and against")
        adds_up(table["n"], [row["n"] for row in table["groups"]], f"{slug}, groups")
        for row in table["groups"]:
            at = {"group": row["slug"], "theme": lead, "decision": slug}
            true(row["n"], raw.mentioned(**at), f"{slug} {row['slug']}")
            for stance in ("for", "against"):
                true(row[stance], raw.mentioned(**at, stance=stance), f"{slug} {row['slug']} {stance}")


def test_ana_2_each_consultation_and_workshop_is_as_counted(raw: Raw, released: dict[str, Any]) -> None:
    for key, table in released.items():
        if not key.startswith("engagement."):
            continue
        exact = raw.received(key.removeprefix("engagement."))
        for name in ("received", "excluded", "waiting", "gone", "analysed", "counted"):
            true(table[name], exact[name], f"{key} {name}")
        for name in ("excluded_by", "kinds", "permissions"):
            for label, n in table[name].items():
                true(n, exact[name][label], f"{key} {name} {label}")
        for row in table["groups"]:
            true(row["n"], exact["groups"][row["slug"]], f"{key} {row['slug']}")
        parts = [table[name] for name in ("analysed", "excluded", "waiting", "gone")]
        adds_up(table["received"], parts, f"{key} received")
        for name in ("kinds", "permissions"):
            adds_up(table["analysed"], table[name].values(), f"{key} {name}")
        adds_up(table["excluded"], table["excluded_by"].values(), f"{key} left out")


def test_what_need_not_be_hidden_is_shown(raw: Raw, released: dict[str, Any]) -> None:
    """Hiding everything would be safe and useless."""
    assert released["flow"]["base"] is not None
    assert released["heard"]["base"] is not None
    for theme, slug in raw.slug_of_theme.items():
        if raw.mentioned(theme=theme) >= K:
            assert released[f"theme.{slug}"]["base"] is not None, slug
    second = released[f"engagement.{SECOND}"]
    assert None not in (*second["kinds"].values(), *second["permissions"].values())
    shown = [row["all"] for row in released["flow"]["rows"]]
    assert shown.count(None) <= 2


# The figures that the demonstration set promises ------------------------------------------------


def test_the_closed_consultation_is_as_described(raw: Raw) -> None:
    found = raw.received(SECOND)
    assert (found["received"], found["excluded"], found["analysed"]) == (214, 11, 203)
    assert found["excluded_by"] == {"duplicate": 6, "blank": 3, "test": 2}
    assert found["kinds"] == {"organisation": 41, "individual": 162}
    assert found["permissions"] == {"named": 71, "anonymous": 96, "not-published": 36}
    assert found["counted"] == 166
    members = rows("SELECT varied, COUNT(*) FROM analysis_campaignmember GROUP BY varied")
    assert {bool(varied): n for varied, n in members} == {False: 38, True: 5}


def test_the_topics_and_the_van_are_as_described(raw: Raw) -> None:
    passages = rows(
        "SELECT COUNT(*) FROM analysis_coding k JOIN analysis_theme t ON t.id = k.theme_id"
        " LEFT JOIN analysis_codingretraction r ON r.coding_id = k.id WHERE t.code = 'T2' AND r.id IS NULL"
    )
    assert passages == [(31,)]
    assert raw.counted({ISLANDS}) == 26
    liked = raw.mentioned(theme="T4", decision="decision-8", stance="for")
    assert liked == 9
    most = max(raw.slug_of_theme, key=lambda theme: raw.mentioned(theme=theme, decision="decision-7"))
    assert most == "T11"


# The pages -----------------------------------------------------------------------------------------


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
    groups, kinds, permissions = page.tables
    for name, n in groups[1:]:
        printed(n, exact["groups"][slugs[name]], name)
    for name, key in (("Individuals", "individual"), ("Organisations", "organisation")):
        printed(dict(kinds[1:])[name], exact["kinds"][key], name)
    words = {"With a name": "named", "Without a name": "anonymous", "Not published": "not-published"}
    for name, key in words.items():
        printed(dict(permissions[1:])[name], exact["permissions"][key], name)


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
