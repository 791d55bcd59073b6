"""Reading OpenDocument spreadsheets as their standard says: by another way than they are written."""

import zipfile
from pathlib import Path

from defusedxml.ElementTree import parse

from tests.sheets.workbooks import Rows

SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, OFFICE = f"{SPACE}table:1.0}}", f"{SPACE}text:1.0}}", f"{SPACE}office:1.0}}"


def tables(path: Path) -> dict[str, Rows]:
    """{name of the sheet: its rows}."""
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type, first.flag_bits) == ("mimetype", zipfile.ZIP_STORED, 0)
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        with packed.open("content.xml") as file:
            root = parse(file).getroot()
    return {
        table.get(f"{TABLE}name"): [_row(row) for row in table.iter(f"{TABLE}table-row")]
        for table in root.iter(f"{TABLE}table")
    }


def _row(row) -> list[str]:  # type: ignore[no-untyped-def]
    cells = []
    for cell in row.iter(f"{TABLE}table-cell"):
        assert cell.get(f"{OFFICE}value-type") in ("string", None) and not cell.get(f"{TABLE}formula")
        cells.append("\n".join(_text(line) for line in cell.iter(f"{TEXT}p")))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(line) -> str:  # type: ignore[no-untyped-def]
    found = _collapsed(line.text or "")
    for inner in line:
        if inner.tag == f"{TEXT}s":
            found += " " * int(inner.get(f"{TEXT}c", "1"))
        elif inner.tag == f"{TEXT}tab":
            found += "\t"
        found += _collapsed(inner.tail or "")
    return found


def _collapsed(text: str) -> str:
    """Whatever white space XML has, readers make one space of it; at the ends it is gone."""
    for other in "\t\r\n":
        text = text.replace(other, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text
