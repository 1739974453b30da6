"""Whom to believe about a page: its text as PDFium reads it, a second reader, or its picture.

Most pages are believed at once. A doubted one is read again, and of all that was read the best is kept: by the share of
Thai and of dictionary words, never by length, since garbage is long. What is doubtful after all is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.blocks import Box
from pipeline.reading.belief.doubts import bold_text, marked, text_of
from pipeline.reading.belief.quality import DOUBTFUL, Quality, judge, worth
from pipeline.reading.layout.arrange import Elements, OpenTable, arrange
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.layout.span import Span
from pipeline.reading.ocr.scanned_page import read_scan
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.pdf.characters import Glyphs, read_glyphs
from pipeline.reading.pdf.layout import lay_out
from pipeline.reading.pdf.pdfium import Drawing, PdfPage
from pipeline.reading.pdf.second_reader import SecondReader
from pipeline.reading.thai import Faults, FontFaults

_COVERS = 0.55  # share of the page that pictures cover on a scan
_PICTURED = 0.2  # share from which pictures may hold the text of a page with little of its own
_MANY_PATHS = 60  # letters drawn as outlines make many paths on a page without text
_FEW = (
    160  # visible characters: a page of pictures with no more text than this may hold the rest as a picture
)
_BETTER = (
    0.03  # by so much another reader must be better: what is drawn as text has at least its digits right
)
_TIRED = 1  # fruitless looks into all fonts after which a page of many names is no reason for another
_WHOLE_PAGES = ""  # under this name of no font the looks are counted
_MORE = 1.5  # so many times more letters the picture of a page with little text must hold


@dataclass(frozen=True, slots=True)
class Overlay:
    """What annotations show above a page's own content: filled fields, typed text, stamps.

    Attributes:
        spans: all of it.
        unseen: those of them that the page's picture does not show.
    """

    spans: tuple[Span, ...] = ()
    unseen: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtedPage:
    """What is known of a page when its text is to be believed or not.

    Attributes:
        page: the open page.
        glyphs: its characters.
        drawing: its rules and pictures.
        faults: what is known of the document's fonts.
        second: another reader of the same file, if there is one.
        overlay: what annotations show on it.
        above: a table without rules that ran into the end of the page before.
    """

    page: PdfPage
    glyphs: Glyphs
    drawing: Drawing
    faults: FontFaults
    second: SecondReader | None
    overlay: Overlay = Overlay()
    above: OpenTable | None = None

    @property
    def covered(self) -> float:
        """The share of the page under its pictures (strips of one scan add up)."""
        return _area(self.drawing.pictures) / max(self.page.width * self.page.height, 1.0)

    def is_invisible(self) -> bool:
        """Tell whether the text is the hidden layer of a scanner's own OCR, which is not to be trusted with Thai."""
        sample = self.glyphs.places[:: max(1, len(self.glyphs) // 8)].tolist()
        hidden = [self.page.text.is_invisible(place) for place in sample]
        return sum(hidden) > 0.6 * len(hidden)


def believed(doubted: DoubtedPage, reading: PageReading, ocr: OcrSettings | None) -> PageReading:
    """Return the page as the reader tells it that is to be believed, with a problem where none is.

    Args:
        doubted: the page and what is known of it.
        reading: the page as PDFium's text tells it.
        ocr: how to read its picture; None where that is switched off.
    """
    quality = judge(text_of(reading.elements), sampled=True, apart=bold_text(reading.elements))
    if doubted.overlay.spans:
        reading = replace(reading, elements=_laid_out(doubted))
        if quality.verdict == "little" and doubted.covered <= _PICTURED:
            quality = judge(text_of(reading.elements))
    if quality.verdict in ("unsure", *DOUBTFUL):
        reading, quality = _closer_look(doubted, reading, quality)
    if quality.verdict in DOUBTFUL:
        reading, quality = _second_opinion(doubted, reading, quality)
    if quality.verdict in DOUBTFUL or _may_be_picture(doubted, quality):
        return _from_picture(doubted, reading, quality, ocr)
    return _told(reading, quality)


def _laid_out(doubted: DoubtedPage, thorough: bool = False) -> Elements:
    """Return lines and rows of the page's own text together with what annotations show."""
    return lay_out(
        doubted.page,
        doubted.glyphs,
        doubted.drawing.rules,
        doubted.faults,
        thorough=thorough,
        overlay=doubted.overlay.spans,
        above=doubted.above,
    )


def _closer_look(doubted: DoubtedPage, reading: PageReading, quality: Quality) -> tuple[PageReading, Quality]:
    """Return the page with every font looked into, where that helps."""
    looks = doubted.faults.setdefault(_WHOLE_PAGES, Faults())
    if quality.verdict == "unsure" and looks.fruitless >= _TIRED:
        return reading, quality
    elements = _laid_out(doubted, thorough=True)
    text = text_of(elements)
    if worth(text) <= worth(text_of(reading.elements)):
        looks.fruitless += 1
        return reading, quality
    return replace(reading, elements=elements), judge(text, sampled=True)


def _second_opinion(
    doubted: DoubtedPage, reading: PageReading, quality: Quality
) -> tuple[PageReading, Quality]:
    """Return what the second reader makes of the page where that is better."""
    page, drawing = doubted.page, doubted.drawing
    if doubted.second is None or page.turn:
        return reading, quality
    other = doubted.second.page(
        reading.page - 1, page.width, page.height, len(page.characters().codes), drawing.paths
    )
    if other is None:
        return reading, quality
    elements = lay_out(
        other,
        read_glyphs(other),
        drawing.rules,
        doubted.faults,
        overlay=doubted.overlay.spans,
        above=doubted.above,
    )
    text = text_of(elements)
    if worth(text) <= worth(text_of(reading.elements)) + _BETTER:
        return reading, quality
    return replace(reading, elements=elements), judge(text, sampled=True)


def _may_be_picture(doubted: DoubtedPage, quality: Quality) -> bool:
    """Tell whether the page's picture may hold what its text does not."""
    if quality.verdict == "little":
        return doubted.covered > _PICTURED or doubted.drawing.paths >= _MANY_PATHS
    if doubted.covered < _COVERS:
        return False
    return quality.visible < _FEW or not quality.thai or doubted.is_invisible()


def _from_picture(
    doubted: DoubtedPage, reading: PageReading, quality: Quality, ocr: OcrSettings | None
) -> PageReading:
    """Return the page as read from its picture, or its text where the picture tells less."""
    page = doubted.page
    picture = page.picture(ocr.dpi if ocr else 50, grey=True)
    scan = read_scan(picture, reading.page, page.width, page.height, ocr, reading.pictures)
    scan = replace(
        scan, links=reading.links, comments=reading.comments, attached=reading.attached, fields=reading.fields
    )
    if not quality.visible or (scan.elements and _is_better(scan.elements, reading, quality, doubted)):
        unseen = doubted.overlay.unseen
        return replace(scan, elements=(*scan.elements, *arrange(unseen, []))) if unseen else scan
    if scan.elements or not scan.problems:
        return _told(reading, quality)
    return _told(replace(reading, problems=scan.problems), quality)


def _is_better(scan: Elements, reading: PageReading, quality: Quality, doubted: DoubtedPage) -> bool:
    """Tell whether the picture tells the page better than its text does."""
    read, text = text_of(scan), text_of(reading.elements)
    seen = judge(read)
    if quality.verdict == "broken":
        return seen.verdict != "broken" or worth(read) > worth(text)
    if quality.verdict not in DOUBTFUL and seen.visible > _MORE * quality.visible:
        return seen.verdict != "broken"
    hidden = doubted.covered >= _COVERS and (not quality.thai or doubted.is_invisible())
    if hidden or quality.verdict in DOUBTFUL:
        return worth(read) > worth(text) + (0.0 if hidden else _BETTER)
    return False


def _told(reading: PageReading, quality: Quality) -> PageReading:
    """Mark what is doubtful, and tell it as a problem of the page."""
    if quality.verdict == "unsure":
        return replace(reading, problems=(*reading.problems, "letters_unsure"))
    if quality.verdict not in DOUBTFUL:
        return reading
    elements = marked(reading.elements, whole=quality.verdict == "broken")
    return replace(reading, elements=elements, problems=(*reading.problems, "letters_doubtful"))


def _area(boxes: tuple[Box, ...]) -> float:
    return sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in boxes)
