"""Reading CSV: whatever encoding, separator and line ends it has."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from collaborative.sheets.limits import MOST_IN_A_CELL, Unreadable, trimmed

SAMPLE = 64 * 1024
PIECE = 1024 * 1024
SEPARATORS = ",;\t|"
NAMED = re.compile(r"sep=(.)\r?\n?")  # the first line that Excel itself writes and hides
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _as_it_is(error: UnicodeError) -> tuple[str, int]:
    """Windows-1252 leaves five bytes without a meaning; browsers read them as the code of that number."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(map(chr, error.object[error.start : error.end])), error.end


codecs.register_error("collaborative.as-it-is", _as_it_is)
# The limit is one for the whole process. Ours is far above the one of Python, so nobody else is held up.
csv.field_size_limit(max(csv.field_size_limit(), MOST_IN_A_CELL))


def refuse_others(path: Path) -> None:
    """What is no text is no CSV."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if sample.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")) or (
        b"\0" in sample and not encoding_of(path).startswith(("utf-16", "utf-32"))
    ):
        raise Unreadable(_("This is not a spreadsheet. Bring a .csv or .xlsx file."))
    if re.match(rb"\s*(<!doctype|<html|<\?xml)", sample, re.IGNORECASE):
        raise Unreadable(_("This is a web page, not a spreadsheet. Save it as .csv or .xlsx."))


def encoding_of(path: Path) -> str:
    """The name of the encoding. Without a mark: UTF-8 if all of it is that, else Windows-1252."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        for mark, name in MARKS:
            if sample.startswith(mark):
                return name
        if len(sample) > 1 and b"\0" in sample:
            even, odd = sample[0::2].count(0), sample[1::2].count(0)
            if max(even, odd) > len(sample) / 5 and min(even, odd) < len(sample) / 50:
                return "utf-16-le" if odd > even else "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(sample)
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def separator_of(line: str) -> str:
    """What stands most often between the cells of the first row, outside quotation marks."""
    outside = re.sub(r'"(?:[^"]|"")*"', "", line)
    return max(SEPARATORS, key=outside.count)


def _first_row(file: TextIO) -> str:
    """The first row that holds anything, though its cells may have line ends in them."""
    found = ""
    for line in file:
        found += line
        if found.strip() and found.count('"') % 2 == 0:
            break
        if len(found) > MOST_IN_A_CELL:
            break
    return found


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of the row, its cells). Raises Unreadable."""
    encoding = encoding_of(path)
    errors = "collaborative.as-it-is" if encoding == "cp1252" else "strict"
    number = 0
    try:
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            first = _first_row(file)
            named = NAMED.match(first)
            file.seek(0)
            if named:
                file.readline()
            separator = named[1] if named else separator_of(first)
            for number, cells in enumerate(csv.reader(file, delimiter=separator, strict=True), 1):
                cells = trimmed(cells)
                if cells:
                    yield number, cells
    except csv.Error as error:
        text = _("Row %(number)s cannot be read: a quotation mark is not closed, or a cell is too long.")
        raise Unreadable(text % {"number": number + 1}) from error
    except UnicodeError as error:
        raise Unreadable(_("The letters of this file cannot be read. Save it as UTF-8.")) from error
