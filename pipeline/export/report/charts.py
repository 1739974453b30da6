"""Bars as SVG, made here: browsers and LibreOffice shape Thai in it, and no drawing library is needed.

Every chart stands beside a table with the same figures, so nothing is told by colour or length alone.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

FONTS = "'TH Sarabun New', Laksaman, Sarabun, sans-serif"
WIDTH, ROW, BAR = 480, 26, 16
LABEL = 210
SHADES = ("#1d5fa8", "#8fb4d9", "#d9d9d9", "#a94f16")
_INK, _LINE = "#222222", "#999999"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: parts laid end to end, in the order of the legend."""

    label: str
    parts: tuple[float, ...]

    @property
    def total(self) -> float:
        """Length of all parts together."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as an image that a page holds within itself."""

    svg: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The image as a data URI: nothing is fetched from anywhere."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


def bars(rows: Sequence[Bar], legend: Sequence[str] = ()) -> Chart:
    """Return horizontal bars; every part bears its number where there is room."""
    longest = max((row.total for row in rows), default=0.0) or 1.0
    room = WIDTH - LABEL - 46
    top = ROW if legend else 4
    pieces = list(_legend(legend))
    for at, row in enumerate(rows):
        y = top + at * ROW
        pieces.append(_text(LABEL - 8, y + 17, _cut(row.label), anchor="end"))
        x = float(LABEL)
        for shade, part in zip(SHADES, row.parts, strict=False):
            width = part / longest * room
            pieces.append(
                f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{BAR}" fill="{shade}"/>'
            )
            x += width
        pieces.append(_text(x + 6, y + 17, f"{row.total:g}"))
    height = top + len(rows) * ROW + 4
    line = f'<line x1="{LABEL}" y1="{top}" x2="{LABEL}" y2="{height - 4}" stroke="{_LINE}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{FONTS}" font-size="15">{"".join(pieces)}{line}</svg>'
    )
    return Chart(svg, WIDTH, height)


def _legend(names: Sequence[str]) -> list[str]:
    pieces, x = [], 4.0
    for shade, name in zip(SHADES, names, strict=False):
        pieces.append(f'<rect x="{x:.0f}" y="6" width="12" height="12" fill="{shade}"/>')
        pieces.append(_text(x + 17, 17, name))
        x += 32 + 8.6 * _columns(name)
    return pieces


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="{_INK}">{escape(text)}</text>'


def _cut(text: str, most: int = 25) -> str:
    kept, columns = "", 0
    for letter in text:
        columns += _columns(letter)
        if columns > most:
            return kept + "…"
        kept += letter
    return kept


def _columns(text: str) -> int:
    """Letters that take room: Thai marks stand over or under others."""
    return sum(
        not ("\u0e34" <= letter <= "\u0e3a" or "\u0e47" <= letter <= "\u0e4e" or letter == "\u0e31")
        for letter in text
    )
