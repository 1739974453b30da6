"""Letters of a page that nobody sees: drawn invisibly, in the colour of their ground, or too small to read.

The text layer under a scan is invisible for a good reason, and white letters on a dark ground are plain to see. So scans
are left out, and pale letters are looked up in the page's own picture: where that is even, nothing is to be seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.layout.pages import Unseen
from pipeline.reading.pdf.pdfium import PdfPage
from pipeline.reading.pdf.text import INVISIBLE, PALE, RawCharacters

_COVERS = 0.55  # share of the page that pictures cover on a scan
_TINY = 1.6  # points: the smallest print that a lens reads
_FEWEST = 12  # letters; fewer are a mark or a slip
_DPI = 100
_EVEN = 26  # of 255 greys: less than a faint watermark
_LONGEST = 2000
_MARGIN = 0.5  # points taken off a box, so that rules beside it do not count


def unseen_letters(page: PdfPage, covered: float) -> tuple[Unseen, ...]:
    """Return what stands on a page unseen, by the way in which it is hidden.

    Args:
        covered: share of the page under its pictures.
    """
    letters = page.characters()
    drawn = page.text.unseen()
    if covered >= _COVERS or len(drawn) != len(letters.codes) or not len(drawn):
        return ()
    visible = letters.codes > 0x20
    pale = visible & (drawn == PALE)
    if pale.sum() >= _FEWEST and not page.turn:
        pale[pale] = _even(page, letters.boxes[pale])
    elif page.turn:
        pale[:] = False
    found = {
        "invisible": visible & (drawn == INVISIBLE),
        "white": pale,
        "tiny": visible & (letters.sizes < _TINY) & (letters.sizes > 0),
    }
    return tuple(Unseen(_text(letters, mask), how) for how, mask in found.items() if mask.sum() >= _FEWEST)


def _even(page: PdfPage, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of each box whether the page's picture is of one shade there."""
    picture = np.asarray(page.picture(_DPI, grey=True))
    scale = picture.shape[1] / page.width
    even = np.zeros(len(boxes), bool)
    for at, (left, top, right, bottom) in enumerate(boxes):
        x0, x1 = int((left + _MARGIN) * scale), int(np.ceil((right - _MARGIN) * scale))
        y0, y1 = int((top + _MARGIN) * scale), int(np.ceil((bottom - _MARGIN) * scale))
        part = picture[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        # what lies off the page is not seen either
        even[at] = part.size == 0 or int(part.max()) - int(part.min()) < _EVEN
    return even


def _text(letters: RawCharacters, mask: NDArray[np.bool_]) -> str:
    """Return the letters in content order, with blanks where others stand between them."""
    places = np.flatnonzero(mask)[:_LONGEST]
    pieces, before = [], None
    for place in places.tolist():
        if before is not None and place > before + 1:
            pieces.append(" ")
        pieces.append(chr(int(letters.codes[place])))
        before = place
    return "".join(pieces)
