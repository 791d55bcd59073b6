"""A file on its way in: how much of it is let through, and whether the question takes it."""

from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from collaborative.consultations.questions import Asked
from collaborative.contributions import filetypes
from collaborative.contributions.filetypes import Accepted, NotTaken

NAME, REMOVE = "file", "remove"
MEGABYTE = 1024 * 1024
Errors = list[tuple[str, str]]


class Bounded(FileUploadHandler):
    """Lets no more through than the site takes in one request. The rest is read past and kept nowhere, so
    that what else was typed on the screen arrives all the same."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.left = settings.FILE_MEGABYTES * MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != NAME or self.left <= 0:
            raise SkipFile  # a screen asks for one file

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.request.too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def bound(request: HttpRequest) -> None:
    """Before anything reads what was posted. Files go to the disk and never into memory."""
    if request.method == "POST":
        request.upload_handlers = [Bounded(request), TemporaryFileUploadHandler(request)]


def has_come(request: HttpRequest) -> bool:
    """Whether there is a file to look into, which takes time."""
    return NAME in request.FILES


def most(one: Asked) -> int:
    """How many bytes a file may have here."""
    return min(one.file_megabytes or settings.FILE_MEGABYTES, settings.FILE_MEGABYTES) * MEGABYTE


def given(one: Asked, request: HttpRequest) -> tuple[Accepted | None, Errors]:
    """The file that was sent to this question, if any was, and what is wrong with it."""
    if getattr(request, "too_large", False):
        text = _("This file is larger than %(most)s. Make it smaller, or choose another.")
        return None, [(NAME, text % {"most": filetypes.in_size(most(one))})]
    sent = request.FILES.get(NAME)
    if not isinstance(sent, UploadedFile):
        return None, []
    try:
        found = filetypes.accept(
            cast(BinaryIO, sent.file), sent.name or "", sent.size or 0, types=one.file_types, most=most(one)
        )
    except NotTaken as refused:
        return None, [(NAME, str(refused))]
    return found, []
