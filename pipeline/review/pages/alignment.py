"""Places the blocks of a Word file letter by letter on the pages that LibreOffice made of it, in a child process.

The reader's own ``placement`` finds the lines; here each place is proved before anything is drawn: all digits and
nearly all letters of the block must stand there, and a text that occurs more than once must stand where its neighbours
say. A block that fails has no place. No box is better than a wrong one.
"""

from __future__ import annotations

import difflib
import json
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.blocks import Block
from pipeline.reading.document import read_lines, read_pictures
from pipeline.reading.pdf.characters import Glyphs, read_glyphs
from pipeline.reading.pdf.pdfium import PdfFile
from pipeline.reading.show.placement import LETTERS, place, place_recognised
from pipeline.review.pages.lines import Rectangle, lines_round

NEARLY_ALL = 0.97
"""Share of a block's letters that must stand at its place: reading repairs some marks."""
_REACH = 1.5  # points that a letter's middle may lie outside its line's box
_DECOMPOSED = {"ำ": "ํา"}

Place = tuple[int, list[Rectangle]]
"""A page, counted from 1, and one box for each line of the block on it."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where blocks stand.

    Attributes:
        sizes: of the pages, in points.
        places: position of a block -> its places; blocks without a proved place are left out.
    """

    sizes: list[tuple[float, float]]
    places: dict[int, list[Place]]

    def to_json(self) -> str:
        """Return the alignment as JSON."""
        return json.dumps({"sizes": self.sizes, "places": self.places}, separators=(",", ":"))


def align(pdf: Path, texts: Sequence[str], recognised: Collection[int] = ()) -> Alignment:
    """Find where the blocks of a document stand in the PDF made of it.

    Args:
        pdf: made by LibreOffice.
        texts: of the document's blocks, in order.
        recognised: positions of the blocks that OCR read from pictures: their letters are not in the PDF's text, so
            the pictures are read again, and what is nearly the same text is the block.

    Raises:
        DocumentError: the PDF cannot be opened.
    """
    shown = read_lines(pdf).blocks
    placed = place([Block(None, "paragraph", text) for text in texts], shown)
    letters = _Letters(pdf)
    proved = {at: found for at, block in enumerate(placed) if (found := letters.prove(block)) is not None}
    stream = "".join(_key(block.text) for block in shown)
    certain = in_order(texts, proved, stream)
    places = {at: proved[at] for at in certain}
    if recognised:
        places = {at: found for at, found in places.items() if at not in recognised}
        places |= _in_pictures(pdf, texts, sorted(recognised))
    return Alignment(letters.sizes, dict(sorted(places.items())))


def _in_pictures(pdf: Path, texts: Sequence[str], recognised: Sequence[int]) -> dict[int, list[Place]]:
    blocks = [Block(None, "paragraph", texts[at], read_by="ocr") for at in recognised if at < len(texts)]
    placed = place_recognised(blocks, read_pictures(pdf).blocks)
    return {
        at: [(block.page, [(b.x0, b.y0, b.x1, b.y1) for b in block.boxes])]
        for at, block in zip(recognised, placed, strict=False)
        if block.page is not None and block.boxes
    }


def in_order(texts: Sequence[str], places: dict[int, list[Place]], stream: str) -> set[int]:
    """Return the blocks whose place is the only one possible.

    A text that occurs once is certain. One that occurs more often is certain only where none of its twins was lost
    and it stands between the certain blocks before and after it.

    Args:
        stream: all letters of the pages.
    """
    keys = [_key(text) for text in texts]
    twins = Counter(keys)
    occurs = {at: stream.count(keys[at]) for at in places}
    certain = sorted(at for at in places if occurs[at] <= 1 and twins[keys[at]] == 1)
    found = set(certain)
    for at in places.keys() - found:
        if twins[keys[at]] > max(occurs[at], 1):
            continue
        before, after = bisect_left(certain, at) - 1, bisect_right(certain, at)
        start = _start(places[certain[before]]) if before >= 0 else (0, 0.0)
        end = _start(places[certain[after]]) if after < len(certain) else (1 << 30, 0.0)
        if start <= _start(places[at]) <= end:
            found.add(at)
    return found


