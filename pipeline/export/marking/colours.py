"""How the marks of a point look: the colours of the review page, a line of its own pattern, and its number."""

from __future__ import annotations

from dataclasses import dataclass

_TONES = ("1d5fa8", "a94f16", "2a7346", "813a88", "806000", "ac2f58", "256a78", "555555")
_DASHES = ("[] 0", "[6 2] 0", "[1 2] 0", "[6 2 1 2] 0", "[3 1] 0", "[2 4] 0", "[8 4] 0", "[4 1 1 1] 0")
TINT = 0.26
"""How much of its tone a mark lays over the page."""
REFUSED = "777777"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as ``r g b`` from 0 to 1, and the pattern of the line under the words."""

    tone: tuple[float, float, float]
    tint: tuple[float, float, float]
    dash: str


def look_of(index: int, *, refused: bool = False) -> Look:
    """Return the look of a rubric's point by its place from 1; what was refused is grey."""
    place = (index - 1) % len(_TONES)
    tone = _rgb(REFUSED if refused else _TONES[place])
    red, green, blue = (1 - TINT * (1 - part) for part in tone)
    return Look(tone, (red, green, blue), _DASHES[place])


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue
