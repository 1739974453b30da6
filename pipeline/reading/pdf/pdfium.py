"""The one module that talks to PDFium: characters with their places, ruling lines, pictures, links, page pictures.

PDFium reads Thai rightly where pdfminer, pdfplumber and pypdf do not (it honours ``/ActualText``), but its own text
puts floating marks up to fourteen characters late and breaks lines round low vowels. So this module hands out raw
characters with places, and ``characters`` puts them in order.
Its two other halves are ``text`` (characters) and ``paths`` (drawing).
"""

from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.outcomes import error
from pipeline.reading.pdf.annotations import Annotations, Corners, flatten, read_annotations
from pipeline.reading.pdf.paths import bounds, moved, objects, path_rules
from pipeline.reading.pdf.text import Floats, PageText, RawCharacters, text_turn
from rubric.exceptions import DocumentError

_MOST_OBJECTS = 20_000  # drawn on one page; maps and plots have more, and no tables among them
_HUGE = 1_000_000  # device pixels used to read the page-to-screen transform without rounding
_LOCK = threading.Lock()  # PDFium is not thread-safe; held while a page picture is made outside the child


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

    def __init__(self, page: Any, index: int) -> None:
        self._page = page
        self._index = index
        self._flat: PdfPage | None = None
        self._text: PageText | None = None
        self.width, self.height = (float(v) for v in page.get_size())
        self._matrix = _page_to_shown(page, self.width, self.height)
        self._characters: RawCharacters | None = None
        self.turn = 0

    def close(self) -> None:
        """Free the page's memory."""
        if self._flat is not None:
            self._flat.close()
        if self._text is not None:
            self._text.close()
        self._page.close()

    def stand_upright(self) -> int:
        """Turn the page's places so that most of its text runs from left to right.

        Tables too wide for the page are often laid on their side. From now on all places are those of the page turned
        clockwise by the degrees returned (0, 90 or 270), about its middle. (Text on its head comes from PDFium in an
        order that cannot be used; no writer makes it.)
        """
        turn = text_turn(self.characters())
        if turn:
            self._turn_by(turn)
        return turn

    def _turn_by(self, turn: int) -> None:
        self._matrix = _turned(self._matrix, turn, self.width, self.height)
        self._characters, self.turn = None, turn

    def annotations(self) -> Annotations:
        """Return what stands above the page's own content; nothing once the page is flattened."""
        return read_annotations(self._page)

    def flattened(self) -> PdfPage:
        """Return the page with its annotations made part of its content; pictures are drawn from it from now on.

        The page itself keeps the characters it has. The new one is closed with it.

        Raises:
            BrokenDocument: the page cannot be loaded again.
        """
        if self._flat is None:
            flatten(self._page)
            self._flat = _opened(self._page.pdf, self._index)
            if self.turn:
                self._flat._turn_by(self.turn)
        return self._flat

    def shown_box(self, corners: Corners) -> Box:
        """Return the box between two opposite corners in page space as shown."""
        return Box(*map(float, self._shown_boxes(np.array([corners], float))[0]))

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the page as its text stands upright."""
        return (self.height, self.width) if self.turn % 180 else (self.width, self.height)

    @property
    def text(self) -> PageText:
        """The page's text, opened on first use."""
        if self._text is None:
            self._text = PageText(self._page)
        return self._text

    def characters(self) -> RawCharacters:
        """Return all characters with their places as shown."""
        if self._characters is None:
            found = self.text.characters()
            self._characters = RawCharacters(
                found.codes, self._shown_boxes(found.boxes), self._shown(found.origins), found.sizes
            )
        return self._characters

    def ink_boxes(self, places: list[int]) -> Floats:
        """Return the box round the ink of the characters at ``places``, as shown."""
        return self._shown_boxes(self.text.ink_boxes(places))

    def drawing(self) -> Drawing:
        """Return ruling lines and pictures; looks at ``_MOST_OBJECTS`` objects at most."""
        rules: list[tuple[float, float, float, float]] = []
        pictures: list[tuple[float, float, float, float]] = []
        seen = paths = 0
        for item, kind, matrix in objects(self._page.raw):
            seen += 1
            if seen > _MOST_OBJECTS:
                break
            if kind == raw.FPDF_PAGEOBJ_PATH:
                paths += 1
                rules.extend(path_rules(item, matrix))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                pictures.append(moved(bounds(item), matrix))
        shown = self._shown_boxes(np.array(pictures, float).reshape(-1, 4))
        inside = [self._clip(Box(*map(float, row))) for row in shown]
        return Drawing(
            rules=self._shown_boxes(np.array(rules, float).reshape(-1, 4)),
            pictures=tuple(box for box in inside if box.x1 - box.x0 > 1 and box.y1 - box.y0 > 1),
            paths=paths,
            cut=seen > _MOST_OBJECTS,
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
        if self._flat is not None:
            return self._flat.picture(dpi, grey=grey)
        bitmap = self._page.render(scale=dpi / 72, grayscale=grey, may_draw_forms=False)
        try:
            image: Image.Image = bitmap.to_pil().copy()
        finally:
            bitmap.close()
        return image

    def _shown(self, points: Floats) -> Floats:
        return points @ self._matrix[:, :2].T + self._matrix[:, 2]

    def _shown_boxes(self, boxes: Floats) -> Floats:
        """Return boxes given by two opposite corners in page space as ``x0, y0, x1, y1`` on the page as shown."""
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
    """An open PDF; one that is only restricted opens too.

    Raises:
        EncryptedDocument: it needs a password.
        BrokenDocument: PDFium finds no PDF in it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
            self._document.init_forms()  # without effect where there is no form
        except pdfium.PdfiumError as problem:
            raise _open_error(str(problem)) from problem

    def __len__(self) -> int:
        return len(self._document)

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._document.close()

    def page(self, index: int) -> PdfPage:
        """Open page ``index`` (from 0); close it after use.

        Raises:
            BrokenDocument: the page cannot be loaded.
        """
        return _opened(self._document, index)

    def signatures(self) -> int:
        """Number of digital signatures given (fields for them may be empty)."""
        count = min(max(0, int(raw.FPDF_GetSignatureCount(self._document.raw))), _MOST_OBJECTS)
        signed = (raw.FPDF_GetSignatureObject(self._document.raw, at) for at in range(count))
        return sum(int(raw.FPDFSignatureObj_GetContents(one, None, 0)) > 0 for one in signed if one)

    def attached(self) -> int:
        """Number of files embedded in the document as a whole."""
        return max(0, int(raw.FPDFDoc_GetAttachmentCount(self._document.raw)))

    def is_xfa(self, has_fields: bool) -> bool:
        """Tell whether it is an XFA form whose content only Acrobat can show (many have plain fields besides)."""
        kind = raw.FPDF_GetFormType(self._document.raw)
        return kind == raw.FORMTYPE_XFA_FULL or (kind == raw.FORMTYPE_XFA_FOREGROUND and not has_fields)


def _opened(document: Any, index: int) -> PdfPage:
    try:
        return PdfPage(document[index], index)
    except pdfium.PdfiumError as problem:
        raise error("broken") from problem


def render(path: Path, page: int, dpi: float) -> Image.Image:
    """Return page ``page`` (from 1) of a PDF as a picture, for the review page.

    Raises:
        EncryptedDocument, BrokenDocument: the file or the page cannot be opened.
    """
    with _LOCK, PdfFile(path) as document:
        if not 1 <= page <= len(document):
            raise error("broken")
        opened = document.page(page - 1)
        try:
            return opened.picture(dpi)
        finally:
            opened.close()


def _open_error(reason: str) -> DocumentError:
    return error("encrypted" if "assword" in reason or "ecurity" in reason else "broken")


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