class _Letters:
    """The letters of the PDF's pages, each page read once."""

    def __init__(self, pdf: Path) -> None:
        self.pages: list[Glyphs] = []
        self.sizes: list[tuple[float, float]] = []
        with PdfFile(pdf) as document:
            for number in range(len(document)):
                page = document.page(number)
                try:
                    self.pages.append(read_glyphs(page))
                    self.sizes.append((round(page.width, 2), round(page.height, 2)))
                finally:
                    page.close()

    def prove(self, block: Block) -> list[Place] | None:
        """Return one box for each line of the block's letters; None where they do not all stand there."""
        lines = [(block.page, box) for box in block.boxes] + list(block.more_boxes)
        seen: list[tuple[int, str, Rectangle]] = []
        for number in sorted({page for page, _ in lines if page is not None}):
            glyphs = self.pages[number - 1]
            boxes = [(box.x0, box.y0, box.x1, box.y1) for page, box in lines if page == number]
            seen += [(number, letter, box) for letter, box in _letters_at(glyphs, boxes)]
        wanted = _key(block.text, decomposed=True)
        matched = matching(wanted, "".join(letter for _, letter, _ in seen))
        if not is_proved(wanted, [mine for mine, _ in matched]):
            return None
        found: dict[int, list[Rectangle]] = {}
        for _, theirs in matched:
            number, _, box = seen[theirs]
            found.setdefault(number, []).append(box)
        return [(number, lines_round(boxes)) for number, boxes in found.items()]


def is_proved(wanted: str, matched: Sequence[int]) -> bool:
    """Tell whether the letters found are the block's: every consonant, vowel and digit; of floating marks, nearly all.

    >>> is_proved("โรงเรียน12", range(10)), is_proved("โรงเรียน12", range(9))
    (True, False)
    """
    there = set(matched)
    if not wanted or len(there) < NEARLY_ALL * len(wanted):
        return False
    return all(at in there for at, letter in enumerate(wanted) if not _floats(letter))


def _floats(letter: str) -> bool:
    """Tell whether a letter is a mark over or under another: those are what reading repairs."""
    return unicodedata.category(letter) == "Mn"


def matching(wanted: str, seen: str) -> list[tuple[int, int]]:
    """Return which letter of ``wanted`` is which of ``seen``, in order."""
    if wanted == seen:
        return [(at, at) for at in range(len(wanted))]
    matcher = difflib.SequenceMatcher(None, wanted, seen, autojunk=False)
    return [(a + k, b + k) for a, b, size in matcher.get_matching_blocks() for k in range(size)]


def within(glyphs: Glyphs, boxes: Sequence[Rectangle]) -> dict[int, Rectangle]:
    """Return the letters whose middles lie in lines' boxes, line by line, with the box of each.

    A letter is as wide as it is and as high as its line: fonts tell nothing useful of heights, and a mark over a letter
    would otherwise be a line of its own.
    """
    found: dict[int, Rectangle] = {}
    across = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2
    for x0, y0, x1, y1 in boxes:
        on_line = (glyphs.baselines >= y0 - _REACH) & (glyphs.baselines <= y1 + _REACH)
        inside = on_line & (across >= x0 - _REACH) & (across <= x1 + _REACH)
        for index in inside.nonzero()[0].tolist():
            left, right = float(glyphs.boxes[index, 0]), float(glyphs.boxes[index, 2])
            found.setdefault(index, (round(left, 2), round(y0, 2), round(right, 2), round(y1, 2)))
    return found


def _letters_at(glyphs: Glyphs, boxes: Sequence[Rectangle]) -> Iterator[tuple[str, Rectangle]]:
    for index, box in within(glyphs, boxes).items():
        for letter in _key(chr(int(glyphs.codes[index])), decomposed=True):
            yield letter, box


def _start(places: list[Place]) -> tuple[int, float]:
    page, boxes = places[0]
    return page, boxes[0][1]


def _key(text: str, decomposed: bool = False) -> str:
    bare = LETTERS.sub("", text)
    return bare.replace("ำ", _DECOMPOSED["ำ"]) if decomposed else bare
