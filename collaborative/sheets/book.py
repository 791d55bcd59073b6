"""Reading Excel workbooks (.xlsx), as rows of text.

openpyxl reads them through defusedxml, which refuses entities; what a workbook unpacks to is measured first.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import openpyxl
from django.utils.translation import gettext as _

from collaborative.sheets.limits import MOST_IN_MEMORY, MOST_PARTS, MOST_UNPACKED, Unreadable, trimmed

FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SHEETS = "xl/worksheets/"
LAST_ROW = 1_048_576  # of any Excel sheet: a file that claims a later one would be counted up to
PIECE = 1024 * 1024


def refuse_others(path: Path) -> None:
    """Other things are packed in the same way; and a small file may unpack to more than a machine holds."""
    parts = _parts(path)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        if "mimetype" in names or "content.xml" in names or "xl/workbook.bin" in names:
            raise Unreadable(_("Save this as .xlsx or .csv and bring that."))
        raise Unreadable(_("This is not a spreadsheet. Bring a .csv or .xlsx file."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("This file has a password. Save it without one."))
    whole = sum(part.file_size for part in parts)
    in_memory = sum(part.file_size for part in parts if not part.filename.startswith(SHEETS))
    if len(parts) > MOST_PARTS or whole > MOST_UNPACKED or in_memory > MOST_IN_MEMORY:
        raise Unreadable(_("This workbook unpacks to too much. Save the sheet as .csv and bring that."))


def _parts(path: Path) -> list[ZipInfo]:
    try:
        with ZipFile(path) as packed:
            return packed.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(_("This workbook is damaged, or made to do harm. Save it anew, or as .csv."))


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of the row, its cells as text) of the first sheet that is not hidden. Raises Unreadable."""
    if not openpyxl.DEFUSEDXML:  # it does without where the package is missing
        raise Unreadable("defusedxml is not installed: no workbook is read without it.")
    try:
        yield from _with_formulas(path) if _has_formulas(path) else _values(path)
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken or hostile workbook makes the reader stumble over
        raise _damaged() from error


def other_sheets(path: Path) -> list[str]:
    """The names of the sheets that are not read. Raises Unreadable."""
    try:
        with _open(path) as found:
            chosen = _chosen(found)
            return [name for name in found.sheetnames if name != chosen.title]
    except Unreadable:
        raise
    except Exception as error:
        raise _damaged() from error


@contextmanager
def _open(path: Path, *, stored: bool = True) -> Iterator[Any]:
    # As an open file: of a path openpyxl wants to see the right ending.
    with (
        path.open("rb") as file,
        closing(openpyxl.load_workbook(file, read_only=True, data_only=stored, keep_links=False)) as found,
    ):
        yield found


def _chosen(found: Any) -> Any:
    shown = [sheet for sheet in found.worksheets if sheet.sheet_state == "visible"]
    sheets = shown or found.worksheets
    if not sheets:
        raise Unreadable(_("There is no sheet in this workbook."))
    sheets[0].reset_dimensions()  # what the file says about its size may be wrong, and is not needed
    return sheets[0]


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula: then it is read twice, once for the values and once for these."""
    with ZipFile(path) as packed:
        for part in packed.infolist():
            if part.filename.startswith(SHEETS) and part.filename.endswith(".xml"):
                with packed.open(part) as file:
                    end = b""
                    while piece := file.read(PIECE):
                        if FORMULA.search(end + piece):
                            return True
                        end = piece[-64:]
    return False


def _values(path: Path) -> Iterator[tuple[int, list[str]]]:
    with _open(path) as found:
        for number, row in enumerate(_chosen(found).iter_rows(values_only=True, max_row=LAST_ROW), 1):
            cells = trimmed([_text(value) for value in row])
            if cells:
                yield number, cells


def _with_formulas(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The value that was stored with each formula; where there is none, the formula as text."""
    with _open(path) as found, _open(path, stored=False) as written:
        values = _chosen(found).iter_rows(values_only=True, max_row=LAST_ROW)
        formulas = _chosen(written).iter_rows(values_only=True, max_row=LAST_ROW)
        for number, (row, other) in enumerate(zip(values, formulas, strict=True), 1):
            pairs = zip(row, other, strict=True)
            cells = trimmed([_text(formula if value is None else value) for value, formula in pairs])
            if cells:
                yield number, cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # Characters that XML cannot hold are written by their number.
        return _unescaped(value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", None) or value)


def _unescaped(text: str) -> str:
    """Halves of a character that found their other half become one; those that did not, no database keeps."""
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
