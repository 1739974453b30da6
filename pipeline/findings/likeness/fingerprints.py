"""Fingerprints of text: small numbers by which equal and nearly equal passages of different submissions find each other.

Made once when a document is read and kept with its reading, so that comparing all submissions of a round (hundreds of
thousands of passages) reads numbers only; the texts themselves are fetched for the few candidates.

A passage is marked by winnowing (Schleimer, Wilkerson, Aiken 2003): of the hashes of all runs of twelve letters, the smallest
of each eight in a row. Two passages that share a stretch of nineteen letters therefore share a mark, wherever it stands and
whatever was changed around it; and a mark that very many offices have is wording from above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.text.tokenizer import normalise
from pipeline.blocks import Block

SHORTEST = 60
"""Characters without digits and blanks below which equal text means nothing."""
GRAM = 5
RUN, WINDOW = 12, 8
FORMAT = b"marks\x002\n"
Marks = npt.NDArray[np.uint32]
Grams = npt.NDArray[np.uint32]
_DROPPED = re.compile(r"[^a-zก-๎]+")
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Prints:
    """The marks of a document's longer passages.

    Attributes:
        positions: the block of each passage.
        ends: where each passage's marks end in ``marks``.
    """

    positions: Marks
    ends: Marks
    marks: Marks

    def packed(self) -> bytes:
        """Return them as bytes, for keeping."""
        count = np.array([len(self.positions)], np.uint32)
        parts = (count, self.positions, self.ends, self.marks)
        return FORMAT + b"".join(part.astype("<u4").tobytes() for part in parts)


def comparable(text: str) -> str:
    """Return the letters of a text alone: no digits, blanks and signs, so that a changed date hides nothing.

    >>> comparable("ประชุมเมื่อวันที่ ๑๒ มีนาคม 2565")
    'ประชุมเมื่อวันที่มีนาคม'
    """
    return _DROPPED.sub("", normalise(text))


def grams(text: str) -> Grams:
    """Return the hashes of all runs of five letters of a comparable text, each once, in order of size.

    Half of each hash, in an array: a twentieth of a set's memory, and a large round keeps those of 200,000 passages.
    """
    found = (_hashes(text, GRAM) >> np.uint64(32)).astype(np.uint32)
    found.sort()
    return found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found


def likeness(one: Grams, other: Grams) -> float:
    """Return the share of runs in common (Jaccard), 0 to 1."""
    both = np.concatenate([one, other])
    both.sort()
    shared = int((both[1:] == both[:-1]).sum())
    return shared / (len(both) - shared) if len(both) else 0.0


def all_marks(text: str) -> frozenset[int]:
    """Return the hashes of all runs that can be a mark of a comparable text."""
    return frozenset(_marks(text).tolist())


def winnowed(text: str) -> Marks:
    """Return the marks of a comparable text, each once, in order of size."""
    hashes = _marks(text)
    if len(hashes) <= WINDOW:
        return hashes.min(keepdims=True) if len(hashes) else hashes
    step = 1
    while step < WINDOW:  # the smallest of 2, of 4, of 8 in a row
        hashes = np.minimum(hashes[:-step], hashes[step:])
        step *= 2
    new = np.concatenate([[True], hashes[1:] != hashes[:-1]])
    return np.unique(hashes[new])


def fingerprint(blocks: Sequence[Block]) -> bytes:
    """Return the packed marks of the longer blocks; headings are left out, offices share those anyway."""
    positions, ends, marks, end = [], [], [], 0
    for position, block in enumerate(blocks):
        text = "" if block.type == "heading" else comparable(block.text)
        if len(text) >= SHORTEST:
            found = winnowed(text)
            end += len(found)
            positions.append(position)
            ends.append(end)
            marks.append(found)
    joined = np.concatenate(marks) if marks else np.zeros(0, np.uint32)
    return Prints(np.array(positions, np.uint32), np.array(ends, np.uint32), joined).packed()


def unpack(packed: bytes) -> Prints | None:
    """Return the marks that ``fingerprint`` packed; None for those of an earlier version, which are to be made anew."""
    if not packed.startswith(FORMAT):
        return None
    numbers = np.frombuffer(packed, dtype="<u4", offset=len(FORMAT))
    count = int(numbers[0])
    return Prints(numbers[1 : count + 1], numbers[count + 1 : 2 * count + 1], numbers[2 * count + 1 :])


def _marks(text: str) -> Marks:
    return (_hashes(text, RUN) >> np.uint64(32)).astype(np.uint32)


def _hashes(text: str, run: int) -> npt.NDArray[np.uint64]:
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(letters) - run + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(run):
        mixed = mixed * np.uint64(31) + letters[place : place + count]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(32)), dtype=np.uint64)
