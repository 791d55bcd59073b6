"""A QR code as the path of one SVG, drawn on the server: no script, no style, and it prints."""

from dataclasses import dataclass

import qrcode

QUIET = 4  # modules of white around it, which cameras need


@dataclass(frozen=True)
class Picture:
    """`size` modules wide and high; `path` fills the dark ones, each one unit wide."""

    size: int
    path: str


def picture(text: str) -> Picture:
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Picture(len(rows), "".join(squares))
