"""pdfplumber, wrapped: a second opinion on pages whose text cannot be believed.

It decodes fonts and their maps by its own code (pdfminer), so that what PDFium cannot read it often can. It reads Thai worse
where both can (no ``/ActualText``, no ink), and costs twenty times as much: it is asked on doubted pages alone, within
limits of size and time, since some pages hang it. Its characters go through the same spans and repair.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from pipeline.reading.pdf.text import Floats, RawCharacters

_SECONDS = 12.0  # for one page; the child as a whole has a limit of its own
_MOST_CHARACTERS, _MOST_PATHS = 20_000, 5_000  # pages with more may hang it
_MOST_BYTES = 200 * 1024 * 1024
_NO_CODE = 0xFFFE


class OtherPage:
    """One page as pdfplumber reads it, in the places of the page as shown; stands where a ``PdfPage`` does."""

    def __init__(self, characters: Sequence[dict[str, Any]], width: float, height: float) -> None:
        pieces = [(piece, code) for piece in characters for code in _codes(str(piece["text"]))]
        self._boxes = np.array([_box(piece) for piece, _ in pieces], float).reshape(-1, 4)
        pens = [(piece["x0"], height - piece["matrix"][5]) for piece, _ in pieces]
        self._found = RawCharacters(
            codes=np.array([code for _, code in pieces], np.int32),
            boxes=self._boxes.copy(),
            origins=np.array(pens, float).reshape(-1, 2),
            sizes=np.array([max(float(piece["size"]), 1.0) for piece, _ in pieces]),
        )
        names = list(dict.fromkeys(str(piece["fontname"]) for piece, _ in pieces))
        self._names = [str(piece["fontname"]) for piece, _ in pieces]
        self._numbers = {name: number for number, name in enumerate(names)}
        self.frame = (width, height)

    @property
    def text(self) -> OtherPage:
        """The page answers for its own text."""
        return self

    def characters(self) -> RawCharacters:
        """Return all characters in content order."""
        return self._found

    def ink_boxes(self, places: list[int]) -> Floats:
        """Return where the ink of marks must stand: left of a pen that does not move on."""
        boxes = self._boxes[places].copy()
        size = self._found.sizes[places]
        still = boxes[:, 2] - boxes[:, 0] < 0.1 * size
        boxes[still, 0] -= 0.3 * size[still]
        return boxes

    def share_pens(self, places: list[int], others: list[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Tell of pairs of characters whether they have one pen position."""
        apart = self._found.origins[places] - self._found.origins[others]
        together: np.ndarray[Any, np.dtype[np.bool_]] = np.abs(apart).max(axis=1) < 0.01
        return together

    def generated(self, places: list[int]) -> list[bool]:
        """Pdfminer makes no characters up."""
        return [False] * len(places)

    def fonts(self, places: list[int]) -> list[int]:
        """Return the number of each character's font."""
        return [self._numbers[self._names[place]] for place in places]

    def font_name(self, place: int) -> str:
        """Return the name of a character's font."""
        return self._names[place]

    def is_bold(self, place: int) -> bool:
        """Tell whether a character is bold, by the name of its font."""
        name = self._names[place].lower()
        return "bold" in name or "black" in name


class SecondReader:
    """pdfplumber on one file, opened on the first page that is doubted.

    Args:
        path: the PDF.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document: Any = None
        self._refused = path.stat().st_size > _MOST_BYTES

    def close(self) -> None:
        """Free the file."""
        if self._document is not None:
            self._document.close()
            self._document = None

    def page(self, index: int, width: float, height: float, characters: int, paths: int) -> OtherPage | None:
        """Return page ``index`` (from 0), None where it cannot be read safely or in the same places.

        Args:
            index: page number from 0.
            width: of the page as shown.
            height: of the page as shown.
            characters: how many PDFium found.
            paths: how many paths PDFium found.
        """
        if self._refused or characters > _MOST_CHARACTERS or paths > _MOST_PATHS:
            return None
        try:
            with _time_limit(_SECONDS):
                return self._read(index, width, height)
        except Exception:  # whatever a damaged file makes of pdfminer: there is a third reader
            self._refused = self._document is None
            return None

    def _read(self, index: int, width: float, height: float) -> OtherPage | None:
        import pdfplumber

        if self._document is None:
            self._document = pdfplumber.open(self._path)
        page = self._document.pages[index]
        x0, y0, x1, y1 = page.bbox
        same = abs(x1 - x0 - width) < 1 and abs(y1 - y0 - height) < 1 and abs(x0) < 1 and abs(y0) < 1
        if not same or page.rotation:
            return None
        found = [piece for piece in page.chars if piece.get("upright", True)]
        page.close()
        return OtherPage(found, width, height) if found else None


def _codes(text: str) -> list[int]:
    if text.startswith("(cid:"):
        return [_NO_CODE]
    return [min(ord(letter), _NO_CODE) for letter in text]


def _box(piece: dict[str, Any]) -> tuple[float, float, float, float]:
    return float(piece["x0"]), float(piece["top"]), float(piece["x1"]), float(piece["bottom"])


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after ``seconds``; only where the system and the thread allow it.

    Raises:
        RuntimeError: they do not, and the block must not run.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        raise RuntimeError("no time limit can be set here")

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
