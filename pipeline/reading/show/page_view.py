"""The pages on which a document is shown to a reviewer: its own, or those that LibreOffice makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.blocks import DocumentReading
from pipeline.reading import libreoffice
from pipeline.reading.detect import IMAGES, detect
from pipeline.reading.document import read_lines, read_pictures
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.show.placement import place, place_recognised
from rubric.exceptions import DocumentError
from rubric.language import Bilingual

PAGES_DIFFER = Bilingual(
    "ไฟล์นี้ไม่มีเลขหน้าในตัว หน้าที่แสดงสร้างโดย LibreOffice และอาจไม่ตรงกับใน Word",
    "This file has no pages of its own; those shown are made by LibreOffice and may differ from Word's.",
)


@dataclass(frozen=True, slots=True)
class PageView:
    """A document made ready for showing page by page.

    Attributes:
        reading: with pages, page sizes and boxes wherever they could be found.
        drawable: the PDF or picture whose pages ``page_picture`` draws; None where there are no pages to show.
        note: what must be said to the reviewer about these pages.
    """

    reading: DocumentReading
    drawable: Path | None
    note: Bilingual | None = None


def page_view(
    reading: DocumentReading, path: Path, into: Path, *, limits: Limits = DEFAULT_LIMITS
) -> PageView:
    """Make a document's page view.

    Args:
        reading: what ``read_file`` made of ``path``.
        path: the file.
        into: directory for the PDF that is made of an Office file; keep it as long as the view is in use.
        limits: bounds of the conversion.
    """
    kind = detect(path)
    if kind == "pdf" or kind in IMAGES:
        return PageView(reading, path)
    if reading.read_by == "failed" or kind == "zip":
        return PageView(reading, None)
    try:
        made = libreoffice.as_pdf(path, into, limits=limits)
    except DocumentError:
        return PageView(reading, None)
    if reading.pages is not None:  # slides: their reading was itself made from such a PDF
        return PageView(reading, made)
    shown = read_lines(made, limits=limits)
    blocks = place(reading.blocks, shown.blocks)
    if any(block.read_by == "ocr" for block in blocks):
        blocks = place_recognised(blocks, read_pictures(made, limits=limits).blocks)
    placed = replace(reading, blocks=blocks, page_sizes=shown.page_sizes)
    return PageView(placed, made, PAGES_DIFFER)
