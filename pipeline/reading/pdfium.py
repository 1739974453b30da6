"""The one module that talks to PDFium: characters with their places, ruling lines, pictures, links, page pictures.

PDFium reads Thai rightly where pdfminer, pdfplumber and pypdf do not (it honours ``/ActualText``), but its own text
puts floating marks up to fourteen characters late and breaks lines round low vowels. So this module hands out raw
characters with places, and ``characters`` puts them in order.

Speed matters: a plan has half a million characters, and a Python loop over foreign calls would cost more than the rest
of the reading. The calls are therefore driven by ``map`` over plain addresses into numpy arrays.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.pdfpaths import bounds, moved, objects, path_rules
from rubric.exceptions import BrokenDocument, EncryptedDocument
from rubric.language import Bilingual

Floats = NDArray[np.float64]
_HUGE = 1_000_000  # device pixels used to read the page-to-screen transform without rounding
_NAME = 128  # bytes kept of a font's name
_BOLD = 650  # weight from which a font is bold
_FORCE_BOLD = 0x40000  # flag of the font descriptor (PDF 32000-1, table 123)
_FILLED_AND_STROKED = raw.FPDF_TEXTRENDERMODE_FILL_STROKE  # how false bold is drawn
_LOCK = threading.Lock()  # PDFium is not thread-safe; held while a page picture is made outside the child


def _plain(function: Any, *argument_types: Any, result: Any = ctypes.c_int) -> Any:
    """Return ``function`` with addresses as plain integers, so that ``map`` can call it without Python code."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.CFUNCTYPE(result, *argument_types)(address)


_P, _I = ctypes.c_void_p, ctypes.c_int
_loose_box = _plain(raw.FPDFText_GetLooseCharBox, _P, _I, _P)
_origin = _plain(raw.FPDFText_GetCharOrigin, _P, _I, _P, _P)
_ink_box = _plain(raw.FPDFText_GetCharBox, _P, _I, _P, _P, _P, _P)
_text = _plain(raw.FPDFText_GetText, _P, _I, _I, _P)
_unicode = _plain(raw.FPDFText_GetUnicode, _P, _I, result=ctypes.c_uint)
_font_size = _plain(raw.FPDFText_GetFontSize, _P, _I, result=ctypes.c_double)
_font_info = _plain(raw.FPDFText_GetFontInfo, _P, _I, _P, ctypes.c_ulong, _P, result=ctypes.c_ulong)
_font_weight = _plain(raw.FPDFText_GetFontWeight, _P, _I)
_text_object = _plain(raw.FPDFText_GetTextObject, _P, _I, result=_P)
_render_mode = _plain(raw.FPDFTextObj_GetTextRenderMode, _P)
_generated = _plain(raw.FPDFText_IsGenerated, _P, _I)


@dataclass(frozen=True, slots=True)
class RawCharacters:
    """The characters of a page in content order, places as shown on the page (points, origin top left).

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


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page besides text.

    Attributes:
        rules: thin straight lines and sides of rectangles as ``x0, y0, x1, y1``, shape (n, 4).
        pictures: boxes of raster images.
        paths: number of path objects seen.
        cut: more objects stood on the page than were looked at.
    """

    rules: Floats
    pictures: tuple[Box, ...]
    paths: int
    cut: bool


