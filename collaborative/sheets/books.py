"""Workbooks of any length, made row by row: Excel's (.xlsx) and OpenDocument (.ods). Every cell is text.

A cell holds text and is marked as text, so that no program runs what begins like a formula. What is longer
than a cell may be stands whole on a sheet of its own at the end, in parts; rows beyond what a sheet may hold
go on in the next sheet. What XML cannot hold is written by its number, as Excel does: _x0001_.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from collaborative.sheets.out import writable
from collaborative.sheets.packing import Packing

MOST_ROWS_OF_A_SHEET = 1_048_576
MOST_OF_A_PART = 1 << 30  # bytes of a sheet of Excel: many programs stop at two gigabytes
IN_A_CELL = 32_000  # of the 32,767 UTF-16 units that Excel takes: the mark has to fit too
PART = 64 * 1024  # bytes that go out at once
ROWS_AT_ONCE = 200
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass
class Page:
    """One table: its name, its first row, and the others."""

    title: str
    head: list[str]
    rows: Iterable[list[str]]


@dataclass
class Beyond:
    """The sheet of what was too long for its cell, and what stands there to say so."""

    title: str
    head: list[str]  # sheet, row, column, part, words
    mark: str


def streamed(kind: str, pages: Iterable[Page], beyond: Beyond, *, large: bool = False) -> Iterator[bytes]:
    """The bytes of a workbook in parts. `kind`: "xlsx" or "ods". `large`: may hold more than 4 GB of XML."""
    with tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+", encoding="utf-8") as kept:
        long = Long(beyond, kept)
        writer: Excel | OpenDocument = Excel() if kind == "xlsx" else OpenDocument(large)
        writer.begin()
        for page in pages:
            yield from _page(writer, page, long)
        if long.many:
            yield from _page(writer, Page(beyond.title, beyond.head, long.rows()), None)
        writer.finish()
        yield writer.packing.take()


def _page(writer: "Excel | OpenDocument", page: Page, long: "Long | None") -> Iterator[bytes]:
    """One table, on as many sheets as it takes."""
    rows, number = iter(page.rows), 1
    after = next(rows, None)
    while after is not None or number == 1:
        title = page.title if number == 1 else f"{page.title} {number}"
        writer.begin_sheet(title, page.head)
        at, piece = 1, []
        while after is not None and at < MOST_ROWS_OF_A_SHEET and not writer.is_full:
            at += 1
            fitting = long.cut(title, at, page.head, after) if long else after
            piece.append(writer.row([writable(cell) if cell else "" for cell in fitting]))
            after = next(rows, None)
            if len(piece) == ROWS_AT_ONCE:
                writer.write("".join(piece))
                piece.clear()
                if writer.packing.waiting >= PART:
                    yield writer.packing.take()
        writer.write("".join(piece))
        writer.end_sheet()
        number += 1


@dataclass
class Long:
    """What is too long for its cell, kept until its own sheet is written."""

    beyond: Beyond
    kept: IO[str]
    many: int = 0

    def cut(self, sheet: str, row: int, head: list[str], cells: list[str]) -> list[str]:
        if all(len(cell) <= IN_A_CELL // 7 for cell in cells):  # though every letter be written in seven
            return cells
        fitting = list(cells)
        for place, cell in enumerate(cells):
            parts = pieces(cell)
            if len(parts) > 1:
                name = head[place] if place < len(head) else ""
                self.kept.write(json.dumps([sheet, row, name, cell]) + "\n")
                self.many += 1
                fitting[place] = parts[0] + self.beyond.mark
        return fitting

    def rows(self) -> Iterator[list[str]]:
        self.kept.seek(0)
        for line in self.kept:
            sheet, row, column, cell = json.loads(line)
            for number, part in enumerate(pieces(cell), 1):
                yield [sheet, str(row), column, str(number), part]


def pieces(text: str) -> list[str]:
    """The text in parts that fit into a cell each, however they are written. Joined they are the text."""
    if _units(text) <= IN_A_CELL:
        return [text]
    found, start, room = [], 0, IN_A_CELL
    for place, one in enumerate(text):
        units = _units(one)
        if one == "_" or units > room:
            units = max(units, 7)  # it may be an escape's beginning
        if units > room:
            found.append(text[start:place])
            start, room = place, IN_A_CELL
        room -= units
    return [*found, text[start:]]


def _units(text: str) -> int:
    """How long Excel thinks it is, written as we write it."""
    return len(writable(text).encode("utf-16-le")) // 2


# Excel ------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_HEAD = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
    'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


@dataclass
class Excel:
    packing: Packing = field(default_factory=Packing)
    titles: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Its lists come last, when it is known how many sheets there are."""

    def begin_sheet(self, title: str, head: list[str]) -> None:
        self.titles.append(title)
        self.packing.begin(f"xl/worksheets/sheet{len(self.titles)}.xml")
        self.write(SHEET_HEAD + self.row([writable(cell) for cell in head]))

    @property
    def is_full(self) -> bool:
        return self.packing.written >= MOST_OF_A_PART

    def row(self, cells: list[str]) -> str:
        return f"<row>{''.join([_excel_cell(cell) for cell in cells])}</row>"

    def write(self, text: str) -> None:
        self.packing.write(text.encode())

    def end_sheet(self) -> None:
        self.write("</sheetData></worksheet>")
        self.packing.end()

    def finish(self) -> None:
        numbers = range(1, len(self.titles) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
            for number, title in zip(numbers, self.titles, strict=True)
        )
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPE}.worksheet+xml"/>'
            for number in numbers
        )
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/>'
            f"</bookViews><sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
            "</Relationships>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            f'PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{types}</Types>',
        }
        for name, text in parts.items():
            self.packing.whole(name, (XML + text).encode())
        self.packing.finish()


