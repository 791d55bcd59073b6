"""What is written reads back the same; what others wrote is read whole, or refused with a reason."""

import contextlib
import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative import sheets
from tests.sheets.workbooks import Rows, book, commas, read, real_book, with_part, with_sheet

# No database of ours keeps NUL, and half a surrogate is no character.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
ODD = st.sampled_from(
    ["=1+1", "'", "'=x", "@a", "_x0041_", "a;b\tc|d", 'say "no"', "#N/A", " x ", "1", "\r\n", "a\rb"]
)
ROWS = st.lists(st.lists(TEXT | ODD, min_size=1, max_size=5), min_size=1, max_size=6)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def wanted(rows: Rows) -> Rows:
    """Empty cells at the end and empty rows are nothing."""
    cut = []
    for row in rows:
        row = list(row)
        while row and not row[-1]:
            row.pop()
        cut.append(row)
    return [row for row in cut if row]


@QUICK
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_rows_written_as_csv_read_back_the_same_whatever_the_text(
    tmp_path: Path, rows: Rows, encoding: str
) -> None:
    if not wanted(rows):
        return
    path = commas(tmp_path / "a.csv", rows, encoding)
    assert [[sheets.unguarded(cell) for cell in row] for row in read(path)] == wanted(rows)


@QUICK
@given(rows=ROWS)
def test_rows_written_as_a_workbook_read_back_the_same_whatever_the_text(tmp_path: Path, rows: Rows) -> None:
    assert read(book(tmp_path / "a", rows)) == wanted(rows)


@given(TEXT | ODD)
def test_no_cell_that_we_write_runs_in_a_spreadsheet_program(text: str) -> None:
    safe = sheets.guarded(text)
    assert safe[:1] not in set("=+-@\t\r") and sheets.unguarded(safe) == text


def test_what_excel_would_cut_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32,767"):
        book(tmp_path / "a.xlsx", [["x" * 32_768]])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_usual_encoding_is_told_by_the_bytes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Age,Words\r\n13-15,“café – naïve” £5\r\n".encode(encoding))
    assert read(path) == [["Age", "Words"], ["13-15", "“café – naïve” £5"]]


def test_bytes_that_windows_1252_does_not_know_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"caf\xe9,\x81\n")
    assert read(path) == [["café", "\x81"]]