class PdfPage:
    """One open page; use :meth:`PdfFile.page`."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._textpage: Any = None
        self._font_name, self._font_flags = ctypes.create_string_buffer(_NAME), ctypes.c_int()
        self._font_name_at, self._font_flags_at = (
            ctypes.addressof(kept) for kept in (self._font_name, self._font_flags)
        )
        self._heavy: dict[bytes, bool] = {}
        self.width, self.height = (float(v) for v in page.get_size())
        self._matrix = _page_to_shown(page, self.width, self.height)
        self._characters: RawCharacters | None = None
        self.turn = 0

    def close(self) -> None:
        """Free the page's memory."""
        if self._textpage is not None:
            self._textpage.close()
        self._page.close()

    def stand_upright(self) -> int:
        """Turn the page's places so that most of its text runs from left to right.

        Tables too wide for the page are often laid on their side. From now on all places are those of the page turned
        clockwise by the degrees returned (0, 90 or 270), about its middle. (Text on its head comes from PDFium in an
        order that cannot be used; no writer makes it.)
        """
        turn = text_turn(self.characters())
        if turn:
            self._matrix = _turned(self._matrix, turn, self.width, self.height)
            self._characters, self.turn = None, turn
        return turn

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the page as its text stands upright."""
        return (self.height, self.width) if self.turn % 180 else (self.width, self.height)

    def characters(self) -> RawCharacters:
        """Return all characters, PDFium's generated blanks and line ends included."""
        if self._characters is None:
            self._characters = self._read_characters()
        return self._characters

    def _read_characters(self) -> RawCharacters:
        text = self._open_text()
        count = int(text.count_chars())
        if count <= 0:
            return RawCharacters(np.zeros(0, np.int32), np.zeros((0, 4)), np.zeros((0, 2)), np.zeros(0))
        handle = ctypes.cast(text.raw, ctypes.c_void_p).value
        boxes = np.zeros((count, 4), np.float32)
        start = boxes.ctypes.data
        deque(map(_loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)), 0)
        shown = self._shown_boxes(boxes)
        origins, sizes = self._pens(handle, boxes, shown)
        return RawCharacters(_codes(handle, count), shown, origins, sizes)

    def _pens(self, handle: int | None, boxes: NDArray[np.float32], shown: Floats) -> tuple[Floats, Floats]:
        """Ask for pen position and letter size only where the height of the boxes changes; they hold until the next change.

        Between changes letters of one object follow each other: the pen stands at the left of each box, on one baseline.
        """
        bottom, top = boxes[:, 3], boxes[:, 1]
        changes = (
            (np.abs(np.diff(bottom)) > 0.01) | (np.abs(np.diff(top)) > 0.01) | (np.diff(boxes[:, 0]) < 0)
        )
        opens = np.flatnonzero(np.concatenate([[True], changes]))
        asked, points = opens.tolist(), np.zeros((len(opens), 2))
        start = points.ctypes.data
        xs, ys = (range(start + at, start + at + 16 * len(opens), 16) for at in (0, 8))
        deque(map(_origin, repeat(handle), asked, xs, ys), 0)
        lengths = np.diff(np.append(opens, len(boxes)))
        pens = np.repeat(points, lengths, axis=0)
        across = boxes[:, 0].astype(float)
        across[opens] = points[:, 0]
        pens[:, 0] = across
        sizes = np.repeat(np.fromiter(map(_font_size, repeat(handle), asked), float, len(asked)), lengths)
        # Some writers set size 1 and scale it by the text matrix; there the height of the box tells (1.3 is its usual ratio).
        sizes = np.where(sizes < 4, (shown[:, 3] - shown[:, 1]) / 1.3, sizes)
        return self._shown(pens), sizes

    def ink_boxes(self, places: list[int]) -> Floats:
        """Return the box round the ink of the characters at ``places`` (advance boxes of marks have no width)."""
        out = np.zeros((len(places), 4))
        if places:
            handle = ctypes.cast(self._open_text().raw, ctypes.c_void_p).value
            start, size = out.ctypes.data, 32 * len(places)
            ends = [range(start + at, start + at + size, 32) for at in (0, 16, 8, 24)]
            deque(map(_ink_box, repeat(handle), places, *ends), 0)
        return self._shown_boxes(out)

    def generated(self, places: list[int]) -> list[bool]:
        """Tell which of the characters PDFium made up (blanks and line ends that are not in the file)."""
        handle = ctypes.cast(self._open_text().raw, ctypes.c_void_p).value
        return [flag == 1 for flag in map(_generated, repeat(handle), places)]

    def is_bold(self, place: int) -> bool:
        """Tell whether a character is bold; some foreign calls, so ask for a few per line."""
        handle = ctypes.cast(self._open_text().raw, ctypes.c_void_p).value
        _font_info(handle, place, self._font_name_at, _NAME, self._font_flags_at)
        name = self._font_name.value
        known = self._heavy.get(name)
        if known is None:
            lower = name.lower()
            named = b"bold" in lower or b"black" in lower or bool(self._font_flags.value & _FORCE_BOLD)
            known = self._heavy[name] = named or _font_weight(handle, place) >= _BOLD
        return known or self._mode(place) == int(_FILLED_AND_STROKED)

    def is_invisible(self, place: int) -> bool:
        """Tell whether a character is drawn invisibly, as in the text layer a scanner's OCR puts under its picture."""
        return self._mode(place) == int(raw.FPDF_TEXTRENDERMODE_INVISIBLE)

    def _mode(self, place: int) -> int:
        item = _text_object(ctypes.cast(self._open_text().raw, ctypes.c_void_p).value, place)
        return int(_render_mode(item)) if item else 0

    def drawing(self, limit: int = 20_000) -> Drawing:
        """Return ruling lines and pictures; looks at ``limit`` objects at most."""
        rules: list[tuple[float, float, float, float]] = []
        pictures: list[tuple[float, float, float, float]] = []
        seen = paths = 0
        for item, kind, matrix in objects(self._page.raw):
            seen += 1
            if seen > limit:
                break
            if kind == raw.FPDF_PAGEOBJ_PATH:
                paths += 1
                rules.extend(path_rules(item, matrix))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                pictures.append(moved(bounds(item), matrix))
        shown = self._shown_boxes_xy(np.array(pictures, float).reshape(-1, 4))
        inside = [self._clip(Box(*map(float, row))) for row in shown]
        return Drawing(
            rules=self._shown_boxes_xy(np.array(rules, float).reshape(-1, 4)),
            pictures=tuple(box for box in inside if box.x1 - box.x0 > 1 and box.y1 - box.y0 > 1),
            paths=paths,
            cut=seen > limit,
        )

    def links(self) -> list[str]:
        """Return the addresses behind the page's links, in order, each once."""
        found: dict[str, None] = {}
        place, link = ctypes.c_int(0), raw.FPDF_LINK()
        document = self._page.pdf.raw
        while len(found) < 200 and raw.FPDFLink_Enumerate(self._page.raw, place, link):
            action = raw.FPDFLink_GetAction(link)
            if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
                continue
            size = raw.FPDFAction_GetURIPath(document, action, None, 0)
            buffer = ctypes.create_string_buffer(max(1, min(int(size), 4096)))
            raw.FPDFAction_GetURIPath(document, action, buffer, len(buffer))
            found[buffer.value.decode("utf-8", "replace")] = None
        return [address for address in found if address]

    def picture(self, dpi: float, *, grey: bool = False) -> Image.Image:
        """Return the page as a picture, as shown."""
        bitmap = self._page.render(scale=dpi / 72, grayscale=grey, may_draw_forms=False)
        try:
            image: Image.Image = bitmap.to_pil().copy()
        finally:
            bitmap.close()
        return image

    def _open_text(self) -> Any:
        if self._textpage is None:
            self._textpage = self._page.get_textpage()
        return self._textpage

    def _shown(self, points: Floats) -> Floats:
        return points @ self._matrix[:, :2].T + self._matrix[:, 2]

    def _shown_boxes(self, boxes: NDArray[Any]) -> Floats:
        """Boxes given as left, top, right, bottom in page space."""
        return self._shown_boxes_xy(boxes.astype(float))

    def _shown_boxes_xy(self, boxes: Floats) -> Floats:
        one, other = self._shown(boxes[:, :2]), self._shown(boxes[:, 2:])
        return np.hstack([np.minimum(one, other), np.maximum(one, other)])

    def _clip(self, box: Box) -> Box:
        return Box(
            min(max(box.x0, 0.0), self.frame[0]),
            min(max(box.y0, 0.0), self.frame[1]),
            min(max(box.x1, 0.0), self.frame[0]),
            min(max(box.y1, 0.0), self.frame[1]),
        )


