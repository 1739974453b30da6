"""Boxes of letters joined to boxes of lines."""

from __future__ import annotations

from collections.abc import Iterable

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in the page's points, origin top left."""


def lines_round(boxes: Iterable[Rectangle | None]) -> list[Rectangle]:
    """Return one box round the letters of each line."""
    lines: list[Rectangle] = []
    for box in boxes:
        if box is None:
            continue
        if lines and _same_line(lines[-1], box):
            last = lines[-1]
            lines[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            lines.append(box)
    return lines


def _same_line(line: Rectangle, box: Rectangle) -> bool:
    """A mark over a letter is in its line, the first letter of the next line is not."""
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    return overlap > 0.3 * min(line[3] - line[1], box[3] - box[1]) and box[0] > line[0] - 12
