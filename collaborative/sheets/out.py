"""Writing CSV and Excel workbooks. What is written here reads back the same, whatever the text."""

import csv
import re
from collections.abc import Iterable
from typing import BinaryIO, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

MOST_IN_A_CELL_OF_EXCEL = 32_767
# What a spreadsheet program would run as a formula begins so, and our own mark against it.
RUNNING = frozenset("=+-@\t\r'")
# What XML cannot hold or would change, and what reads like our way of writing that.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet program would run as a formula."""
    return f"'{text}" if text[:1] in RUNNING else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:2] in RUNNING else text


def writable(text: str) -> str:
    """As Excel writes what XML cannot hold: by its number, _x0001_; and what reads like that, likewise."""
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def write_commas(out: TextIO, rows: Iterable[Iterable[str]]) -> None:
    """CSV for people, who open it in a spreadsheet program: every cell in quotation marks, none runs.

    Read it back with `unguarded`. Open the file with newline="" and, for Excel, encoding="utf-8-sig".
    """
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([guarded(cell) for cell in row] for row in rows)


def write_book(out: BinaryIO, rows: Iterable[Iterable[str]], *, title: str = "Sheet1") -> None:
    """A workbook of one sheet in which every cell is text. Raises ValueError for a cell that is too long."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    book.save(out)


def _cell(sheet: object, text: str) -> object:
    text = writable(text)
    if len(text) > MOST_IN_A_CELL_OF_EXCEL:
        raise ValueError("Excel keeps at most 32,767 characters in a cell; write CSV instead.")
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # not a formula, though it may begin like one
    return cell
