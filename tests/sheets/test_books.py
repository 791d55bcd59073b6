"""Workbooks made row by row read back the same, and nothing in them runs."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collaborative.sheets import book as reading
from collaborative.sheets import books
from collaborative.sheets.books import Beyond, Page, streamed
from tests.sheets import opendocument
from tests.sheets.test_sheets import ODD, QUICK, TEXT, wanted
from tests.sheets.workbooks import Rows

BEYOND = Beyond("Long texts", ["Sheet", "Row", "Column", "Part", "Words"], " [goes on]")
HEAD = ["a", "b", "c", "d", "e"]
LONG = st.builds(lambda text, times: text * times, TEXT | ODD, st.sampled_from([1, 1, 700, 3_000]))
ROWS = st.lists(st.lists(TEXT | ODD | LONG, min_size=1, max_size=5), min_size=0, max_size=5)
KINDS = ["xlsx", "ods"]


def write(path: Path, kind: str, pages: list[Page], *, large: bool = False) -> dict[str, Rows]:
    """Write it and read it back: {name of the sheet: rows, the heading among them}."""
    with path.open("wb") as file:
        for part in streamed(kind, pages, BEYOND, large=large):
            file.write(part)
    return read(path, kind)


def read(path: Path, kind: str) -> dict[str, Rows]:
    if kind == "ods":
        found = opendocument.tables(path)
        return {
            name: [[reading._unescaped(cell) for cell in row] for row in rows] for name, rows in found.items()
        }
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
    return {
        sheet.title: [
            wanted([[reading._text(value) for value in row]])[0] if any(row) else []
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }


def whole(found: dict[str, Rows], title: str) -> Rows:
    """The rows of a table from all its sheets, with the long texts put back."""
    long: dict[tuple[str, str, str], str] = {}
    for sheet, row, column, _part, *words in found.get("Long texts", [])[1:]:
        key = (sheet, row, column)
        long[key] = long.get(key, "") + "".join(words)
    rows: Rows = []
    for sheet, cells in found.items():
        if sheet == title or sheet.startswith(f"{title} "):
            for number, row in enumerate(cells[1:], 2):
                rows.append(
                    [long.get((sheet, str(number), HEAD[place]), cell) for place, cell in enumerate(row)]
                )
    return rows


@QUICK
@given(rows=ROWS, kind=st.sampled_from(KINDS), large=st.booleans())
def test_what_goes_in_comes_out_whatever_the_text(tmp_path: Path, rows: Rows, kind: str, large: bool) -> None:
    found = write(tmp_path / "a", kind, [Page("Answers", HEAD, rows)], large=large)
    assert found["Answers"][0] == HEAD
    assert wanted(whole(found, "Answers")) == wanted(rows)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_written_runs(tmp_path: Path, kind: str) -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "=cmd|' /C calc'!A0", "\t=1", "{=1}"]
    path = tmp_path / "a"
    assert write(path, kind, [Page("Answers", HEAD, [hostile])])["Answers"][1] == hostile
    parts = zipfile.ZipFile(path)
    xml = b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".xml"))
    assert b"<f>" not in xml and b"formula" not in xml
    if kind == "xlsx":
        cells = [
            cell
            for row in openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["Answers"]
            for cell in row
            if cell.value
        ]
        assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_that_is_full_goes_on_in_the_next(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST_ROWS_OF_A_SHEET", 4)
    rows = [[str(number)] for number in range(7)]
    found = write(tmp_path / "a", kind, [Page("Answers", HEAD, rows), Page("More", HEAD, rows[:3])])
    assert list(found) == ["Answers", "Answers 2", "Answers 3", "More"]
    assert [len(sheet) for sheet in found.values()] == [4, 4, 2, 4]
    assert all(sheet[0] == HEAD for sheet in found.values()) and whole(found, "Answers") == rows


def test_a_sheet_of_excel_ends_before_it_is_larger_than_programs_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST_OF_A_PART", 60_000)
    rows = [["word " * 20] for _number in range(1_000)]
    found = write(tmp_path / "a", "xlsx", [Page("Answers", HEAD, rows)])
    assert len(found) > 2 and whole(found, "Answers") == rows


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_too_long_for_a_cell_is_whole_on_a_sheet_of_its_own(tmp_path: Path, kind: str) -> None:
    text = "\U0001d4d0 long_x0041_ =word\n" * 4_000
    found = write(tmp_path / "a", kind, [Page("Answers", HEAD, [["1", text], ["2", "short"]])])
    cell = found["Answers"][1][1]
    assert cell.endswith(" [goes on]") and text.startswith(cell.removesuffix(" [goes on]"))
    parts = [row[4] for row in found["Long texts"][1:]]
    assert "".join(parts) == text and found["Long texts"][1][:4] == ["Answers", "2", "b", "1"]
    excel = [len(one.encode("utf-16-le")) // 2 for one in [cell, *parts]]
    assert max(excel) <= 32_767


def test_it_is_sent_in_parts_before_it_is_whole() -> None:
    taken = 0

    def rows() -> Rows:  # type: ignore[misc]
        nonlocal taken
        for taken in range(60_000):
            yield [f"{taken * 7919 % 100_003} words of somebody"]

    parts = streamed("xlsx", [Page("Answers", HEAD, rows())], BEYOND)
    next(parts)
    assert 0 < taken < 50_000
    assert io.BytesIO(b"".join(parts))
