"""Tells headings, captions and list items from paragraphs, and how deep a heading stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from pipeline.blocks import BlockType
from pipeline.reading.layout.paragraphs import CAPTION, OPENING, Paragraph, is_signature
from pipeline.reading.layout.style import Style
from pipeline.reading.thai import arabic

_MOST_LINES = 3
_MOST_LETTERS = 160
_DEPTH = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s")
_DECIMAL = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})+\s")
_SENTENCE_END = re.compile(r"[.;:]$")
_ONLY_NUMBERS = re.compile(r"^[\d\s.,/%()\-–]+$")

_BRACKETED = re.compile(r"^\((?:[^()]|\([^()]*\))*\)$|^\[[^\]]*\]$")
_SIGNED = re.compile(r"^\(?\s*(?:ลงชื่อ|ลงนาม|signed\b)", re.I)
_THAI = re.compile("[\u0e01-\u0e2e]")
_LATIN = re.compile("[A-Za-z]{2}")

Look = tuple[float, bool]


def kinds(paragraphs: Sequence[Paragraph], style: Style) -> list[BlockType]:
    """Return what each paragraph is."""
    found = [_kind(p, after, style) for p, after in zip_longest(paragraphs, paragraphs[1:])]
    for place, (before, paragraph) in enumerate(pairwise(paragraphs), 1):
        if found[place] == "heading" and _names_no_part(paragraph, before, found[place - 1]):
            found[place] = "paragraph"
    return found


def _names_no_part(paragraph: Paragraph, before: Paragraph, kind: BlockType) -> bool:
    """Tell a line that looks like a heading but only translates the one above it, or says who signed."""
    text, above = _text(paragraph), _text(before)
    if is_signature(above) and paragraph.lines[0].page == before.lines[-1].page:
        return _close(before, paragraph) and not paragraph.numbered
    translates = bool(_LATIN.search(text)) and not _THAI.search(text) and bool(_THAI.search(above))
    return translates and kind == "heading" and _close(before, paragraph) and not paragraph.numbered


def _close(before: Paragraph, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph stands right under the one before it."""
    step = paragraph.first.baseline - before.lines[-1].line.baseline
    return 0 < step < 2.2 * paragraph.first.size


def _kind(paragraph: Paragraph, after: Paragraph | None, style: Style) -> BlockType:
    text = _text(paragraph)
    if len(paragraph.lines) <= _MOST_LINES and (
        CAPTION.match(arabic(text)) or _under_picture(paragraph, style)
    ):
        return "caption"
    if paragraph.bulleted:
        return "list_item"
    if _is_heading(paragraph, after, text, style):
        return "heading"
    # Paragraphs of minutes and laws carry numbers such as 1.1; a list has 1., 1), (1) or ก.
    return "list_item" if paragraph.numbered and not _DECIMAL.match(arabic(text)) else "paragraph"


def _text(paragraph: Paragraph) -> str:
    return " ".join(placed.line.text.strip() for placed in paragraph.lines)


def _under_picture(paragraph: Paragraph, style: Style) -> bool:
    """A short line right below a picture that is set smaller than the body or in the middle."""
    placed = paragraph.lines[0]
    if not placed.after_picture or len(paragraph.lines) > 2:
        return False
    left, right = style.column(placed.line, placed.width)
    before, after = placed.line.box.x0 - left, right - placed.line.box.x1
    centred = abs(before - after) < 1.2 * placed.line.size and before > placed.line.size
    return placed.line.size < 0.95 * style.size or centred


def _is_heading(paragraph: Paragraph, after: Paragraph | None, text: str, style: Style) -> bool:
    first = paragraph.first
    if (
        len(paragraph.lines) > _MOST_LINES
        or len(text) > _MOST_LETTERS
        or first.tabbed
        or _ONLY_NUMBERS.match(arabic(text))
        or _BRACKETED.match(text.strip())
        or _SIGNED.match(text)
    ):
        return False
    if first.size >= 1.07 * style.size:
        return True
    bold = all(placed.line.bold for placed in paragraph.lines)
    if bold and not style.bold_body and len(paragraph.lines) <= 2:
        return True
    if (
        OPENING.match(arabic(text))
        and len(paragraph.lines) == 1
        and len(text) <= 80
        and first.size >= 0.97 * style.size
    ):
        return not _SENTENCE_END.search(text)
    return _stands_out(paragraph, after, style) and len(text) <= 70


def _stands_out(paragraph: Paragraph, after: Paragraph | None, style: Style) -> bool:
    """A short line at the margin above an indented paragraph, in a document that indents its paragraphs."""
    if not style.indents or len(paragraph.lines) > 1 or after is None:
        return False
    placed, following = paragraph.lines[0], after.lines[0]
    left, right = style.column(placed.line, placed.width)
    next_left, _ = style.column(following.line, following.width)
    size = placed.line.size
    at_margin = placed.line.box.x0 < left + 0.5 * size
    return (
        at_margin
        and placed.line.box.x1 < left + 0.7 * (right - left)
        and following.line.box.x0 > next_left + 0.9 * size
    )


def levels(paragraphs: Sequence[Paragraph], found: Sequence[BlockType]) -> list[int | None]:
    """Return the depth of each heading (1 is highest): by how it looks, then by its number."""
    looks = sorted(
        {_look(p) for p, kind in zip(paragraphs, found, strict=True) if kind == "heading"}, reverse=True
    )
    rank = {look: min(place + 1, 6) for place, look in enumerate(looks)}
    depths: list[int | None] = []
    for paragraph, kind in zip(paragraphs, found, strict=True):
        if kind != "heading":
            depths.append(None)
            continue
        depth = rank[_look(paragraph)]
        number = _DEPTH.match(arabic(paragraph.first.text))
        depths.append(min(6, depth + number[1].count(".")) if number else depth)
    return depths


def _look(paragraph: Paragraph) -> Look:
    return round(paragraph.first.size), all(placed.line.bold for placed in paragraph.lines)
