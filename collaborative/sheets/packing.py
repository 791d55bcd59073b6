"""A zip that is sent as it is made: nothing is written twice, so it needs no file and little memory.

Python's zipfile could write into something that cannot go back too, but then marks even the first part of an
OpenDocument, which has to lie there plainly, sizes and all. Left out: folders, dates, passwords.
"""

import struct
import zlib
from dataclasses import dataclass

STORED, DEFLATED = 0, 8
SIZES_FOLLOW = 0x08
DAY = 0x21  # the first of January 1980: what is made is the same each time
MOST = 0xFFFFFFFF
LEVEL = 4  # of deflating: half the time of the usual level, for a twentieth more bytes
PLAIN, LARGE = 20, 45  # versions of the format, without and with sizes of eight bytes


@dataclass
class Part:
    name: bytes
    method: int
    flags: int
    at: int
    large: bool
    check: int = 0
    packed: int = 0
    size: int = 0


class Packing:
    """`whole` adds a part at once; `begin`, `write`, `end` one of any length. `take` gives what is ready."""

    def __init__(self) -> None:
        self._out = bytearray()
        self._gone = 0
        self._parts: list[Part] = []
        self._part: Part | None = None

    def take(self) -> bytes:
        ready = bytes(self._out)
        self._gone += len(ready)
        self._out.clear()
        return ready

    @property
    def waiting(self) -> int:
        """How many bytes `take` would give."""
        return len(self._out)

    @property
    def written(self) -> int:
        """How many bytes of the part at hand were written, before they were packed."""
        return self._part.size if self._part else 0

    def whole(self, name: str, data: bytes, *, stored: bool = False) -> None:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = data if stored else packer.compress(data) + packer.flush()
        part = Part(name.encode(), STORED if stored else DEFLATED, 0, self._at, False)
        part.check, part.packed, part.size = zlib.crc32(data), len(packed), len(data)
        self._head(part)
        self._out += packed
        self._parts.append(part)

    def begin(self, name: str, *, large: bool = False) -> None:
        """`large`: it may have more than four gigabytes, which older programs do not read."""
        self._part = Part(name.encode(), DEFLATED, SIZES_FOLLOW, self._at, large)
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._head(self._part)

    def write(self, data: bytes) -> None:
        part = self._part
        assert part is not None
        part.check, part.size = zlib.crc32(data, part.check), part.size + len(data)
        if part.size > MOST and not part.large:
            raise OverflowError("A part of a zip has more than four gigabytes.")
        packed = self._packer.compress(data)
        part.packed += len(packed)
        self._out += packed

    def end(self) -> None:
        part = self._part
        assert part is not None
        last = self._packer.flush()
        part.packed += len(last)
        self._out += last
        self._out += struct.pack(
            "<4sI2Q" if part.large else "<4s3I", b"PK\x07\x08", part.check, part.packed, part.size
        )
        self._parts.append(part)
        self._part = None

    def finish(self) -> None:
        """The list of what is in it."""
        start = self._at
        for part in self._parts:
            self._listed(part)
        size, many = self._at - start, len(self._parts)
        if start > MOST or any(part.large for part in self._parts):
            where = self._at
            self._out += struct.pack(
                "<4sQ2H2I4Q", b"PK\x06\x06", 44, LARGE, LARGE, 0, 0, many, many, size, start
            )
            self._out += struct.pack("<4sIQI", b"PK\x06\x07", 0, where, 1)
        self._out += struct.pack(
            "<4s4H2IH", b"PK\x05\x06", 0, 0, many, many, min(size, MOST), min(start, MOST), 0
        )

    @property
    def _at(self) -> int:
        return self._gone + len(self._out)

    def _head(self, part: Part) -> None:
        extra = struct.pack("<2H2Q", 1, 16, 0, 0) if part.large else b""
        sizes = (MOST, MOST) if part.large else (part.packed, part.size)
        self._out += struct.pack(
            "<4s5H3I2H",
            b"PK\x03\x04",
            LARGE if part.large else PLAIN,
            part.flags,
            part.method,
            0,
            DAY,
            part.check,
            *sizes,
            len(part.name),
            len(extra),
        )
        self._out += part.name + extra

    def _listed(self, part: Part) -> None:
        large = part.large or part.at > MOST
        extra = struct.pack("<2H3Q", 1, 24, part.size, part.packed, part.at) if large else b""
        sizes = (MOST, MOST) if large else (part.packed, part.size)
        self._out += struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            LARGE if large else PLAIN,
            LARGE if large else PLAIN,
            part.flags,
            part.method,
            0,
            DAY,
            part.check,
            *sizes,
            len(part.name),
            len(extra),
            0,
            0,
            0,
            0,
            MOST if large else part.at,
        )
        self._out += part.name + extra
