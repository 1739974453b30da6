"""Reads the cells of scanned tables one under another, as one picture.

Tesseract's layout loses columns of short numbers and joins words of neighbouring cells. Cut out by the rules seen in the
picture and stacked, each cell is a plain line or two, and one run of the program reads them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from pipeline.reading.layout.tables import Grid
from pipeline.reading.ocr.tesseract import Letter, OcrSettings, read_picture

_INSIDE = 1  # pixels cut off each side of a cell; its rules are already painted over
_BETWEEN = 26
_MARGIN = 60
_HIGHEST = 9000  # pixels in one picture
_LEAST_INK = 12  # dark pixels: fewer are dust


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell cut out of the page: its number, its place on the page, its place in the stack."""

    number: int
    x: int
    y: int
    picture: Image.Image
    top: int = 0


def read_cells(
    page: Image.Image, grids: Sequence[Grid], scale: float, settings: OcrSettings
) -> list[tuple[Letter, int]]:
    """Return the letters of all cells with the number of their cell, placed as on the page.

    Args:
        page: grey picture without ruling lines, softened.
        grids: the tables, in points.
        scale: points per pixel.
        settings: for Tesseract.
    """
    found: list[tuple[Letter, int]] = []
    line = 1_000_000  # apart from the numbers of the page's own lines
    for stack in _stacks(_cells(page, grids, scale)):
        letters = read_picture(_drawn(stack, page), settings, layout=6)
        tops = np.array([cell.top for cell in stack])
        for letter in letters:
            middle = (letter.y0 + letter.y1) / 2
            cell = stack[max(0, int(np.searchsorted(tops, middle + _BETWEEN / 2, "right")) - 1)]
            found.append((_moved(letter, cell, line), cell.number))
        line += 1_000_000
    return found


def without_tables(page: Image.Image, grids: Sequence[Grid], scale: float) -> Image.Image:
    """Return the page with its tables painted over in the colour of the paper."""
    grey = np.asarray(page).copy()
    paper = np.uint8(np.percentile(grey[::4, ::4], 80))
    for grid in grids:
        x0, y0, x1, y1 = (round(value / scale) for value in grid.box)
        grey[max(y0 - 2, 0) : y1 + 3, max(x0 - 2, 0) : x1 + 3] = paper
    return Image.fromarray(grey)


def _cells(page: Image.Image, grids: Sequence[Grid], scale: float) -> list[_Cell]:
    grey = np.asarray(page)
    limit = 0.68 * float(np.percentile(grey[::4, ::4], 80))
    cells, start = list[_Cell](), 0
    for grid in grids:
        for number in range(int(grid.cells.max()) + 1):
            rows, columns = np.nonzero(grid.cells == number)
            x0, x1 = grid.xs[columns.min()] / scale + _INSIDE, grid.xs[columns.max() + 1] / scale - _INSIDE
            y0, y1 = grid.ys[rows.min()] / scale + _INSIDE, grid.ys[rows.max() + 1] / scale - _INSIDE
            box = max(round(x0), 0), max(round(y0), 0), round(x1), round(y1)
            if box[2] - box[0] < 6 or box[3] - box[1] < 6:
                continue
            part = grey[box[1] : box[3], box[0] : box[2]]
            if int((part < limit).sum()) >= _LEAST_INK:
                cells.append(_Cell(start + number, box[0], box[1], Image.fromarray(part)))
        start += int(grid.cells.max()) + 1
    return cells


def _stacks(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    """Give each cell its place, beginning a new stack where one gets too high."""
    stacks: list[list[_Cell]] = []
    top = _HIGHEST
    for cell in cells:
        if top + cell.picture.height + _MARGIN > _HIGHEST:
            stacks.append([])
            top = _MARGIN
        stacks[-1].append(replace(cell, top=top))
        top += cell.picture.height + _BETWEEN
    return stacks


def _drawn(stack: Sequence[_Cell], page: Image.Image) -> Image.Image:
    paper = int(np.percentile(np.asarray(page)[::4, ::4], 80))
    width = max(cell.picture.width for cell in stack) + 2 * _MARGIN
    drawn = Image.new("L", (width, stack[-1].top + stack[-1].picture.height + _MARGIN), paper)
    for cell in stack:
        drawn.paste(cell.picture, (_MARGIN, cell.top))
    return drawn


def _moved(letter: Letter, cell: _Cell, line: int) -> Letter:
    across, down = cell.x - _MARGIN, cell.y - cell.top
    return replace(
        letter,
        x0=letter.x0 + across,
        x1=letter.x1 + across,
        y0=letter.y0 + down,
        y1=letter.y1 + down,
        line=line + letter.line,
    )
