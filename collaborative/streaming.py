"""Downloads that are sent as they are made, so that one of any length takes little memory.

Django gathers a plain iterator whole before it sends it through ASGI. Here the next part is fetched, in the
thread of the request, when the last was sent.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import StreamingHttpResponse

from collaborative.sheets import guarded

PART = 64 * 1024  # bytes that go out at once
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else


class Streamed(StreamingHttpResponse):
    """Its parts come from a plain iterator, whether the server asks for them one way or the other."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self.streaming_content)  # type: ignore[arg-type]

        def take() -> bytes | None:
            part = next(parts, None)
            close_old_connections()  # back to the pool while a slow reader takes what there is
            return part

        while (part := await sync_to_async(take)()) is not None:
            yield part


def streamed_commas(head: Iterable[list[str]], lines: Iterable[list[str]], *, name: str) -> Streamed:
    """A CSV to download: every cell in quotation marks, and none of them run by a spreadsheet program."""
    return attached(comma_parts(head, lines), "text/csv; charset=utf-8", name=name)


def attached(parts: Iterable[bytes], content_type: str, *, name: str) -> Streamed:
    """Parts of a file to download."""
    response = Streamed(parts, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def comma_parts(head: Iterable[list[str]], lines: Iterable[list[str]]) -> Iterator[bytes]:
    """The bytes of a CSV, some thousand at a time."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    out.write(BOM)
    for line in chain(head, lines):
        writer.writerow([guarded(cell) for cell in line])
        if out.tell() >= PART:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
