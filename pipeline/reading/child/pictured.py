"""Reads the large pictures on the pages that LibreOffice made of a Word file, to find where their text stands.

The file itself was read before; this is for the page view alone, so nothing else on the pages is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from pipeline.blocks import Block, Box
from pipeline.reading.child.paged import ocr_settings, storable
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.ocr.scanned_page import read_scan
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.ooxml.word_pictures import A4_LONG, MOST_ENLARGED
from pipeline.reading.pdf.pdfium import PdfFile, PdfPage
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Result

LARGE = 0.2
"""Share of the whole page; a third of the page within its margins."""


def read_pictured(job: Job, send: Callable[[bytes], None]) -> Result:
    """Return blocks with places of what stands in large pictures, in order of pages."""
    ocr = ocr_settings(job)
    blocks: list[Block] = []
    if ocr is None:
        return Result()
    with PdfFile(Path(job.path)) as document:
        for number in range(1, min(len(document), job.limits.pages) + 1):
            page = document.page(number - 1)
            try:
                for found in _pictures(page, number, ocr):
                    blocks += found
                    send(wire.message("open"))
            finally:
                page.close()
    return Result(blocks=tuple(storable(blocks)))


def _pictures(page: PdfPage, number: int, ocr: OcrSettings) -> Iterator[list[Block]]:
    least = LARGE * page.width * page.height
    large = [box for box in page.drawing().pictures if (box.x1 - box.x0) * (box.y1 - box.y0) >= least]
    for box in sorted(large, key=lambda box: (box.y0, box.x0)):
        scale = min(max(A4_LONG / max(box.x1 - box.x0, box.y1 - box.y0), 1.0), MOST_ENLARGED)
        dots = scale * ocr.dpi / 72
        drawn = page.picture(scale * ocr.dpi, grey=True)
        crop: Image.Image = drawn.crop(tuple(round(side * dots) for side in box))  # type: ignore[arg-type]
        width, height = scale * (box.x1 - box.x0), scale * (box.y1 - box.y0)
        read = assemble([read_scan(crop, number, width, height, ocr)])
        yield [replace(one, boxes=tuple(_back(line, box, scale) for line in one.boxes)) for one in read]


def _back(line: Box, box: Box, scale: float) -> Box:
    """Return a line's box in the picture as one on the page."""
    x0, y0, x1, y1 = (value / scale for value in line)
    return Box(box.x0 + x0, box.y0 + y0, box.x0 + x1, box.y0 + y1)