def _excel_cell(cell: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' if cell else "<c/>"


# OpenDocument -----------------------------------------------------------------------------------

SPACE = "urn:oasis:names:tc:opendocument:xmlns"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT_HEAD = (
    f'{XML}<office:document-content xmlns:office="{SPACE}:office:1.0" xmlns:table="{SPACE}:table:1.0" '
    f'xmlns:text="{SPACE}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
)
MANIFEST = (
    f'{XML}<manifest:manifest xmlns:manifest="{SPACE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
# XML readers make one space of these.
SPACES = re.compile(r"^ +| +$| {2,}|\t")
EMPTY = re.compile(r"(?:<table:table-cell/>)+$")


@dataclass
class OpenDocument:
    large: bool = False
    packing: Packing = field(default_factory=Packing)

    def begin(self) -> None:
        self.packing.whole("mimetype", ODS_TYPE.encode(), stored=True)
        self.packing.whole("META-INF/manifest.xml", MANIFEST.encode())
        self.packing.begin("content.xml", large=self.large)
        self.write(CONTENT_HEAD)

    def begin_sheet(self, title: str, head: list[str]) -> None:
        self.write(f"<table:table table:name={quoteattr(title)}>")
        self.write(f"<table:table-header-rows>{self.row([writable(cell) for cell in head])}")
        self.write("</table:table-header-rows>")

    @property
    def is_full(self) -> bool:
        return False  # all sheets are one part

    def row(self, cells: list[str]) -> str:
        found = EMPTY.sub("", "".join([_ods_cell(cell) for cell in cells])) or "<table:table-cell/>"
        return f"<table:table-row>{found}</table:table-row>"

    def write(self, text: str) -> None:
        self.packing.write(text.encode())

    def end_sheet(self) -> None:
        self.write("</table:table>")

    def finish(self) -> None:
        self.write("</office:spreadsheet></office:body></office:document-content>")
        self.packing.end()
        self.packing.finish()


def _ods_cell(cell: str) -> str:
    if not cell:
        return "<table:table-cell/>"
    text = escape(cell)
    if "\n" in text or "  " in text or "\t" in text or text[0] == " " or text[-1] == " ":
        text = "</text:p><text:p>".join(SPACES.sub(_spaces, line) for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _spaces(found: Any) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'
