"""The text half of the PDFium wrapper: raw characters with places and weights, called in bulk.

Speed matters: a plan has half a million characters, and a Python loop over foreign calls would cost more than the rest
of the reading. The calls are therefore driven by ``map`` over plain addresses into numpy arrays, and what changes only
from one text object to the next is asked only there.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HYPHEN, _TAKEN_OUT = 0x2D, 0xFFFE
_NAME = 128  # bytes kept of a font's name
_BOLD = 650  # weight from which a font is bold
_FORCE_BOLD = 0x40000  # flag of the font descriptor (PDF 32000-1, table 123)
INVISIBLE, PALE = 1, 2
_PALE, _CLEAR = 240, 16  # of 255: from this lightness on, or down from this opacity, a letter may be unseen
_FILLED = int(raw.FPDF_TEXTRENDERMODE_FILL)
_FILLED_AND_STROKED = int(raw.FPDF_TEXTRENDERMODE_FILL_STROKE)  # how false bold is drawn


def _plain(function: Any, *argument_types: Any, result: Any = ctypes.c_int) -> Any:
    """Return ``function`` with addresses as plain integers, so that ``map`` can call it without Python code.

    The interpreter's lock is kept: to let it go and take it again costs as much as the call itself.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *argument_types)(address)


_P, _I = ctypes.c_void_p, ctypes.c_int
_loose_box = _plain(raw.FPDFText_GetLooseCharBox, _P, _I, _P)
_origin = _plain(raw.FPDFText_GetCharOrigin, _P, _I, _P, _P)
_ink_box = _plain(raw.FPDFText_GetCharBox, _P, _I, _P, _P, _P, _P)
_text = _plain(raw.FPDFText_GetText, _P, _I, _I, _P)
_unicode = _plain(raw.FPDFText_GetUnicode, _P, _I, result=ctypes.c_uint)
_font_size = _plain(raw.FPDFText_GetFontSize, _P, _I, result=ctypes.c_double)
_font_info = _plain(raw.FPDFText_GetFontInfo, _P, _I, _P, ctypes.c_ulong, _P, result=ctypes.c_ulong)
_font_weight = _plain(raw.FPDFText_GetFontWeight, _P, _I)
_text_object = _plain(raw.FPDFText_GetTextObject, _P, _I, result=ctypes.c_size_t)
_font = _plain(raw.FPDFTextObj_GetFont, _P, result=ctypes.c_size_t)
_render_mode = _plain(raw.FPDFTextObj_GetTextRenderMode, _P)
_fill_color = _plain(raw.FPDFPageObj_GetFillColor, _P, _P, _P, _P, _P)
_is_hyphen = _plain(raw.FPDFText_IsHyphen, _P, _I)
_generated = _plain(raw.FPDFText_IsGenerated, _P, _I)


@dataclass(frozen=True, slots=True)
class RawCharacters:
    """The characters of a page in content order.

    Attributes:
        codes: Unicode code of each, shape (n,).
        boxes: advance box ``x0, y0, x1, y1`` of each, shape (n, 4).
        origins: pen position ``x, y`` (on the baseline) of each, shape (n, 2).
        sizes: size of the letters in points, shape (n,).
    """

    codes: NDArray[np.int32]
    boxes: Floats
    origins: Floats
    sizes: Floats


class TextSource(Protocol):
    """What is asked of a page's text, whoever reads it."""

    def share_pens(self, places: list[int], others: list[int]) -> NDArray[np.bool_]:
        """Tell of pairs of characters whether they have one pen position."""
        ...

    def generated(self, places: list[int]) -> Sequence[bool]:
        """Tell which of the characters are made up."""
        ...

    def fonts(self, places: list[int]) -> list[int]:
        """Return for each character a number that tells its font from others of the page."""
        ...

    def font_name(self, place: int) -> str:
        """Return the name of a character's font."""
        ...

    def is_bold(self, place: int) -> bool:
        """Tell whether a character is bold."""
        ...


