"""What a file is by how it begins, for everything that takes files: what people send with their answers,
documents of editors, spreadsheets. What a packed file holds, and whether it may be kept, each says itself.
"""

PDF, JPEG, PNG, FILM = "pdf", "jpeg", "png", "mp4"
PACKED = "zip"  # OpenDocument and the newer Office files too
OLD_OFFICE = "ole"  # also what an Office file with a password looks like
HEAD = 16  # bytes to read
STARTS = (
    (0, b"%PDF-", PDF),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"PK\x03\x04", PACKED),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (4, b"ftyp", FILM),
)


def kind_by(head: bytes) -> str:
    """One of the kinds above, or "" for anything else, text included. `head`: at least HEAD bytes of it."""
    return next((kind for at, start, kind in STARTS if head.startswith(start, at)), "")
