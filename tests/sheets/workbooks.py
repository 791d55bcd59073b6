"""Files as people bring them, and as nobody should."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from collaborative import sheets

Rows = list[list[str]]
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# Excel keeps the strings of all sheets in a part of their own; openpyxl reads it but does not write it.
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
STRINGS = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}" />'.encode()


def read(path: Path) -> Rows:
    return [cells for _number, cells in sheets.rows(path, sheets.kind_of(path))]


def commas(path: Path, rows: Rows, encoding: str = "utf-8-sig") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        sheets.write_commas(file, rows)
    return path


def book(path: Path, rows: Rows) -> Path:
    with path.open("wb") as file:
        sheets.write_book(file, rows)
    return path


def real_book(path: Path, rows: list[list[Any]]) -> Path:
    """As Excel would: typed cells, formulas without a stored value."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """A workbook in which one part is replaced, or added."""
    whole = BytesIO()
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part).replace(b"</Types>", STRINGS + b"</Types>"))
        after.writestr(name, content)
        if name != "xl/sharedStrings.xml":
            after.writestr("xl/sharedStrings.xml", f"<sst xmlns='{SPACE}'><si><t>shared</t></si></sst>")
    return path


def with_sheet(path: Path, rows: str) -> Path:
    """A workbook whose sheet holds this XML of rows."""
    text = f'<?xml version="1.0"?><worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(path, "xl/worksheets/sheet1.xml", text.encode())