class PageSource(Protocol):
    """What is asked of a page: its characters in the places of the page as shown, and its text."""

    @property
    def text(self) -> TextSource:
        """The page's text."""
        ...

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the page as its text stands upright."""
        ...

    def characters(self) -> RawCharacters:
        """Return all characters in content order."""
        ...

    def ink_boxes(self, places: list[int]) -> Floats:
        """Return the box round the ink of characters."""
        ...


class PageText:
    """The text of one open page; places in page space, as PDFium gives them.

    Args:
        page: pypdfium2's page.
    """

    def __init__(self, page: Any) -> None:
        self._text = page.get_textpage()
        self._handle = ctypes.cast(self._text.raw, ctypes.c_void_p).value
        self._font_name, self._font_flags = ctypes.create_string_buffer(_NAME), ctypes.c_int()
        self._font_name_at = ctypes.addressof(self._font_name)
        self._font_flags_at = ctypes.addressof(self._font_flags)
        self._heavy: dict[int, bool] = {}  # by font
        self._owners: NDArray[np.uint64] | None = None

    def close(self) -> None:
        """Free the text's memory."""
        self._text.close()

    def characters(self) -> RawCharacters:
        """Return all characters, PDFium's generated blanks and line ends included; boxes as left, top, right, bottom."""
        count = int(self._text.count_chars())
        if count <= 0:
            return RawCharacters(np.zeros(0, np.int32), np.zeros((0, 4)), np.zeros((0, 2)), np.zeros(0))
        boxes = np.zeros((count, 4), np.float32)
        start = boxes.ctypes.data
        deque(map(_loose_box, repeat(self._handle), range(count), range(start, start + 16 * count, 16)), 0)
        self._owners = np.fromiter(map(_text_object, repeat(self._handle), range(count)), np.uint64, count)
        origins, sizes = _pens(self._handle, boxes, self._owners)
        codes = _with_hyphens(self._handle, _codes(self._handle, count))
        return RawCharacters(codes, boxes.astype(float), origins, sizes)

    def ink_boxes(self, places: list[int]) -> Floats:
        """Return the box round the ink of the characters at ``places`` (advance boxes of marks have no width)."""
        out = np.zeros((len(places), 4))
        start, size = out.ctypes.data, 32 * len(places)
        ends = [range(start + at, start + at + size, 32) for at in (0, 16, 8, 24)]
        deque(map(_ink_box, repeat(self._handle), places, *ends), 0)
        return out

    def share_pens(self, places: list[int], others: list[int]) -> NDArray[np.bool_]:
        """Tell of pairs of characters whether they have one pen position: they then stand for one glyph (/ActualText)."""
        apart = _origins(self._handle, places) - _origins(self._handle, others)
        together: NDArray[np.bool_] = np.abs(apart).max(axis=1) < 0.01
        return together

    def generated(self, places: list[int]) -> list[bool]:
        """Tell which of the characters PDFium made up (blanks and line ends that are not in the file)."""
        return [flag == 1 for flag in map(_generated, repeat(self._handle), places)]

    def fonts(self, places: list[int]) -> list[int]:
        """Return for each character a number that tells its font from others of this page while the page is open."""
        if self._owners is None:
            return [
                int(_font(item)) if item else 0 for item in map(_text_object, repeat(self._handle), places)
            ]
        items, which = np.unique(self._owners[places], return_inverse=True)
        found = [int(_font(item)) if item else 0 for item in items.tolist()]
        return [found[at] for at in which.tolist()]

    def font_name(self, place: int) -> str:
        """Return the name of a character's font as the file has it, with the prefix of a subset."""
        _font_info(self._handle, place, self._font_name_at, _NAME, self._font_flags_at)
        return self._font_name.value.decode("utf-8", "replace")

    def is_bold(self, place: int) -> bool:
        """Tell whether a character is bold; some foreign calls, so ask for a few per line."""
        item = int(self._owners[place]) if self._owners is not None else _text_object(self._handle, place)
        if not item:
            return False
        font = _font(item)
        known = self._heavy.get(font)
        if known is None:
            _font_info(self._handle, place, self._font_name_at, _NAME, self._font_flags_at)
            lower = self._font_name.value.lower()
            named = b"bold" in lower or b"black" in lower or bool(self._font_flags.value & _FORCE_BOLD)
            known = self._heavy[font] = named or _font_weight(self._handle, place) >= _BOLD
        return known or _render_mode(item) == _FILLED_AND_STROKED

    def is_invisible(self, place: int) -> bool:
        """Tell whether a character is drawn invisibly, as in the text layer a scanner's OCR puts under its picture."""
        return self._mode(place) == int(raw.FPDF_TEXTRENDERMODE_INVISIBLE)

    def unseen(self) -> NDArray[np.int8]:
        """Tell of each character whether its drawing leaves no dark ink: ``INVISIBLE``, ``PALE`` or 0.

        Asked once a text object; whether pale letters stand on a dark ground only the page's picture tells.
        """
        if self._owners is None or not len(self._owners):
            return np.zeros(0, np.int8)
        items, which = np.unique(self._owners, return_inverse=True)
        shades = (ctypes.c_uint * 4)()
        start = ctypes.addressof(shades)
        found = np.zeros(len(items), np.int8)
        for at, item in enumerate(items.tolist()):
            if not item:
                continue
            mode = _render_mode(item)
            if mode == int(raw.FPDF_TEXTRENDERMODE_INVISIBLE):
                found[at] = INVISIBLE
            elif mode == _FILLED and _fill_color(item, start, start + 4, start + 8, start + 12):
                red, green, blue, alpha = shades
                found[at] = PALE if min(red, green, blue) >= _PALE or alpha <= _CLEAR else 0
        return found[which.reshape(-1)]

    def _mode(self, place: int) -> int:
        item = _text_object(self._handle, place)
        return int(_render_mode(item)) if item else 0


