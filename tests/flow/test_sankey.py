"""The picture of how views became change: drawn on the server, from safe figures only."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation

from collaborative.flow.sankey import PATTERNS, Link, Node, draw
from collaborative.flow.sankey_layout import HIDDEN_WIDE, LEAST_BOX, fold, layout, wrap

SVG = "{http://www.w3.org/2000/svg}"
TONES = ("yes", "partly", "no", "later", "out", "wait")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en-gb"):
        yield


def nodes():
    return [
        Node(0, "young", "Children and young people", "", 60, "/groups/young/"),
        Node(0, "parents", "Parents and carers", "", 35, "/groups/parents/"),
        Node(1, "travel", "Travel and cost", "", 55, "/themes/travel/"),
        Node(1, "late", "Too late, too rushed", "", 40, "/themes/late/"),
        Node(2, "d3.yes", "Yes", "Pay travel before the day", 46, "/decisions/3/", "yes"),
        Node(2, "d8.later", "Later", "A mobile van", 9, "/decisions/8/", "later"),
        Node(2, "wait", "Not yet decided", "1 topic", 40, "/themes/", "wait"),
        Node(3, "p5", "Principle 5", "gains a line", 46, "/model/clauses/P5/"),
        Node(3, "nothing", "No change", "and the reason", 9, "/decisions/"),
        Node(3, "waiting", "Waiting", "for the board", 40, "/themes/"),
    ]


def links():
    return [
        Link("young", "travel", 40),
        Link("young", "late", 20),
        Link("parents", "travel", None),
        Link("parents", "late", 20),
        Link("travel", "d3.yes", 46, "yes"),
        Link("travel", "d8.later", 9, "later"),
        Link("late", "wait", 40, "wait"),
        Link("d3.yes", "p5", 46, "yes"),
        Link("d8.later", "nothing", 9, "later"),
        Link("wait", "waiting", 40, "wait"),
    ]


def drawn(ns=None, ls=None, **more):
    picture = draw(ns or nodes(), ls if ls is not None else links(), title="What became of it", **more)
    return ET.fromstring(picture.svg), picture


def texts(svg):
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_the_picture_names_and_describes_itself_without_swallowing_its_links():
    svg, picture = drawn()
    assert svg.get("role") == "group"
    named = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    title, description = (named[key] for key in svg.get("aria-labelledby").split())
    assert title == "What became of it"
    assert "who we heard from (2), topics (2), our answers (3), what changed (3)" in description
    assert svg.get("viewBox").split()[2:] == [str(picture.width), str(picture.height)]


def test_every_box_is_a_link_with_its_words_and_number_and_at_least_44_high():
    svg, _ = drawn()
    boxes = list(svg.iter(f"{SVG}a"))
    assert {box.get("href") for box in boxes} == {node.url for node in nodes()}
    assert len(boxes) == len(nodes())
    assert "Yes, Pay travel before the day, 46" in {box.get("aria-label") for box in boxes}
    assert all(float(box.find(f"{SVG}rect").get("height")) >= LEAST_BOX == 44 for box in boxes)


def test_a_box_that_leads_nowhere_is_no_link():
    svg, _ = drawn([Node(1, "t", "A topic", "", 7, "")], [])
    assert not list(svg.iter(f"{SVG}a"))
    assert "A topic" in texts(svg)


def test_links_come_column_by_column_from_top_to_bottom():
    svg, _ = drawn()
    rects = [box.find(f"{SVG}rect") for box in svg.iter(f"{SVG}a")]
    places = [(float(rect.get("x")), float(rect.get("y"))) for rect in rects]
    assert places == sorted(places)


def test_bands_are_hidden_from_assistive_technology():
    svg, _ = drawn()
    hidden = [group for group in svg.iter(f"{SVG}g") if group.get("aria-hidden") == "true"]
    drawn_bands = [path for group in hidden for path in group.findall(f"{SVG}path")]
    assert len(drawn_bands) >= len(links())
    assert not any(list(group.iter(f"{SVG}a")) for group in hidden)


def test_no_inline_style_no_script_no_handler():
    svg, picture = drawn()
    assert not any(
        name == "style" or name.startswith("on") for element in svg.iter() for name in element.attrib
    )
    assert "<script" not in picture.svg and "<style" not in picture.svg


def test_what_people_and_editors_typed_is_escaped_everywhere():
    bad = "<script>alert('1')</script> & \"x\" \x0b"
    ns = [Node(0, "a", bad, bad, 12, '/x?"><script>'), Node(1, "b", bad, bad, 12, "/y")]
    picture = draw(ns, [Link("a", "b", 12)], title=bad)
    assert "<script" not in picture.svg
    svg = ET.fromstring(picture.svg)
    assert "<script>alert('1')</script>" in "".join(texts(svg)).replace(" ", "")
    assert {element.tag for element in svg.iter()}.isdisjoint({f"{SVG}script", "script"})


def test_a_template_prints_the_picture_as_it_is():
    _, picture = drawn()
    assert Template("{{ svg }}").render(Context({"svg": picture.svg})) == picture.svg


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " javascript:x"])
def test_an_address_that_is_no_page_is_refused(address):
    with pytest.raises(ValueError, match="Not an address"):
        Node(0, "a", "A", "", 12, address)


def test_every_answer_has_a_pattern_of_its_own_and_a_shape_beside_its_word():
    assert set(PATTERNS) == set(TONES)
    ns = [Node(1, "t", "Topic", "", 60, "/t/")]
    ns += [Node(2, tone, tone.title(), "", 10, "/d/", tone) for tone in TONES]
    svg, _ = drawn(ns, [Link("t", tone, 10, tone) for tone in TONES])
    patterns = {p.get("id"): "".join(ET.tostring(c, "unicode") for c in p) for p in svg.iter(f"{SVG}pattern")}
    assert len(set(patterns.values())) == len(TONES)
    paint = {path.get(name) for path in svg.iter(f"{SVG}path") for name in ("fill", "stroke")}
    assert {f"url(#flow-{tone})" for tone in TONES} <= paint
    shapes = set()
    for box in list(svg.iter(f"{SVG}a"))[1:]:
        circle, *inside = [e for e in box if e.tag in (f"{SVG}circle", f"{SVG}path")]
        steps = [re.sub(r"^M[\d.]+ [\d.]+", "", path.get("d")) for path in inside]
        shapes.add((circle.get("stroke-dasharray"), *steps))
    assert len(shapes) == len(TONES)


def test_the_legend_shows_the_answers_in_the_picture_and_no_others():
    svg, _ = drawn()
    shown = texts(svg)
    assert "Hidden to protect people" in shown
    assert shown.count("Partly") == 0 and shown.count("Later") == 2
    whole = [link for link in links() if link.value is not None]
    assert "Hidden to protect people" not in texts(drawn(ls=whole)[0])


def test_two_pictures_on_a_page_share_no_id():
    ids = [{e.get("id") for e in drawn(prefix=name)[0].iter() if e.get("id")} for name in ("one", "two")]
    assert ids[0].isdisjoint(ids[1])


class TestHidden:
    def test_sdc_1_a_hidden_band_is_dashed_and_of_one_width_whatever_it_hides(self):
        svg, _ = drawn()
        dashed = [p for p in svg.iter(f"{SVG}path") if p.get("stroke-dasharray")]
        assert {p.get("stroke-width") for p in dashed} == {"2"}
        placed = layout(nodes(), links())
        assert {band.wide for band in placed.bands if band.link.value is None} == {HIDDEN_WIDE}

    def test_sdc_1_a_hidden_box_says_so_and_its_size_follows_from_what_is_printed(self):
        ns = [Node(1, "t", "Rare topic", "", None, "/t/"), Node(1, "u", "Other topic", "", 30, "/u/")]
        svg, _ = drawn(ns, [])
        labels = {a.get("aria-label"): a for a in svg.iter(f"{SVG}a")}
        assert labels["Rare topic, hidden"].find(f"{SVG}rect").get("height") == "44"
        assert "hidden" in texts(svg)

    def test_sdc_1_no_number_stands_in_the_picture_that_was_not_handed_in(self):
        svg, _ = drawn()
        given = {str(node.value) for node in nodes()}
        for text in texts(svg):
            assert not text.isdigit() or text in given


class TestFolding:
    def many(self, hidden=False):
        ns = [
            Node(0, "g", "Group", "", 300, "/g/"),
            Node(2, "wait", "Not yet decided", "", 300, "/t/", "wait"),
        ]
        ls = []
        for i in range(15):
            value = None if hidden and i == 0 else 10 + i
            ns.append(Node(1, f"t{i}", f"Topic {i}", "", value, f"/t/{i}/"))
            ls += [Link("g", f"t{i}", value), Link(f"t{i}", "wait", value, "wait")]
        return ns, ls

    def test_more_than_twelve_topics_become_eleven_and_the_others(self):
        ns, ls = fold(*self.many(), "/themes/")
        topics = [node for node in ns if node.column == 1]
        assert len(topics) == 12
        other = topics[-1]
        assert (other.title, other.value, other.url) == ("Other topics (4)", 10 + 11 + 12 + 13, "/themes/")
        assert Link("g", other.key, 46) in ls and Link(other.key, "wait", 46, "wait") in ls
        assert "Other topics (4)" in texts(drawn(*self.many())[0])

    def test_sdc_1_others_that_hold_a_hidden_topic_are_hidden(self):
        ns, ls = fold(*self.many(hidden=True))
        assert next(node for node in ns if node.key == "other-topics").value is None
        assert Link("g", "other-topics", None) in ls

    def test_twelve_topics_stay_as_they_are(self):
        ns, ls = self.many()
        kept = {node.key for node in ns} - {"t0", "t1", "t2"}
        twelve = [n for n in ns if n.key in kept], [k for k in ls if k.source in kept and k.target in kept]
        assert fold(*twelve) == twelve


class TestPlaces:
    def test_boxes_of_a_column_never_overlap_and_bands_stay_inside_their_boxes(self):
        placed = layout(nodes(), links())
        for column in placed.columns:
            for above, below in pairwise(column):
                assert above.top + above.high <= below.top
            for box in column:
                for at, band in [(b.start, b) for b in box.right] + [(b.end, b) for b in box.left]:
                    assert box.top - 0.01 <= at and at + band.wide <= box.top + box.high + 0.01

    def test_bands_at_a_box_lie_side_by_side(self):
        for column in layout(nodes(), links()).columns:
            for box in column:
                for above, below in pairwise(box.right):
                    assert above.start + above.wide == pytest.approx(below.start)

    def test_thickness_is_in_proportion_to_the_printed_number(self):
        wide = {band.link.value: band.wide for band in layout(nodes(), links()).bands}
        assert wide[40] == pytest.approx(2 * wide[20])

    def test_boxes_are_sorted_so_that_bands_need_not_cross(self):
        ns = [Node(1, f"t{i}", f"Topic {i}", "", 50, "/t/") for i in range(4)]
        ns += [Node(2, f"d{i}", "Yes", "", 50, "/d/", "yes") for i in range(4)]
        ns += [Node(3, f"c{i}", "Change", "", 50, "/c/") for i in range(4)]
        ls = [Link(f"t{i}", f"d{3 - i}", 50, "yes") for i in range(4)]
        ls += [Link(f"d{i}", f"c{(i + 2) % 4}", 50, "yes") for i in range(4)]
        for band in layout(ns, ls).bands:
            assert band.start == pytest.approx(band.end)

    def test_no_and_not_yet_decided_stand_like_any_other_answer(self):
        ns = [Node(2, tone, tone, "", 20, "/d/", tone) for tone in ("wait", "no", "yes", "partly")]
        column = layout(ns, []).columns[2]
        assert [box.node.tone for box in column] == ["yes", "partly", "no", "wait"]
        assert len({box.high for box in column}) == 1

    def test_the_order_of_the_input_does_not_matter(self):
        backwards = draw(nodes()[::-1], links()[::-1], title="What became of it")
        assert backwards.svg == drawn()[1].svg

    def test_huge_counts_need_no_more_room_and_none_at_all_draws_too(self):
        ns = [Node(n.column, n.key, n.title, n.subtitle, n.value * 10**6, n.url, n.tone) for n in nodes()]
        ls = [Link(k.source, k.target, k.value and k.value * 10**6, k.tone) for k in links()]
        assert drawn(ns, ls)[1].height <= drawn()[1].height + 2 * 19
        assert draw([], [], title="Nothing yet").height > 0

    @pytest.mark.parametrize(
        "wrong", [Link("young", "nobody", 5), Link("young", "d3.yes", 5), Link("late", "young", 5)]
    )
    def test_a_band_must_join_neighbouring_columns(self, wrong):
        with pytest.raises(ValueError, match="neighbouring"):
            layout(nodes(), [wrong])

    def test_two_boxes_may_not_have_one_key(self):
        with pytest.raises(ValueError, match="same key"):
            layout([nodes()[0], nodes()[0]], [])


class TestWords:
    LONG = "Young people who are looking after somebody at home and have no time for a second visit"

    def test_long_titles_are_wrapped_and_never_cut(self):
        lines = wrap(self.LONG, 150, 120, bold=True)
        assert " ".join(lines) == self.LONG
        assert len(lines) > 2
        svg, _ = drawn([Node(0, "g", self.LONG, "", 12, "/g/")], [])
        said = " ".join(text for text in texts(svg) if not text.isdigit())
        assert self.LONG in said and "…" not in said and "..." not in said

    def test_a_word_wider_than_the_box_is_divided_and_whole(self):
        word = "Llanfairpwllgwyngyllgogerychwyrndrobwll"
        lines = wrap(word, 100, 80)
        assert "".join(lines) == word and len(lines) > 1

    def test_a_box_grows_with_its_words(self):
        placed = layout([Node(3, "c", "A promise", self.LONG, 12, "/c/")], [])
        assert placed.columns[3][0].high >= len(placed.columns[3][0].lines) * 19

    def test_no_words_no_lines(self):
        assert wrap("", 100, 100) == []
