"""From a page as it is shown to the page's own space, where annotations live: turned by /Rotate, shifted by the crop box.

Boxes of readings count from the top left of what is shown; a PDF counts from the bottom left of what was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageSpace:
    """How a page is shown.

    Attributes:
        left, bottom, right, top: what is shown, in the page's own space (crop box within media box).
        turn: degrees clockwise by which it is turned to be shown: 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @classmethod
    def of(cls, media: Sequence[float], crop: Sequence[float], rotate: int) -> PageSpace:
        """Return the space of a page with these boxes, whichever corners they begin with."""
        m, c = _ordered(media), _ordered(crop)
        shown = (max(m[0], c[0]), max(m[1], c[1]), min(m[2], c[2]), min(m[3], c[3]))
        if shown[0] >= shown[2] or shown[1] >= shown[3]:  # a crop box beside the page: viewers show the page
            shown = m
        return cls(*shown, turn=round(rotate / 90) * 90 % 360)

    def point(self, x: float, y: float) -> Point:
        """Return a shown point (from the top left) in the page's own space."""
        if self.turn == 90:
            return self.left + y, self.bottom + x
        if self.turn == 180:
            return self.right - x, self.bottom + y
        if self.turn == 270:
            return self.right - y, self.top - x
        return self.left + x, self.top - y

    def quad(self, box: Box) -> tuple[Point, Point, Point, Point]:
        """Return a shown box as upper left, upper right, lower left, lower right, the order that viewers draw."""
        x0, y0, x1, y1 = box
        return self.point(x0, y0), self.point(x1, y0), self.point(x0, y1), self.point(x1, y1)

    @property
    def axes(self) -> tuple[float, float, float, float]:
        """How a step to the right and a step up, as shown, run in the page's own space: a matrix without its shift."""
        return {
            0: (1.0, 0.0, 0.0, 1.0),
            90: (0.0, 1.0, -1.0, 0.0),
            180: (-1.0, 0.0, 0.0, -1.0),
            270: (0.0, -1.0, 1.0, 0.0),
        }[self.turn]


def _ordered(box: Sequence[float]) -> Box:
    x0, y0, x1, y1 = (float(value) for value in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
