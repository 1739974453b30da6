"""Makes blocks of a Word document's items: what is a heading, what stands under which, what is a list or a caption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.blocks import Block, BlockType
from pipeline.reading.layout.joining import tidy
from pipeline.reading.layout.paragraphs import BULLET, CAPTION, OPENING, is_numbered, without_bullet
from pipeline.reading.sandbox import wire
from pipeline.reading.thai import arabic, repair

HEADING_LETTERS = 120
LOOKS_LEVEL = 6
"""Depth of headings told only by looks, before their size and number place them."""
DEPTH = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s")
ENDS_LIKE_TEXT = re.compile(r"[.;:,]$")
FIGURES = re.compile(r"^[\d\s.,/%()\-–]+$")


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph or row with what styles and properties say of it.

    Attributes:
        text: with its list label, not yet repaired.
        level: heading level by style or outline, None for none.
        listed: it belongs to a list of Word's.
        caption, contents: its style is for captions, for a table of contents.
        bold, size: how it looks (half points).
        row: it is a table row, under ``header``; ``header_row`` where it is the header itself.
        read: the block that OCR read from a picture, with its own kind and level.
    """

    text: str
    level: int | None = None
    listed: bool = False
    caption: bool = False
    contents: bool = False
    bold: bool = False
    size: int = 0
    row: bool = False
    header: str = ""
    header_row: bool = False
    read: Block | None = None


def make_blocks(items: Sequence[Item], body_size: int) -> list[Block]:
    """Return the document's blocks: repaired text, types, levels, heading paths.

    Args:
        items: in document order.
        body_size: the default style's size in half points, 0 where unknown.
    """
    size = _common_size(items) or body_size
    bold_body = _mostly_bold(items)
    texts = _repaired(items)
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for item, text in zip(items, texts, strict=True):
        if not text:
            continue
        if item.read is not None:
            path = [above for above in path if above[0] < (item.read.level or LOOKS_LEVEL + 1)]
            blocks.append(replace(item.read, heading_path=tuple(heading for _, heading in path)))
            if item.read.level:
                path.append((item.read.level, item.read.text))
            continue
        kind = kind_of(item, text, size, bold_body)
        level = _level(item, text, size) if kind == "heading" else None
        if level is not None:
            path = [above for above in path if above[0] < level]
        blocks.append(
            Block(
                page=None,
                type=kind,
                text=without_bullet(text) if kind == "list_item" else text,
                level=level,
                heading_path=tuple(heading for _, heading in path),
                table_header=tidy(repair(item.header)) if item.header else "",
            )
        )
        if level is not None:
            path.append((level, text))
    return blocks


def kind_of(item: Item, text: str, body_size: int, bold_body: bool) -> BlockType:
    """Tell what an item is: by its style first, by its looks where the style says nothing."""
    if item.row:
        return "table_row"
    if item.caption or CAPTION.match(arabic(text)):
        return "caption"
    if item.level is not None and not item.contents:
        return "heading"
    if item.contents:
        return "paragraph"
    if BULLET.match(text) or (item.listed and not item.bold):
        return "list_item"
    if _looks_like_heading(item, text, body_size, bold_body):
        return "heading"
    return "list_item" if item.listed or is_numbered(text) else "paragraph"


def _looks_like_heading(item: Item, text: str, body_size: int, bold_body: bool) -> bool:
    if len(text) > HEADING_LETTERS or FIGURES.match(arabic(text)) or ENDS_LIKE_TEXT.search(text):
        return False
    if item.bold and not bold_body:
        return True
    larger = bool(body_size) and item.size >= 1.1 * body_size
    return larger or (bool(OPENING.match(arabic(text))) and len(text) <= 80)


def _level(item: Item, text: str, body_size: int) -> int:
    """Depth of a heading: the style's; else chapters first, then larger letters, then by number (1.2 under 1.)."""
    if item.level is not None:
        return item.level
    if OPENING.match(arabic(text)):
        return 1
    if body_size and item.size >= 1.25 * body_size:
        return 2
    number = DEPTH.match(arabic(text))
    return min(3 + number[1].count("."), LOOKS_LEVEL) if number else (3 if item.size > body_size else 4)


def _common_size(items: Sequence[Item]) -> int:
    """Size in which most letters outside tables are set."""
    letters: Counter[int] = Counter()
    for item in items:
        if item.size and not item.row and item.read is None:
            letters[item.size] += len(item.text)
    return letters.most_common(1)[0][0] if letters else 0


def _mostly_bold(items: Sequence[Item]) -> bool:
    """A document set in bold throughout: boldness then tells nothing."""
    letters = [
        (len(item.text), item.bold)
        for item in items
        if not item.row and item.level is None and item.read is None
    ]
    return sum(n for n, bold in letters if bold) > 0.5 * sum(n for n, _ in letters) > 0


def _repaired(items: Sequence[Item]) -> list[str]:
    """Repair all text at once: some damage shows only in how often letters occur; lines keep items apart."""
    lines = [tidy(wire.clean(item.text)) for item in items]
    repaired = repair("\n".join(lines)).split("\n")
    if len(repaired) != len(lines):  # the repair joined lines: then each by itself
        repaired = [repair(line) for line in lines]
    return [tidy(line) for line in repaired]