def test_utf_8_is_told_by_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 40_000 + "é,b\n".encode())
    assert read(path)[-1] == ["é", "b"]
    path.write_bytes(b"a,b\n" * 40_000 + "é,b\n".encode("cp1252"))
    assert read(path)[-1] == ["é", "b"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_told_by_the_first_row(tmp_path: Path, separator: str, end: str) -> None:
    path = tmp_path / "a.csv"
    cells = ['"a, b; c"', "b", "c"]
    path.write_bytes(
        (separator.join(cells) + end + separator.join(["1", "2", '"x""y' + end + 'z"'])).encode()
    )
    assert read(path) == [["a, b; c", "b", "c"], ["1", "2", f'x"y{end}z']]


def test_the_line_by_which_excel_names_its_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\r\na,x;b\r\n1;2\r\n")
    assert read(path) == [["a,x", "b"], ["1", "2"]]


def test_rows_are_numbered_as_a_spreadsheet_program_numbers_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"one\ntwo",2\n\n3,4\n')
    assert [number for number, _cells in sheets.rows(path, "csv")] == [1, 2, 4]
    path = with_sheet(
        tmp_path / "a.xlsx",
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="9"><c r="B9"><v>2.5</v></c></row>',
    )
    assert list(sheets.rows(path, "xlsx")) == [(2, ["1"]), (9, ["", "2.5"])]


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,"4\n5,6\n')
    with pytest.raises(sheets.Unreadable, match="Row 3"):
        read(path)


def test_cells_of_a_workbook_come_as_text(tmp_path: Path) -> None:
    from datetime import date, datetime, time

    path = real_book(
        tmp_path / "a.xlsx",
        [[3, 2.5, True, date(2026, 3, 4), datetime(2026, 3, 4, 10, 30), time(9, 15), None, "001", 1e20]],
    )
    assert read(path) == [
        ["3", "2.5", "TRUE", "2026-03-04", "2026-03-04T10:30:00", "09:15:00", "", "001", "1e+20"]
    ]


def test_a_formula_gives_its_stored_value_or_its_own_text_and_is_never_run(tmp_path: Path) -> None:
    path = with_sheet(
        tmp_path / "a.xlsx",
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>HYPERLINK("http://x.example","y")</f></c>'
        '<c r="C1" t="str"><f>A1&amp;""</f><v>two</v></c><c r="D1"><v>7</v></c></row>',
    )
    assert read(path) == [["2", '=HYPERLINK("http://x.example","y")', "two", "7"]]


def test_strings_that_excel_keeps_apart_are_read(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    assert read(path) == [["shared"]]


def test_of_merged_cells_the_first_has_the_words_and_the_others_are_empty(tmp_path: Path) -> None:
    from openpyxl import Workbook

    made = Workbook()
    made.active.append(["a", "b", "c"])
    made.active.append(["whole", None, "end"])
    made.active.merge_cells("A2:B2")
    made.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == [["a", "b", "c"], ["whole", "", "end"]]


def test_hidden_sheets_are_not_taken_for_the_answers_and_the_others_are_named(tmp_path: Path) -> None:
    from openpyxl import Workbook

    made = Workbook()
    made.active.title, made.active.sheet_state = "Lists", "hidden"
    made.create_sheet("Answers").append(["here"])
    made.create_sheet("Notes").append(["there"])
    made.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == [["here"]]
    assert sheets.left_out(tmp_path / "a.xlsx", "xlsx") == ["Lists", "Notes"]


def test_what_excel_writes_by_number_is_read_as_the_character(tmp_path: Path) -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
    path = with_sheet(tmp_path / "a.xlsx", cell.format("a_x000D_b _xD83D__xDE00_ _xD800_ _x005F_x0041_"))
    assert read(path) == [["a\rb 😀 \ufffd _x0041_"]]


# As nobody should ------------------------------------------------------------------------------

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><l>&c;</l>"""
ELSEWHERE = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>"""
PARTS = [
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
    "[Content_Types].xml",
]


@pytest.mark.parametrize("bomb", [LAUGHS, ELSEWHERE], ids=["that grow", "that fetch"])
@pytest.mark.parametrize("part", PARTS)
def test_entities_are_refused_in_every_part_of_a_workbook(tmp_path: Path, part: str, bomb: bytes) -> None:
    path = with_part(tmp_path / "a.xlsx", part, bomb)
    with pytest.raises(sheets.Unreadable):
        read(path)


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/media/image1.png"])
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, name: str
) -> None:
    path = with_part(tmp_path / "a.xlsx", name, b"\0" * (65 * 1024 * 1024))
    assert path.stat().st_size < 200_000
    with pytest.raises(sheets.Unreadable, match="unpacks to too much"):
        sheets.kind_of(path)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999999"><c r="A99999999999999"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>77</v></c></row>',
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
    ],
    ids=[
        "a row beyond counting",
        "a column beyond",
        "a string that is not there",
        "no number",
        "wide",
        "cut off",
    ],
)
def test_a_sheet_made_to_do_harm_is_refused_or_empty_and_ends(tmp_path: Path, rows: str) -> None:
    path = with_sheet(tmp_path / "a.xlsx", rows)
    with contextlib.suppress(sheets.Unreadable):
        assert read(path) in ([], [["#VALUE!"]])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 a,b",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
        b"PK\x03\x04 not a zip \0\0\0",
        b"<!DOCTYPE html><table><tr><td>a</td></tr></table>",
        bytes(range(256)) * 8,
    ],
    ids=["empty", "pdf", "old Excel", "broken zip", "web page", "bytes"],
)
def test_what_is_no_spreadsheet_is_refused_whatever_it_is_called(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(sheets.Unreadable):
        read(path)


def test_too_wide_and_too_long_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join("a" * 501) + "\n")
    with pytest.raises(sheets.Unreadable, match="columns"):
        read(path)
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    path.write_text("a\n" * 5)
    with pytest.raises(sheets.Unreadable, match="more than 3 rows"):
        read(path)
    with path.open("w", newline="") as file:
        csv.writer(file).writerow(["x" * (sheets.MOST_IN_A_CELL + 1)])
    with pytest.raises(sheets.Unreadable, match="Row 1"):
        read(path)
