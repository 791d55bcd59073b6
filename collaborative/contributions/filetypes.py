"""What a file is, told by its content, and made safe to keep. Its name decides nothing.

Nothing is unpacked to the disk, and of a compressed file only the parts that say what it is are read, each up
to a bound. A picture is drawn anew, so that neither place, camera nor anything hidden behind it stays.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from struct import error as struct_error
from typing import Any, BinaryIO
from zlib import error as zlib_error

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from PIL import Image, ImageOps

from collaborative import firstbytes

PDF, JPEG, PNG = firstbytes.PDF, firstbytes.JPEG, firstbytes.PNG
DOCX, ODT, TXT = "docx", "odt", "txt"
TYPES = [
    (PDF, gettext_lazy("PDF")),
    (DOCX, gettext_lazy("Word (.docx)")),
    (ODT, gettext_lazy("OpenDocument (.odt)")),
    (TXT, gettext_lazy("Plain text (.txt)")),
    (JPEG, gettext_lazy("Picture (JPEG)")),
    (PNG, gettext_lazy("Picture (PNG)")),
]
SHORT_NAMES = {
    PDF: pgettext_lazy("file", "PDF"),
    DOCX: pgettext_lazy("file", "Word"),
    ODT: pgettext_lazy("file", "OpenDocument"),
    TXT: pgettext_lazy("file", "plain text"),
    JPEG: pgettext_lazy("file", "JPEG picture"),
    PNG: pgettext_lazy("file", "PNG picture"),
}
USUAL = (PDF, DOCX, ODT)
ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), ODT: ("odt",), TXT: ("txt",), JPEG: ("jpg", "jpeg"), PNG: ("png",)}
LONGEST_NAME = 100
PART = 64 * 1024
MOST_PIXELS = 40_000_000
MOST_ENTRIES, MOST_UNPACKED, MOST_READ = 3_000, 200 * 1024 * 1024, 2 * 1024 * 1024
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
PROGRAMS = ("vbaproject", "vbadata", "activex", "basic/", "scripts/")
IN_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)\b")
LOCKED_PDF = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
# What no text holds: control characters other than tab, ends of lines and of pages.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class NotTaken(Exception):
    """The file cannot be taken; the message is for whoever sent it."""


@dataclass(frozen=True)
class Accepted:
    """A file that may be kept: what it is called, what it is, and the bytes to keep."""

    name: str
    kind: str
    size: int
    source: BinaryIO

    def parts(self) -> Iterator[bytes]:
        self.source.seek(0)
        while part := self.source.read(PART):
            yield part


def accept(source: BinaryIO, name: str, size: int, *, types: Collection[str], most: int) -> Accepted:
    """Raises NotTaken. `most` is in bytes."""
    if not size:
        raise NotTaken(_("This file is empty. Choose another."))
    if size > most:
        text = _("This file is larger than %(most)s. Make it smaller, or choose another.")
        raise NotTaken(text % {"most": in_size(most)})
    kind = kind_of(source)
    if kind not in types:
        raise NotTaken(
            _("We cannot take this kind of file here. Send one of these: %(types)s.") % _all(types)
        )
    name = clean_name(name, kind)
    SAFE[kind](source)
    if kind in (JPEG, PNG):
        source, size = _drawn_anew(source, kind)
    return Accepted(name, kind, size, source)


def _all(types: Iterable[str]) -> dict[str, str]:
    return {"types": in_words(types)}


def in_words(types: Iterable[str]) -> str:
    given = set(types)
    return ", ".join(str(label) for key, label in TYPES if key in given)


def in_size(size: int) -> str:
    """As people read it: 12 KB, 3.4 MB."""
    if size < 1024 * 1024:
        return _("%(n)s KB") % {"n": max(1, round(size / 1024))}
    return _("%(n)s MB") % {"n": f"{size / 1024 / 1024:.1f}".removesuffix(".0")}


# What it is called ------------------------------------------------------------------------------


def clean_name(name: str, kind: str) -> str:
    """The name without folders, and without what nobody sees: control characters, turned text. Raises
    NotTaken where its ending says that it is something else."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(" " if one.isspace() else one for one in name if _is_seen(one))
    name = " ".join(name.split()).rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ENDINGS[kind][0]
    if ending.lower() not in ENDINGS[kind]:
        text = _("The name ends in “.%(ending)s”, but inside it is another kind of file: %(kind)s.")
        raise NotTaken(text % {"ending": ending[:12], "kind": SHORT_NAMES[kind]})
    stem = stem.strip(". ") or _("file")
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip()}.{ending}"


def _is_seen(one: str) -> bool:
    return one.isspace() or not unicodedata.category(one).startswith("C")


# What it is -------------------------------------------------------------------------------------


