"""What is drawn on a PDF page: ruling lines and pictures among PDFium's page objects. The other half of ``pdfium``.

Tables are told by their rules. Writers draw these as strokes, as thin filled bars, as rectangles round each cell, or as
one path for the whole grid; all become level and upright lines here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as raw

Matrix = tuple[float, float, float, float, float, float]
_DEEPEST = 4  # forms in forms
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """Yield each path and picture of a page with its kind and the matrix of the forms it stands in."""
    count = raw.FPDFPage_CountObjects(page)
    yield from _shown(map(raw.FPDFPage_GetObject, repeat(page), range(count)), _SAME, _DEEPEST)


def _shown(items: Iterator[Any], matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    """Yield paths and pictures, and those in forms (a page of Acrobat may be one form)."""
    for item in items:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield item, kind, matrix
        elif depth:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            children = map(raw.FPDFFormObj_GetObject, repeat(item), range(raw.FPDFFormObj_CountObjects(item)))
            yield from _shown(children, inner, depth - 1)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def bounds(item: Any) -> tuple[float, float, float, float]:
    """Return an object's left, bottom, right and top."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def moved(box: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, float, float, float]:
    """Return a box seen through a matrix."""
    if matrix is _SAME:
        return box
    a, b, c, d, e, f = matrix
    (x0, y0), (x1, y1) = ((a * x + c * y + e, b * x + d * y + f) for x, y in (box[:2], box[2:]))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


_THIN = 3.5  # points: a filled or stroked path no thicker than this is a line
_SHORT = 4.0  # points: shorter strokes are dots and ornaments


def path_rules(item: Any, matrix: Matrix) -> list[tuple[float, float, float, float]]:
    """Return the straight lines a path draws: itself when thin, else its level and upright sides."""
    x0, y0, x1, y1 = box = moved(bounds(item), matrix)
    wide, high = x1 - x0, y1 - y0
    if min(wide, high) <= _THIN:
        return [_middle(box)] if max(wide, high) >= _SHORT else []
    segments = raw.FPDFPath_CountSegments(item)
    if 2 <= segments <= 6:
        stroke = _stroke(item) / 2
        x0, y0, x1, y1 = x0 + stroke, y0 + stroke, x1 - stroke, y1 - stroke
        if not _is_rectangle(item, segments):
            return []
        return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
    return _straight_segments(item, matrix, min(segments, 4000))


def _middle(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    return (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def _stroke(item: Any) -> float:
    fill, stroked, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    raw.FPDFPath_GetDrawMode(item, fill, stroked)
    if not stroked.value:
        return 0.0
    # PDFium widens the bounds of a stroked path by the whole width on each side.
    raw.FPDFPageObj_GetStrokeWidth(item, width)
    return 2 * float(width.value)


def _points(item: Any, segments: int) -> Iterator[tuple[int, float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(segments):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        yield raw.FPDFPathSegment_GetType(segment), x.value, y.value


def _is_rectangle(item: Any, segments: int) -> bool:
    points = list(_points(item, segments))
    if segments < 4 or any(kind == raw.FPDF_SEGMENT_BEZIERTO for kind, _, _ in points):
        return False
    steps = pairwise(points)
    return all(abs(a[1] - b[1]) < 0.5 or abs(a[2] - b[2]) < 0.5 for a, b in steps)


def _straight_segments(item: Any, matrix: Matrix, segments: int) -> list[tuple[float, float, float, float]]:
    """Return the level and upright strokes of a path that draws a whole grid at once."""
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, own)
    whole = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    rules: list[tuple[float, float, float, float]] = []
    last: tuple[float, float] | None = None
    for kind, x, y in _points(item, segments):
        if kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            line = moved((*last, x, y), whole)
            level, upright = line[3] - line[1] < 1, line[2] - line[0] < 1
            if (level or upright) and max(line[2] - line[0], line[3] - line[1]) >= _SHORT:
                rules.append(line)
        last = (x, y)
    return rules
