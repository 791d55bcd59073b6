"""An independent recount of every public figure of the demonstration site, from raw rows.

Where a figure is shown it is the true one; where it is hidden, it had to be; and what pages print is read
off the pages themselves.
"""

from typing import Any

import pytest

from tests.whole.rawcount import Raw, rows
from tests.whole.recounting import ISLANDS, SECOND, STANCES, K, adds_up, paths_of, true

pytestmark = pytest.mark.usefixtures("open_demonstration")


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
        for name in ("excluded_by", "kinds", "permissions", "channels"):
            for label, n in table[name].items():
                true(n, exact[name][label], f"{key} {name} {label}")
        for row in table["groups"]:
            true(row["n"], exact["groups"][row["slug"]], f"{key} {row['slug']}")
        parts = [table[name] for name in ("analysed", "excluded", "waiting", "gone")]
        adds_up(table["received"], parts, f"{key} received")
        assert set(table["channels"]) == set(exact["channels"]), f"{key} channels"
        for one in table["campaigns"]:
            for n, counted in zip(
                (one["identical"], one["varied"]), exact["campaigns"][one["name"]], strict=True
            ):
                true(n, counted, f"{key} {one['name']}")
        for name in ("kinds", "permissions", "channels"):
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
    assert [n for n in second["channels"].values() if n is not None]
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