def kind_of(source: BinaryIO) -> str:
    """What the content is, or "" where it is nothing that we know. Raises NotTaken for a locked file."""
    source.seek(0)
    found = firstbytes.kind_by(source.read(firstbytes.HEAD))
    if found in (PDF, JPEG, PNG):
        return found
    if found == firstbytes.OLD_OFFICE:
        raise NotTaken(
            _("This is an old kind of document, or it is locked with a password. Save it anew, as a PDF.")
        )
    if found == firstbytes.PACKED:
        return _packed(source)
    return TXT if _is_text(source) else ""


def _packed(source: BinaryIO) -> str:
    with _opened(source) as packed:
        names = set(packed.namelist())
        if {"[Content_Types].xml", "word/document.xml"} <= names:
            return DOCX if WORD in _part(packed, "[Content_Types].xml") else ""
        if "mimetype" in names and _part(packed, "mimetype").strip() == OPEN_DOCUMENT:
            return ODT
    return ""


def _opened(source: BinaryIO) -> zipfile.ZipFile:
    source.seek(0)
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise NotTaken(_broken()) from None


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    """One part of it, up to a bound. Raises NotTaken."""
    if packed.getinfo(name).flag_bits & 1:
        raise NotTaken(_locked())
    try:
        with packed.open(name) as part:
            return part.read(MOST_READ)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, zlib_error):
        raise NotTaken(_broken()) from None


def _part_if_there(packed: zipfile.ZipFile, name: str) -> bytes:
    return _part(packed, name) if name in packed.namelist() else b""


def _is_text(source: BinaryIO) -> bool:
    source.seek(0)
    whole = source.read()
    for coding in ("utf-16",) if whole[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return CONTROL.search(whole.decode(coding)) is None
        except UnicodeDecodeError:
            continue
    return False


def _locked() -> str:
    return _("This file is locked with a password. Take the password off, then send it again.")


def _broken() -> str:
    return _("We cannot open this file: it seems broken. Save it anew, or choose another.")


def _with_programs() -> str:
    return _(
        "There are small programs in this file, and we take none. Save it without them, or as a plain PDF."
    )


# That it is safe --------------------------------------------------------------------------------


def _safe_document(source: BinaryIO) -> None:
    """No programs, no password, and nothing that grows without end when it is unpacked."""
    with _opened(source) as packed:
        entries = packed.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise NotTaken(_("This file is far larger inside than it looks. Save it anew, as a PDF."))
        if any(one.flag_bits & 1 for one in entries):
            raise NotTaken(_locked())
        names = [one.filename.casefold().replace("\\", "/") for one in entries]
        if any(_is_program(name) for name in names):
            raise NotTaken(_with_programs())
        if b"encryption-data" in _part_if_there(packed, "META-INF/manifest.xml"):
            raise NotTaken(_locked())
        if b"macroenabled" in _part_if_there(packed, "[Content_Types].xml").lower():
            raise NotTaken(_with_programs())


def _is_program(name: str) -> bool:
    return any(name.startswith(one) or f"/{one}" in f"/{name}" for one in PROGRAMS)


def _safe_pdf(source: BinaryIO) -> None:
    source.seek(0)
    whole = source.read()
    if b"%%EOF" not in whole[-4096:]:
        raise NotTaken(_broken())
    if LOCKED_PDF.search(whole):
        raise NotTaken(_locked())
    if IN_PDF.search(whole):
        raise NotTaken(_with_programs())


def _safe_as_it_is(source: BinaryIO) -> None:
    """Text, and pictures, which are drawn anew."""


SAFE: dict[str, Callable[[BinaryIO], None]] = {
    PDF: _safe_pdf,
    DOCX: _safe_document,
    ODT: _safe_document,
    TXT: _safe_as_it_is,
    JPEG: _safe_as_it_is,
    PNG: _safe_as_it_is,
}


def _drawn_anew(source: BinaryIO, kind: str) -> tuple[BinaryIO, int]:
    """The picture alone: where it was taken, with what and by whom goes."""
    source.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=[kind.upper()]) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise NotTaken(_("This picture has too many pixels. Make it smaller, or choose another."))
                return _written(ImageOps.exif_transpose(found), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotTaken(_("This picture has too many pixels. Make it smaller, or choose another.")) from None
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, struct_error, zlib_error):
        raise NotTaken(_broken()) from None


def _written(picture: Any, kind: str) -> tuple[BinaryIO, int]:
    out = io.BytesIO()
    modes = ("RGB", "L") if kind == JPEG else ("RGB", "RGBA", "L", "LA", "1", "I;16")
    plain = picture if picture.mode in modes else picture.convert("RGB" if kind == JPEG else "RGBA")
    plain.info = {}
    plain.save(out, format=kind.upper(), **({"quality": 88} if kind == JPEG else {}))
    return out, out.tell()