def _pens(
    handle: int | None, boxes: NDArray[np.float32], owners: NDArray[np.uint64]
) -> tuple[Floats, Floats]:
    """Return pen positions and letter sizes, asked only where a text object begins; they hold to its end.

    Within an object letters follow each other on one baseline: the pen stands at the left of each box.
    """
    count = len(boxes)
    opens = np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]]))
    asked, lengths = opens.tolist(), np.diff(np.append(opens, count))
    points = _origins(handle, asked)
    pens = np.repeat(points, lengths, axis=0)
    pens[:, 0] = boxes[:, 0]
    pens[opens, 0] = points[:, 0]
    sizes = np.repeat(np.fromiter(map(_font_size, repeat(handle), asked), float, len(asked)), lengths)
    # Some writers set size 1 and scale it by the text matrix; there the height of the box tells (1.3 is its usual ratio).
    return pens, np.where(sizes < 4, np.abs(boxes[:, 1] - boxes[:, 3]) / 1.3, sizes)


def _origins(handle: int | None, places: list[int]) -> Floats:
    points = np.zeros((len(places), 2))
    start = points.ctypes.data
    xs, ys = (range(start + at, start + at + 16 * len(places), 16) for at in (0, 8))
    deque(map(_origin, repeat(handle), places, xs, ys), 0)
    return points


def _codes(handle: int | None, count: int) -> NDArray[np.int32]:
    """Read all codes in one call; one by one where characters outside the basic plane shift the count."""
    buffer = np.zeros(2 * count + 2, np.uint16)
    written = _text(handle, 0, count, buffer.ctypes.data)
    if written == count + 1:
        return buffer[:count].astype(np.int32)
    return np.fromiter(map(_unicode, repeat(handle), range(count)), np.int32, count)


def _with_hyphens(handle: int | None, codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give hyphens at line ends their code back, which PDFium takes out."""
    odd = np.flatnonzero(codes == _TAKEN_OUT)
    if len(odd):
        ends = np.fromiter(map(_is_hyphen, repeat(handle), odd.tolist()), np.int64, len(odd)) == 1
        codes[odd[ends]] = HYPHEN
    return codes


def text_turn(raw_characters: RawCharacters) -> int:
    """Return by how many degrees clockwise the page must be turned for most of its text to run to the right."""
    if len(raw_characters.codes) < 12:
        return 0
    step = np.diff(raw_characters.origins, axis=0)
    across, down = np.abs(step[:, 0]), np.abs(step[:, 1])
    near = (across + down > 0.5) & (across + down < 3 * np.maximum(raw_characters.sizes[1:], 3.0))
    level = near & (across > 2 * down)
    upright = near & (down > 2 * across)
    votes = {
        0: int((level & (step[:, 0] > 0)).sum()),
        270: int((upright & (step[:, 1] > 0)).sum()),
        90: int((upright & (step[:, 1] < 0)).sum()),
    }
    most = max(votes, key=lambda turn: votes[turn])
    return most if votes[most] > 3 * votes[0] + 5 else 0
