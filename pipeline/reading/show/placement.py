"""Places the blocks of a Word file on the pages that LibreOffice makes of it, by their text.

A Word file knows no pages. The review page shows it as a PDF; where a block stands there is found by matching the two
readings' letters. LibreOffice can lose a table at a page's end, so every place is checked, and a block that is
not found keeps ``page=None``. Pages may break elsewhere than in Word: the page view says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from rapidfuzz import fuzz, process

from pipeline.blocks import Block, Box

WINDOW = 60
"""Blocks around the place reached in which an inexact match is looked for."""
SIMILAR = 88.0
"""Least similarity (0–100) of an inexact match."""
SHORT = 12
"""Letters below which a text must be a whole shown block: shorter ones stand inside others by chance."""
ANCHOR = 20
"""Letters of a text's start and end by which it is found over a page end."""
HEADS = 300
"""Letters that running heads and footers may put between the two."""
BACKWARDS = 3
"""A match behind the place reached must be this much nearer than one ahead: order is kept nearly always."""
LETTERS = re.compile(r"[^0-9A-Za-z\u0e00-\u0e7f]")


def place(blocks: Sequence[Block], shown: Sequence[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` with the page and boxes at which each stands in ``shown``.

    Args:
        blocks: of the Word file, without pages.
        shown: the lines and rows of the PDF made of it (``document.read_lines``), with pages and boxes.

    Returns:
        The same blocks in the same order; those not found as they were.
    """
    pages = ShownText(shown)
    return tuple(_placed(block, pages.find(_key(block.text))) for block in blocks)


def place_recognised(blocks: Sequence[Block], pictured: Sequence[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` with places for those that OCR read from pictures; the others as they are.

    Args:
        pictured: what stands in the large pictures of the PDF made of the file (``document.read_pictures``).
    """
    places = iter(place([block for block in blocks if block.read_by == "ocr"], pictured))
    return tuple(next(places) if block.read_by == "ocr" else block for block in blocks)


@dataclass
class ShownText:
    """All letters of the shown document in one string, and how far the search through it has come."""

    shown: Sequence[Block]
    reached: int = 0
    keys: list[str] = field(init=False)
    stream: str = field(init=False)
    starts: list[int] = field(init=False)
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys = [_key(block.text) for block in self.shown]
        self.stream = "".join(self.keys)
        self.starts = list(accumulate((len(key) for key in self.keys), initial=0))

    def find(self, key: str) -> list[Block]:
        """Return the shown blocks over which ``key`` runs, in order; empty where it is not found."""
        if not key:
            return []
        at = self._exact(key)
        if at is not None:
            return self._taken(at, at + len(key))
        return self._over_a_page_end(key) or self._similar(key)

    def _taken(self, start: int, end: int) -> list[Block]:
        self.used.add(start)
        self.reached = end
        return list(self.shown[self._block_at(start) : self._block_at(end - 1) + 1])

    def _over_a_page_end(self, key: str) -> list[Block]:
        """Find a text by its start and end, where a running head or page number stands between."""
        if len(key) < 2 * ANCHOR:
            return []
        start = self._exact(key[:ANCHOR])
        end = -1 if start is None else self.stream.find(key[-ANCHOR:], start)
        if start is None or end < 0 or end + ANCHOR - start > len(key) + HEADS:
            return []
        found = self._taken(start, end + ANCHOR)
        return [block for block in found if fuzz.partial_ratio(_key(block.text), key) >= SIMILAR]

    def _exact(self, key: str) -> int | None:
        ahead = self._next(key, self.reached)
        behind = self._next(key, 0, self.reached)
        if ahead is None or behind is None:
            return behind if ahead is None else ahead
        return behind if BACKWARDS * (self.reached - behind) < ahead - self.reached else ahead

    def _next(self, key: str, start: int, end: int | None = None) -> int | None:
        at = self.stream.find(key, start, end)
        while at >= 0 and (at in self.used or not self._fits(key, at)):
            at = self.stream.find(key, at + 1, end)
        return at if at >= 0 else None

    def _fits(self, key: str, at: int) -> bool:
        return len(key) >= SHORT or self.keys[self._block_at(at)] == key

    def _similar(self, key: str) -> list[Block]:
        middle = self._block_at(self.reached)
        near = {
            number: self.keys[number]
            for number in range(max(0, middle - WINDOW), min(len(self.keys), middle + WINDOW))
            if 0.8 * len(key) <= len(self.keys[number]) <= 1.25 * len(key)
            and self.starts[number] not in self.used
        }
        best = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=SIMILAR)
        if best is None:
            return []
        number = int(best[2])
        self.used.add(self.starts[number])
        self.reached = self.starts[number + 1]
        return [self.shown[number]]

    def _block_at(self, place: int) -> int:
        return max(0, bisect_right(self.starts, place) - 1)


def _placed(block: Block, there: list[Block]) -> Block:
    if not there or there[0].page is None:
        return block
    page = there[0].page
    boxes = [(found.page, box) for found in there for box in found.boxes if found.page is not None]
    boxes += [place for found in there for place in found.more_boxes]
    own: tuple[Box, ...] = tuple(box for where, box in boxes if where == page)
    return replace(block, page=page, boxes=own, more_boxes=tuple(p for p in boxes if p[0] != page))


def _key(text: str) -> str:
    return LETTERS.sub("", text)
