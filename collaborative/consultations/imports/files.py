"""The file of an import: kept in the database in pieces, and laid on the disk for as long as it is read."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from collaborative import sheets
from collaborative.consultations.models import Import, ImportPiece

PIECE = 1024 * 1024
SAMPLES = 3
EXCERPT = 80


@contextmanager
def laid_out(pieces: Iterable[bytes]) -> Iterator[Path]:
    """A file of these pieces, which is gone at the end."""
    with tempfile.NamedTemporaryFile(prefix="import-") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        yield Path(file.name)


def pieces_of(one: Import) -> Iterator[bytes]:
    rows = ImportPiece.objects.filter(of=one).order_by("number")
    for data in rows.values_list("data", flat=True).iterator(chunk_size=1):
        yield bytes(data)


def keep(one: Import, path: Path) -> None:
    """One statement for each piece, in the caller's transaction."""
    with path.open("rb") as file:
        number = 0
        while data := file.read(PIECE):
            ImportPiece.objects.create(of=one, number=number, data=data)
            number += 1


def start_of(path: Path, kind: str) -> tuple[list[str], list[list[str]]]:
    """(headings, the first rows with their cells cut short). Raises sheets.Unreadable."""
    found = [cells for _number, cells in islice(sheets.rows(path, kind), SAMPLES + 1)]
    if not found:
        raise sheets.Unreadable("")
    headings = [" ".join(cell.split())[:300] for cell in found[0]]
    return headings, [[" ".join(cell.split())[:EXCERPT] for cell in row] for row in found[1:]]
