"""Fingerprints of text: small numbers by which equal and nearly equal blocks of different offices find each other.

Made once when a document is read and kept with its reading, so that comparing all offices of a batch (hundreds of
thousands of blocks) reads numbers only; the texts themselves are fetched for the few candidates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.text.tokenizer import normalise
from pipeline.blocks import Block

SHORTEST = 60
"""Characters without digits and blanks below which equal text means nothing."""
GRAM = 5
BINS, BANDS = 24, 6
PRINT = np.dtype([("position", "<u4"), ("exact", "<u8"), ("bands", "<u4", (BANDS,))])
Prints = npt.NDArray[np.void]
_DROPPED = re.compile(r"[^a-zก-๎]+")
_MULTIPLIERS = np.array([31**power for power in range(GRAM)], dtype=np.uint64) | np.uint64(1)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def comparable(text: str) -> str:
    """Return the letters of a text alone: no digits, blanks and signs, so that a changed date hides nothing.

    >>> comparable("ประชุมเมื่อวันที่ ๑๒ มีนาคม 2565")
    'ประชุมเมื่อวันที่มีนาคม'
    """
    return _DROPPED.sub("", normalise(text))


def grams(text: str) -> frozenset[int]:
    """Return the hashes of all runs of five letters of a comparable text."""
    return frozenset(_hashes(text).tolist())


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of runs in common (Jaccard), 0 to 1."""
    whole = len(one | other)
    return len(one & other) / whole if whole else 0.0


def fingerprint(blocks: Sequence[Block]) -> bytes:
    """Return the packed fingerprints of the longer blocks; headings are left out, offices share those anyway."""
    rows = []
    for position, block in enumerate(blocks):
        text = "" if block.type == "heading" else comparable(block.text)
        if len(text) >= SHORTEST:
            exact = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
            rows.append((position, exact, _bands(text)))
    return np.array(rows, dtype=PRINT).tobytes()


def unpack(packed: bytes) -> Prints:
    """Return the fingerprints as an array of ``PRINT``."""
    return np.frombuffer(packed, dtype=PRINT)


def _hashes(text: str) -> npt.NDArray[np.uint64]:
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(letters) < GRAM:
        return np.zeros(0, dtype=np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(letters, GRAM)
    mixed = (runs * _MULTIPLIERS).sum(axis=1, dtype=np.uint64) * _MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64)


def _bands(text: str) -> tuple[int, ...]:
    """One-permutation MinHash: the smallest hash in each bin, hashed band by band."""
    hashes = _hashes(text)
    smallest = np.full(BINS, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(smallest, (hashes % np.uint64(BINS)).astype(np.int64), hashes // np.uint64(BINS))
    rows = smallest.reshape(BANDS, BINS // BANDS)
    folded = np.bitwise_xor.reduce(rows * _MULTIPLIERS[: BINS // BANDS], axis=1) * _MIX
    return tuple((folded >> np.uint64(32)).tolist())
