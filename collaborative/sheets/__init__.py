"""Spreadsheets in and out: CSV and Excel workbooks as rows of text. Knows nothing of what the cells mean.

Whatever a file claims, it is told by its content. Nothing in it is run: a formula gives the value that was
stored with it, or else its own text. Rows are read one after the other, so that a file of any length takes
little memory. What cannot be read whole is refused with a sentence for the person who brought it.

Left out: sheets after the first that is shown, pictures, comments, colours.
"""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from collaborative import firstbytes
from collaborative.sheets import book, commas
from collaborative.sheets.limits import MOST_COLUMNS, MOST_IN_A_CELL, MOST_ROWS, Unreadable
from collaborative.sheets.out import guarded, unguarded, write_book, write_commas

__all__ = [
    "BOOK",
    "COMMAS",
    "MOST_COLUMNS",
    "MOST_IN_A_CELL",
    "MOST_ROWS",
    "ODS",
    "Unreadable",
    "guarded",
    "kind_of",
    "left_out",
    "rows",
    "unguarded",
    "write_book",
    "write_commas",
]

COMMAS, BOOK, ODS = "csv", "xlsx", "ods"  # the last is written, not read


def kind_of(path: Path) -> str:
    """COMMAS or BOOK, by what is in the file. Raises Unreadable, and says what to do about it."""
    with path.open("rb") as file:
        start = file.read(firstbytes.HEAD)
    if not start:
        raise Unreadable(_("The file is empty."))
    found = firstbytes.kind_by(start)
    if found == firstbytes.OLD_OFFICE:
        raise Unreadable(
            _("This is an old Excel file, or one with a password. Save it as .xlsx, without a password.")
        )
    if found == firstbytes.PACKED:
        book.refuse_others(path)
        return BOOK
    commas.refuse_others(path)
    return COMMAS


def rows(path: Path, kind: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the row as a spreadsheet program counts, its cells as text); empty rows are passed over.

    Empty cells at the end of a row are cut off. Dates come as 2026-03-04, or 2026-03-04T10:30:00 with a
    time; whole numbers without a point. Raises Unreadable, also in the middle of the file.
    """
    reader = book.rows if kind == BOOK else commas.rows
    for read, (number, cells) in enumerate(reader(path)):
        if read > MOST_ROWS:
            raise Unreadable(_("This has more than %(most)s rows. Cut it in two.") % {"most": MOST_ROWS})
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                _("Row %(number)s has more than %(most)s columns.") % {"number": number, "most": MOST_COLUMNS}
            )
        yield number, cells


def left_out(path: Path, kind: str) -> list[str]:
    """Names of the sheets of a workbook that are not read."""
    return book.other_sheets(path) if kind == BOOK else []
