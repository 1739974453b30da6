"""Refuses what shares white like a table but is none: columns of prose, hanging lists, forms, contents, signatures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.reading.layout.borderless.pieces import Piece
from pipeline.reading.layout.paragraphs import is_numbered, is_signature
from pipeline.reading.thai import arabic

_NUMBER = re.compile(r"^[\d\s.,%()/+\-–]*\d[\d\s.,%()/+\-–]*$|^[-–]$")
_LABEL = re.compile(r"^(?:\(?[\dก-ฮa-zA-Z]{1,3}(?:\.\d{1,2})*[.)]?|[^\w\s]{1,2})$")
_PAGE = re.compile(r"^(?:(\d{1,4})(?:\s*(?:ถึง|-|–)\s*\d{1,4})?|[ivxlc]{1,6}|[ก-ฮ])$")
_SIGNS = re.compile(r"^(?:ลงชื่อ|ลงนาม|\(\s*\))")
_BOX = re.compile(r"^[\s(\[]*[☐☑☒□■▢❑❒○●◯]")
_WIDE = 8.0  # letter sizes: narrower columns are no prose
_FULL = 0.75  # of its column: a line broken at the margin


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table that was found.

    Attributes:
        texts: of each row, by column.
        firsts: the first line of each cell (None where it is empty), by row and column.
        lines: how many lines each row has.
        size: of its letters, in points.
        ruled: level rules run through it.
        contents: its page says that it is a list of contents.
    """

    texts: Sequence[Sequence[str]]
    firsts: Sequence[Sequence[Piece | None]]
    lines: Sequence[int]
    size: float
    ruled: bool
    contents: bool = False


def is_table(table: Candidate) -> bool:
    """Tell whether a candidate is a table."""
    filled = [sum(map(bool, row)) for row in table.texts]
    most = max(2, math.ceil(0.6 * len(table.texts[0])))
    if sum(count >= most for count in filled) < 3 or sum(count > 1 for count in filled) < 0.7 * len(filled):
        return False
    numbers = [_is_numeric(table, column) for column in range(len(table.texts[0]))]
    return (
        not _is_list_or_form(table, numbers)
        and not _is_prose(table, numbers)
        and not _is_contents(table, numbers)
        and not _is_signed_or_ticked(table)
        and _is_aligned(table, plain=not any(numbers[1:]))
    )


def _column(table: Candidate, column: int) -> list[str]:
    """Return the texts of a column below the first row."""
    return [arabic(row[column]).strip() for row in table.texts[1:] if row[column]]


def _is_numeric(table: Candidate, column: int) -> bool:
    texts = _column(table, column)
    return len(texts) >= 2 and sum(bool(_NUMBER.match(text)) for text in texts) >= 0.6 * len(texts)


def _is_list_or_form(table: Candidate, numbers: Sequence[bool]) -> bool:
    """Tell a list with its numbers or bullets, and labels with what was filled in.

    Of two columns that are no labels, one must be of numbers.
    """
    columns = len(numbers)
    labels = 0
    while labels < columns and _is_label(table, labels):
        labels += 1
    if columns - labels < 2 and not (labels == 1 and columns > 1 and numbers[-1]):
        return True
    if columns == 2 and not numbers[1]:
        return True
    marked = sum(any(text.endswith(":") for text in row[:2]) for row in table.texts)
    return marked > 0.5 * len(table.texts)


def _is_label(table: Candidate, column: int) -> bool:
    """Tell a column of item numbers, bullets or one word again and again."""
    texts = _column(table, column)
    return bool(texts) and (len(set(texts)) == 1 or all(_LABEL.match(text) for text in texts))


def _is_prose(table: Candidate, numbers: Sequence[bool]) -> bool:
    """Tell columns of running text: wide, no numbers, each line a row, most of them broken at the margin."""
    if any(numbers):
        return False
    prose = 0
    for column in range(len(numbers)):
        pieces = [row[column] for row in table.firsts]
        widths = [piece.box.x1 - piece.box.x0 for piece in pieces if piece]
        most = max(widths, default=0.0)
        prose += most > _WIDE * table.size and sum(width > _FULL * most for width in widths) >= 0.55 * len(
            widths
        )
    return prose == len(numbers) or (prose > 1 and not table.ruled)


def _is_contents(table: Candidate, numbers: Sequence[bool]) -> bool:
    """Tell a list of contents: its last column are page numbers that never fall."""
    last = len(numbers) - 1
    texts = [arabic(row[last]).strip().lower() for row in table.texts if row[last]]
    pages = [found for found in map(_PAGE.match, texts) if found]
    if len(numbers) > 3 or len(pages) < 3 or len(pages) < 0.7 * len(texts):
        return False
    if table.contents or any("หน้า" in row[last] for row in table.texts[:2]):
        return True
    values = [int(found[1]) for found in pages if found[1]]
    items = sum(is_numbered(row[0]) for row in table.texts) >= 0.6 * len(table.texts)
    least = 3 if items else 4
    return not any(numbers[1:last]) and len(values) >= least and all(a <= b for a, b in pairwise(values))


def _is_signed_or_ticked(table: Candidate) -> bool:
    texts = [text for row in table.texts for text in row if text]
    ticked = sum(bool(_BOX.match(text)) for text in texts)
    signed = any(is_signature(text) or _SIGNS.match(text) for text in texts)
    return signed or ticked > 0.3 * len(texts)


def _is_aligned(table: Candidate, *, plain: bool) -> bool:
    """Tell whether the cells of all columns but one share their left, right or middle.

    Without a column of numbers (``plain``) more is asked for, of the first row too: words alone may line up by chance.
    """
    if plain and sum(bool(text) for row in table.texts for text in row) < 0.85 * sum(map(len, table.texts)):
        return False
    off = 0
    for column in range(len(table.texts[0])):
        pieces = [row[column] for row in table.firsts[0 if plain else 1 :]]
        boxes = [piece.box for piece in pieces if piece]
        if len(boxes) < 2:
            continue
        near = 0.3 * table.size + 1
        best = max(
            _agreeing([box.x0 for box in boxes], near),
            _agreeing([(box.x0 + box.x1) / 2 for box in boxes], near),
            0 if plain else _agreeing([box.x1 for box in boxes], near),
        )
        off += best < (0.75 if plain else 0.6) * len(boxes)
    return off == 0 or (off == 1 and len(table.texts[0]) > 3 and not plain)


def _agreeing(places: Sequence[float], near: float) -> int:
    return max(sum(abs(place - other) <= near for other in places) for place in places)
