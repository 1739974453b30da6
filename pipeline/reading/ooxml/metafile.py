"""Bitmaps inside Windows metafiles (EMF, WMF), in which Office keeps scans that were pasted in.

A metafile is a list of drawing steps. Where one step lays down a bitmap, that bitmap is the picture; what is drawn in
lines and letters only is not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import BmpImagePlugin, Image

EMF_SIGNATURE = b" EMF"
PLACEABLE = b"\xd7\xcd\xc6\x9a"
PLAIN = (b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
EMF_BITMAPS = {81: 48, 76: 84, 77: 84}
"""Records that lay down a bitmap, and where in each its four offsets and lengths stand (MS-EMF 2.3.1)."""
WMF_BITMAPS = {0x0F43: 28, 0x0B41: 26, 0x0940: 22}
"""The same for WMF: where the bitmap begins (MS-WMF 2.3.1)."""
MOST_RECORDS = 100_000


def bitmap_of(data: bytes) -> bytes | Image.Image | None:
    """Return a picture's bytes as they are, or the largest bitmap in a metafile; None for one that holds none."""
    if data[40:44] == EMF_SIGNATURE:
        return _largest(_of_emf(data))
    if data.startswith(PLACEABLE):
        return _largest(_of_wmf(data, 22 + 18))
    if data.startswith(PLAIN):
        return _largest(_of_wmf(data, 18))
    return data


def _largest(bitmaps: Iterator[bytes]) -> Image.Image | None:
    best: Image.Image | None = None
    try:
        for bitmap in bitmaps:
            found = BmpImagePlugin.DibImageFile(BytesIO(bitmap))
            if best is None or found.width * found.height > best.width * best.height:
                best = found
    except (struct.error, OSError, SyntaxError, ValueError):
        return best
    return best


def _of_emf(data: bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(MOST_RECORDS):
        if at + 8 > len(data):
            return
        kind, size = struct.unpack_from("<LL", data, at)
        if size < 8:
            return
        place = EMF_BITMAPS.get(kind)
        if place and size > place + 16:
            head, head_size, bits, bits_size = struct.unpack_from("<4L", data, at + place)
            if head_size and bits_size:
                yield data[at + head : at + head + head_size] + data[at + bits : at + bits + bits_size]
        at += size


def _of_wmf(data: bytes, at: int) -> Iterator[bytes]:
    for _ in range(MOST_RECORDS):
        if at + 6 > len(data):
            return
        words, function = struct.unpack_from("<LH", data, at)
        if words < 3:
            return
        place = WMF_BITMAPS.get(function)
        if place and 2 * words > place + 40:
            yield data[at + place : at + 2 * words]
        at += 2 * words