class PdfFile:
    """An open PDF.

    Raises:
        EncryptedDocument: the password does not open it.
        BrokenDocument: PDFium finds no PDF in it.
    """

    def __init__(self, path: Path, password: str = "") -> None:
        try:
            self._document = pdfium.PdfDocument(path, password=password or None)
        except pdfium.PdfiumError as error:
            raise _open_error(str(error)) from error

    def __len__(self) -> int:
        return len(self._document)

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._document.close()

    def page(self, index: int) -> PdfPage:
        """Open page ``index`` (from 0); close it after use.

        Raises:
            BrokenDocument: the page cannot be loaded.
        """
        try:
            return PdfPage(self._document[index])
        except pdfium.PdfiumError as error:
            raise BrokenDocument(
                Bilingual("หน้านี้ของไฟล์ PDF เสียหาย", "This page of the PDF is damaged."),
            ) from error


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


def render(path: Path, page: int, dpi: float = 110, password: str = "") -> Image.Image:
    """Return page ``page`` (from 1) of a PDF as a picture, for the review page.

    Raises:
        EncryptedDocument, BrokenDocument: the file or the page cannot be opened.
    """
    with _LOCK, PdfFile(path, password) as document:
        if not 1 <= page <= len(document):
            raise BrokenDocument(Bilingual("ไม่มีหน้านี้ในไฟล์", "The file has no such page."))
        opened = document.page(page - 1)
        try:
            return opened.picture(dpi)
        finally:
            opened.close()


