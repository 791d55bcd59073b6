"""What a file is, by its content alone; what is refused, and what is taken out."""

import io
import zipfile

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD

from collaborative.contributions import filetypes
from collaborative.contributions.filetypes import Accepted, NotTaken
from tests.consultations.files.making import ALL, PDF, WORD, docx, odt, packed, picture

MOST = 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SOUND = {
    "a.pdf": PDF,
    "a.docx": docx(),
    "a.odt": odt(),
    "a.txt": "Ceud mìle fàilte.\r\n".encode(),
    "a.jpg": picture(),
    "a.png": picture("PNG"),
}


def accept(content: bytes, name: str, types: list[str] = ALL, most: int = MOST) -> Accepted:
    return filetypes.accept(io.BytesIO(content), name, len(content), types=types, most=most)


@pytest.mark.parametrize("name", SOUND)
def test_each_kind_is_known_by_what_is_inside(name: str) -> None:
    found = accept(SOUND[name], name)
    assert name in {f"a.{ending}" for ending in filetypes.ENDINGS[found.kind]}
    assert len(b"".join(found.parts())) == found.size


@pytest.mark.parametrize("name", SOUND)
def test_a_kind_that_the_question_does_not_take_is_refused(name: str) -> None:
    kind = accept(SOUND[name], name).kind
    with pytest.raises(NotTaken, match="kind of file"):
        accept(SOUND[name], name, [one for one in ALL if one != kind])


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.exe", "a.pdf.exe", "a.pdf.html"])
def test_a_name_that_says_something_else_is_refused(name: str) -> None:
    with pytest.raises(NotTaken, match="The name ends in"):
        accept(PDF, name)


def encrypted_zip() -> bytes:
    whole = bytearray(docx())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = whole.find(mark)
        while place >= 0:
            whole[place + at] |= 1
            place = whole.find(mark, place + 4)
    return bytes(whole)


def macro_enabled() -> bytes:
    kind = WORD.replace(
        "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
    )
    return packed({"[Content_Types].xml": kind.encode(), "word/document.xml": b""})


BAD = {
    "empty": (b"", "a.pdf", "empty"),
    "a program": (b"MZ\x90\x00\x03\x00\x00", "a.pdf", "kind of file"),
    "nothing known": (b"\x00\x01\x02", "a.txt", "kind of file"),
    "a zip that is no document": (packed({"a.exe": b"MZ"}), "a.docx", "kind of file"),
    "a spreadsheet": (
        packed({"[Content_Types].xml": b"sheet", "word/document.xml": b"", "xl/a.xml": b""}),
        "a.docx",
        "kind of file",
    ),
    "macros": (docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "programs"),
    "macros by type": (macro_enabled(), "a.docx", "kind of file"),
    "active controls": (docx(**{"word/activeX/activeX1.xml": b"x"}), "a.docx", "programs"),
    "macros in odt": (odt(**{"Basic/Standard/a.xml": b"x"}), "a.odt", "programs"),
    "locked odt": (odt(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "a.odt", "password"),
    "locked docx": (encrypted_zip(), "a.docx", "password"),
    "old office": (OLD_OFFICE + b"\0" * 600, "a.docx", "password"),
    "half a zip": (docx()[:60], "a.docx", "broken"),
    "half a pdf": (b"%PDF-1.4\nnothing", "a.pdf", "broken"),
    "locked pdf": (PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root"), "a.pdf", "password"),
    "script in pdf": (PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript >> /Type"), "a.pdf", "programs"),
    "half a picture": (picture()[:200], "a.jpg", "broken"),
    "half a png": (picture("PNG")[:60], "a.png", "broken"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_bad_is_refused_with_a_reason(what: str) -> None:
    content, name, reason = BAD[what]
    with pytest.raises(NotTaken, match=reason):
        accept(content, name)


def test_too_large_is_said_with_what_would_do() -> None:
    with pytest.raises(NotTaken, match="larger than 1 MB"):
        accept(PDF + b" " * MOST, "a.pdf")


def test_what_grows_without_end_when_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MOST_UNPACKED", 100_000)
    with pytest.raises(NotTaken, match="larger inside"):
        accept(docx(**{"word/media/a.bin": b"\0" * 200_000}), "a.docx")
    monkeypatch.setattr(filetypes, "MOST_ENTRIES", 5)
    with pytest.raises(NotTaken, match="larger inside"):
        accept(docx(**{f"word/{n}.xml": b"" for n in range(9)}), "a.docx")


def test_a_lie_about_a_size_unpacks_no_more_than_the_bound() -> None:
    lying = bytearray(odt())
    place = lying.find(b"PK\x01\x02")
    lying[place + 24 : place + 28] = (5).to_bytes(4, "little")
    with pytest.raises(NotTaken):
        accept(bytes(lying), "a.odt")
    assert zipfile.is_zipfile(io.BytesIO(bytes(lying)))


def test_a_picture_loses_where_and_with_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARYCAMERA"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (55.0, 57.0, 11.0)
    found = accept(picture(exif=exif, comment=b"CANARYCOMMENT") + b"CANARYTAIL", "a.jpg")
    whole = b"".join(found.parts())
    with Image.open(io.BytesIO(whole)) as drawn:
        assert drawn.size == (30, 40), "turned as it was meant to be seen"
        assert not drawn.getexif() and not drawn.info.get("exif") and "comment" not in drawn.info
    assert b"CANARY" not in whole


def test_a_picture_in_png_loses_its_words() -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", "CANARYAUTHOR")
    found = accept(picture("PNG", pnginfo=words), "a.png")
    assert b"CANARY" not in b"".join(found.parts())


def test_a_picture_of_too_many_pixels_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MOST_PIXELS", 1_000)
    with pytest.raises(NotTaken, match="too many pixels"):
        accept(picture(), "a.jpg")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("our view.pdf", "our view.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ann\\view.pdf", "view.pdf"),
        ("evil\u202efdp.pdf", "evilfdp.pdf"),
        ("a\x00b\r\nc\u200b.pdf", "ab c.pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("view", "view.pdf"),
        ("view.PDF", "view.PDF"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert filetypes.clean_name(given, "pdf") == kept
    assert len(kept) <= filetypes.LONGEST_NAME
