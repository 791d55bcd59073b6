"""What editors may put among the documents: told by its first bytes and its name, and not too large.

What people send with their answers is looked at more closely (contributions): these files come from staff.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

from collaborative import firstbytes
from collaborative.contributions.filetypes import in_size

MEGABYTE = 1024 * 1024
MOST, MOST_FILM = 20 * MEGABYTE, 200 * MEGABYTE
HEAD = 4096
# What is inside a file with this ending; everything else that may come is text.
INSIDE = {"pdf": firstbytes.PDF, "mp4": firstbytes.FILM} | dict.fromkeys(
    ("docx", "xlsx", "odt", "ods"), firstbytes.PACKED
)


def problem(file: UploadedFile) -> str:
    """Why this file is not taken, for the editor; empty when it may be."""
    ending = (file.name or "").rpartition(".")[2].lower()
    most = MOST_FILM if ending == "mp4" else MOST
    if (file.size or 0) > most:
        return _("This file is larger than %(most)s. Make it smaller, or divide it.") % {
            "most": in_size(most)
        }
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    found = firstbytes.kind_by(head)
    if found != INSIDE.get(ending, "") or (not found and b"\x00" in head):
        text = _("The name ends in “.%(ending)s”, but inside it is another kind of file.")
        return text % {"ending": ending}
    return ""


class DocumentForm(BaseDocumentForm):
    """`WAGTAILDOCS_DOCUMENT_FORM_BASE`: for one file, for many at once, and in the chooser."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        found = problem(file) if isinstance(file, UploadedFile) else ""
        if found:
            raise forms.ValidationError(found)
        return file