def _open_error(reason: str) -> EncryptedDocument | BrokenDocument:
    if "assword" in reason or "ecurity" in reason:
        return EncryptedDocument(
            Bilingual("ไฟล์ PDF นี้มีรหัสผ่าน จึงเปิดอ่านไม่ได้", "This PDF is protected by a password."),
            Bilingual("ขอไฟล์ที่ไม่มีรหัสผ่านจากสำนักงานเขต", "Ask the office for a copy without password."),
        )
    return BrokenDocument(
        Bilingual("ไฟล์ PDF นี้เสียหายหรือไม่ใช่ PDF", "This PDF is damaged, or is no PDF."),
        Bilingual("ขอให้สำนักงานเขตส่งไฟล์ใหม่", "Ask the office to send the file again."),
    )


def _codes(handle: int | None, count: int) -> NDArray[np.int32]:
    """Read all codes in one call; one by one where characters outside the basic plane shift the count."""
    buffer = np.zeros(2 * count + 2, np.uint16)
    written = _text(handle, 0, count, buffer.ctypes.data)
    if written == count + 1:
        return buffer[:count].astype(np.int32)
    return np.fromiter(map(_unicode, repeat(handle), range(count)), np.int32, count)


def _turned(matrix: Floats, turn: int, width: float, height: float) -> Floats:
    """Return the 2 x 3 matrix followed by a clockwise quarter turn of the page as shown."""
    quarter, move = {
        90: ([[0, -1], [1, 0]], [height, 0]),
        270: ([[0, 1], [-1, 0]], [0, width]),
    }[turn]
    turned = np.array(quarter, float) @ matrix
    turned[:, 2] += move
    return turned


def _page_to_shown(page: Any, width: float, height: float) -> Floats:
    """Return the 2 x 3 matrix from page space to the page as shown; PDFium applies rotation and crop box."""
    x, y = ctypes.c_double(), ctypes.c_double()
    corners = []
    for across, down in ((0, 0), (_HUGE, 0), (0, _HUGE)):
        raw.FPDF_DeviceToPage(page.raw, 0, 0, _HUGE, _HUGE, 0, across, down, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1), (x2, y2) = corners
    to_page = np.array([[(x1 - x0) / width, (x2 - x0) / height], [(y1 - y0) / width, (y2 - y0) / height]])
    (a, b), (c, d) = to_page
    inverse = np.array([[d, -b], [-c, a]]) / (a * d - b * c)
    return np.hstack([inverse, -(inverse @ np.array([[x0], [y0]]))])
