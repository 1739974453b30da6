"""Checks boxes by another library: the letters that MuPDF finds under a block's boxes must be the block's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pymupdf

from benchmarks.reading.scores import bare
from pipeline.blocks import Block, Box
from pipeline.reading.thai import repair

_ENOUGH = 0.95  # share of letters that must agree: the other library orders and repairs marks its own way


def share_under_boxes(path: Path, blocks: Sequence[Block]) -> tuple[int, int, list[str]]:
    """Return how many blocks' boxes hold their text, of how many, and the texts of the others."""
    right, of, wrong = 0, 0, list[str]()
    with pymupdf.open(path) as document:
        letters = [_letters(page) for page in document]
        for block in blocks:
            if not block.boxes or block.page is None:
                continue
            of += 1
            places = [(block.page, box) for box in block.boxes] + list(block.more_boxes)
            under = "".join(_under(letters[page - 1], box) for page, box in places)
            if _agree(bare(repair(under)), bare(block.text.replace("|", ""))):
                right += 1
            else:
                wrong.append(f"p{block.page} want {block.text[:160]}\n       under {under[:160]}")
    return right, of, wrong


def _letters(page: pymupdf.Page) -> list[tuple[str, float, float]]:
    return [
        (char["c"], (char["bbox"][0] + char["bbox"][2]) / 2, char["origin"][1] - 0.25 * span["size"])
        for block in page.get_text("rawdict")["blocks"]
        for line in block.get("lines", [])
        for span in line["spans"]
        for char in span["chars"]
    ]


def _under(letters: list[tuple[str, float, float]], box: Box) -> str:
    return "".join(c for c, x, y in letters if box.x0 - 0.5 <= x <= box.x1 + 0.5 and box.y0 <= y <= box.y1)


def _agree(under: str, want: str) -> bool:
    """Compare as bags of letters: content order differs between libraries, bullets are dropped from blocks."""
    if not want:
        return True
    one, other = Counter(under), Counter(want)
    missing, more = (other - one).total(), (one - other).total()
    return missing <= (1 - _ENOUGH) * len(want) + 1 and more <= (1 - _ENOUGH) * len(want) + 2
