"""Small scans for the sample: one page each, that says it is a sample."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from random import Random

from gandan.accounts.models import User
from gandan.documents.actions import store_paper
from gandan.documents.models import StoredFile

WIDTH, HEIGHT = 310, 438  # A4 at 37 dpi: legible enough to see that it is a form
# Letters of MẪU, five columns by seven rows; the marks above the A are its last two rows upside up.
LETTERS = {
    "M": ("10001", "11011", "10101", "10101", "10001", "10001", "10001"),
    "A": ("00100", "01010", "10001", "10001", "11111", "10001", "10001"),
    "U": ("10001", "10001", "10001", "10001", "10001", "10001", "01110"),
}


def sample_scans(count: int, *, by: User, at: datetime, rng: Random) -> list[StoredFile]:
    """`count` stored scans, each a page of its own; kept on the disk like every file that people hand in."""
    return [
        store_paper(page(rng), name=f"ban-quet-mau-{number:02d}.png", by=by, at=at)
        for number in range(1, count + 1)
    ]


def page(rng: Random) -> bytes:
    """A grey PNG: lines of writing that are no writing, and the word MAU across."""
    rows = [bytearray([252] * WIDTH) for _row in range(HEIGHT)]
    for x, y in ink(rng):
        rows[y][x] = 90
    for x, y in word():
        rows[y][x] = min(rows[y][x], 196)
    return png(rows)


def ink(rng: Random) -> Iterator[tuple[int, int]]:
    for line in range(40, HEIGHT - 40, 14):
        x = 34
        while x < WIDTH - 40:
            length = rng.randint(8, 34)
            for column in range(x, min(x + length, WIDTH - 34)):
                yield from ((column, line), (column, line + 1))
            x += length + 6
        if rng.random() < 0.15:
            continue


def word() -> Iterator[tuple[int, int]]:
    size = 14
    for position, letter in enumerate("MAU"):
        for row, bits in enumerate(LETTERS[letter]):
            for column, bit in enumerate(bits):
                if bit == "1":
                    left, top = 28 + position * size * 6 + column * size, 170 + row * size
                    yield from ((left + dx, top + dy) for dx in range(size) for dy in range(size))


def png(rows: list[bytearray]) -> bytes:
    """The rows as an 8-bit grey PNG (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
