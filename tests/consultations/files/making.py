"""Files of every kind, good and bad, and somebody who sends one."""

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from collaborative.engagements.models import Engagement
from tests.consultations.making import Respondent, block, draft, publish

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ALL = ["pdf", "docx", "odt", "txt", "jpeg", "png"]
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w:document/>", **more})


def odt(**more: bytes) -> bytes:
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>", **more})


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format=kind, **more)
    return out.getvalue()


def upload(content: bytes = PDF, name: str = "our view.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def consultation(**fields: Any) -> Engagement:
    """A question in words, and one that asks for a file; adults alone are invited."""
    asked = {"file_types": ALL, "file_megabytes": 1, **fields}
    return publish(draft([block("say", "text"), block("paper", "file", "Send us your paper", **asked)]))


class Sender(Respondent):
    def begin(self, age: str = "26-plus") -> "Sender":
        self.post("age", age=age)
        self.post("about", kind="individual", group="parents")
        return self

    def give(self, content: bytes = PDF, name: str = "our view.pdf", **data: Any) -> Any:
        return self.post("q-paper", file=upload(content, name), **data)

    def finish(self, permission: str = "anonymous") -> Any:
        self.post("q-say", text="See our paper.")
        self.post("permission", permission=permission)
        self.post("contact", recontact="no")
        return self.send()

    def code(self) -> str:
        return str(self.get("sent").context["code"])


def on_disk() -> list[Path]:
    return sorted(path for path in Path(settings.FILES_ROOT).glob("*/*") if path.is_file())
