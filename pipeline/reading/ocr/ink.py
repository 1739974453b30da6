"""What can be seen in the picture of a page without reading it: ink, ruling lines, slant.

A scanned table has its rules only as pixels. Found here, they serve the same table code as the rules of a PDF.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_THICK = 7  # pixels at 200 dpi: anything thicker is a picture or a filled area, not a rule
_LEVEL, _UPRIGHT = 44, 42  # shortest runs of ink taken for rules: longer than any stroke of body text
_MOST_RUNS = 6000
_MARGIN = 3  # pixels painted over beside a rule
_MOST_SLANT = 2.5  # degrees
_BLUR = 1.0  # pixels


def ink_share(picture: Image.Image) -> float:
    """Return the share of dark pixels; about 0 for an empty page."""
    small = picture.convert("L").reduce(4) if min(picture.size) > 400 else picture.convert("L")
    grey = np.asarray(small)
    paper = np.percentile(grey, 90)
    return float((grey < 0.7 * paper).mean())


def softened(picture: Image.Image) -> Image.Image:
    """Return the picture slightly blurred: scanner noise misleads Tesseract more than soft edges do."""
    return picture.filter(ImageFilter.GaussianBlur(_BLUR))


def dark(picture: Image.Image) -> Flags:
    """Return which pixels are ink, by a threshold between the paper's and the ink's grey."""
    grey = np.asarray(picture)
    paper = float(np.percentile(grey[::4, ::4], 80))
    return grey < 0.68 * paper


def rules(ink: Flags) -> Floats:
    """Return level and upright ruling lines as ``x0, y0, x1, y1`` in pixels, shape (n, 4)."""
    level = _runs(ink, _LEVEL)
    upright = _runs(ink.T, _UPRIGHT)
    return np.vstack([level, upright[:, [1, 0, 3, 2]]])


def erased(picture: Image.Image, lines: Floats) -> Image.Image:
    """Return the picture with ruling lines painted over in the colour of the paper."""
    grey = np.asarray(picture).copy()
    paper = np.uint8(np.percentile(grey[::4, ::4], 80))
    for x0, y0, x1, y1 in np.round(lines).astype(int):
        across, down = (0, _MARGIN) if x1 - x0 >= y1 - y0 else (_MARGIN, 0)
        grey[max(y0 - down, 0) : y1 + down + 1, max(x0 - across, 0) : x1 + across + 1] = paper
    return Image.fromarray(grey)


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Return the picture turned clockwise; a slight turn keeps its size, a quarter turn swaps its sides."""
    quarter = round(degrees / 90) * 90
    if abs(degrees - quarter) < 0.01 and quarter:
        return picture.rotate(-quarter, expand=True)
    paper = int(np.percentile(np.asarray(picture)[::4, ::4], 80))
    return picture.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor=paper)


def is_sideways(ink: Flags) -> bool:
    """Tell whether lines of text seem to run up or down the picture: the ink then falls into columns, not rows."""
    rows, columns = (np.asarray(ink.sum(axis=axis), float) for axis in (1, 0))
    by_row, by_column = (_unevenness(counts[counts > 0]) for counts in (rows, columns))
    return by_column > 1.6 * by_row


def _unevenness(counts: Floats) -> float:
    """Return how much neighbouring counts differ, for their size: lines of text leave gaps between them."""
    if len(counts) < 50:
        return 0.0
    smooth = np.convolve(counts, np.ones(5) / 5, mode="same")
    wide = np.convolve(counts, np.ones(61) / 61, mode="same")
    return float(np.abs(smooth - wide).mean() / max(counts.mean(), 1e-9))


def slant(ink: Flags) -> float:
    """Return by how many degrees the lines of text run down to the right (0 when it cannot be told)."""
    small = ink[: ink.shape[0] // 4 * 4, : ink.shape[1] // 4 * 4]
    coarse: Flags = np.asarray(small.reshape(small.shape[0] // 4, 4, -1, 4).any(axis=(1, 3)))
    rows, columns = np.nonzero(coarse)
    if len(rows) < 300:
        return 0.0
    if len(rows) > 60_000:
        step = len(rows) // 60_000 + 1
        rows, columns = rows[::step], columns[::step]
    best = _sharpest(rows, columns, np.arange(-_MOST_SLANT, _MOST_SLANT + 0.01, 0.25))
    return _sharpest(rows, columns, np.arange(best - 0.25, best + 0.26, 0.05))


def _sharpest(rows: NDArray[np.int64], columns: NDArray[np.int64], angles: Floats) -> float:
    """Return the angle at which the ink falls into the sharpest rows."""
    scores = []
    for angle in angles:
        shifted = np.round(rows - columns * np.tan(np.radians(angle))).astype(int)
        counts = np.bincount(shifted - shifted.min())
        scores.append(float((counts.astype(float) ** 2).sum()))
    return float(angles[int(np.argmax(scores))])


def _runs(ink: Flags, shortest: int) -> Floats:
    """Return thin runs of ink along the rows, as ``x0, y, x1, y``."""
    thin = ink.copy()
    thin[_THICK:-_THICK] &= ~(ink[: -2 * _THICK] | ink[2 * _THICK :])
    # A slanting rule steps from row to row: a pixel above or below also carries the run on.
    carried = thin.copy()
    carried[1:] |= thin[:-1]
    padded = np.pad(carried, ((0, 0), (1, 1)))
    change = np.diff(padded.astype(np.int8), axis=1)
    rows, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    long = ends - starts >= shortest
    rows, starts, ends = rows[long][:_MOST_RUNS], starts[long][:_MOST_RUNS], ends[long][:_MOST_RUNS]
    return np.column_stack([starts, rows, ends, rows]).astype(float)
