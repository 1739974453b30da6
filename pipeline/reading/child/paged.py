"""Documents with pages (PDF, pictures), inside the child: pages go down the pipe one by one, blocks at the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

from pipeline.blocks import Block, Box, HiddenText
from pipeline.reading.child.remarks import remarks
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.joining import row_text
from pipeline.reading.layout.pages import PageReading, TableRow, page_from_json, page_to_json
from pipeline.reading.limits import Limits
from pipeline.reading.ocr.picture_files import read_image
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.outcomes import TOLD_OF_PAGES
from pipeline.reading.pdf.pdfium import render
from pipeline.reading.pdf.reader import read_pdf
from pipeline.reading.pdf.rebuild import repaired_copy
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Member, Note, Result
from rubric.exceptions import BrokenDocument, EmptyDocument

A4 = (595.0, 842.0)
"""Stands for the size of a page that could not be read."""

PICTURE = "page.png"
SCREEN = 2000
"""Longest side of a picture for the screen, in pixels."""

Send = Callable[[bytes], None]


class EnoughRead(BaseException):
    """The limit of text is reached; not an Exception, so that no reader's own handling of bad pages catches it."""


class PageCollector:
    """Sends each page down the pipe, keeps it for the assembly, and stops at the limit of text."""

    def __init__(self, send: Send, limits: Limits) -> None:
        self.pages: list[PageReading] = []
        self.of = 0
        self._send = send
        self._left = limits.text_characters

    def opened(self, pages: int) -> None:
        """Tell the parent how many pages there are."""
        self.of = pages
        self._send(wire.message("open", 0, pages))

    def add(self, page: PageReading) -> None:
        """Take a page in; raises :class:`EnoughRead` where the limit of text is passed."""
        self._left -= _characters(page)
        if self._left < 0:
            raise EnoughRead
        self.pages.append(page)
        self._send(wire.message("page", page.page, self.of, page_to_json(page)))


def read_pages(job: Job, send: Send) -> Result:
    """Read a PDF or a picture; the pages from ``job.first_page`` on. A PDF that will not open is repaired first."""
    Image.MAX_IMAGE_PIXELS = job.limits.image_pixels
    collector = PageCollector(send, job.limits)
    path = Path(job.path)
    try:
        return _read(job, path, collector)
    except (BrokenDocument, EmptyDocument):
        if job.kind != "pdf" or collector.of:
            raise
        result = _read(job, repaired_copy(path, Path(job.scratch)), collector)
        return replace(result, notes=(Note("repaired"), *result.notes))


def ocr_settings(job: Job) -> OcrSettings | None:
    """How OCR is done; None where it is switched off."""
    if not job.ocr:
        return None
    cache, recognised = (Path(folder) if folder else None for folder in (job.cache, job.recognised))
    return OcrSettings(cache=cache, page_timeout=job.limits.page_seconds, document=recognised)


def _read(job: Job, path: Path, collector: PageCollector) -> Result:
    ocr = ocr_settings(job)
    notes: list[Note] = []
    try:
        if job.kind == "pdf":
            pages = read_pdf(
                path,
                on_page=collector.add,
                on_open=collector.opened,
                ocr=ocr,
                first_page=job.first_page,
                max_pages=job.limits.pages,
            )
        else:
            pages = read_image(
                path, on_page=collector.add, on_open=collector.opened, ocr=ocr, limits=job.limits
            )
    except EnoughRead:
        pages = collector.of
        notes.append(Note("text_left_out"))
    if pages > job.limits.pages:
        notes.append(Note("pages_left_out", details={"last": job.limits.pages, "pages": pages}))
    if job.task == "lines":
        return replace(
            _result([], pages, notes),
            blocks=tuple(storable(_lines(collector.pages))),
            page_sizes=_sizes(collector.pages, pages),
        )
    if job.kind == "pdf":
        notes += remarks(path, collector.pages)
    return _result(collector.pages, pages, notes)


def _lines(pages: list[PageReading]) -> Iterable[Block]:
    """One block per line or row, as they stand on the pages; running heads too."""
    for page in pages:
        for element in page.elements:
            if not isinstance(element, TableRow):
                yield Block(page.page, "paragraph", element.text, (element.box,))
            elif any(element.cells):
                yield Block(page.page, "table_row", row_text(element.cells), element.boxes)


def assemble_spool(spool: Path) -> Result:
    """Make a result of the pages that children sent before they died: one page of JSON per line in ``spool``."""
    lines = spool.read_text("utf-8").splitlines()
    pages = [page_from_json(line) for line in lines if line]
    return _result(pages, None, [])


def render_page(job: Job) -> Result:
    """Draw page ``job.first_page`` of a PDF or picture file into a PNG in the scratch directory."""
    Image.MAX_IMAGE_PIXELS = job.limits.image_pixels
    path = Path(job.path)
    picture = render(path, job.first_page, job.dpi) if job.kind == "pdf" else _frame(path, job.first_page)
    picture.save(Path(job.scratch) / PICTURE, compress_level=1)
    return Result(members=(Member(PICTURE, PICTURE),))


def _frame(path: Path, number: int) -> Image.Image:
    """Return a picture file's page, upright, fit for a screen."""
    with Image.open(path) as opened:
        opened.seek(number - 1)
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((SCREEN, SCREEN))
    return upright


def _result(pages: list[PageReading], of: int | None, notes: list[Note]) -> Result:
    return Result(
        blocks=tuple(storable(assemble(pages))),
        notes=(*notes, *_page_notes(pages)),
        pages=of,
        page_sizes=_sizes(pages, of),
        page_read_by=tuple(page.read_by for page in pages),
        links=tuple(dict.fromkeys(wire.clean(link) for page in pages for link in page.links)),
        hidden=tuple(
            HiddenText(page.page, wire.clean(one.text), one.how)  # type: ignore[arg-type]
            for page in pages
            for one in page.unseen
        ),
    )


def _page_notes(pages: list[PageReading]) -> Iterable[Note]:
    for page in pages:
        for why in page.problems:
            told = why in TOLD_OF_PAGES
            yield Note(why, page.page) if told else Note("page_unreadable", page.page, {"why": why})


def _sizes(pages: list[PageReading], of: int | None) -> tuple[tuple[float, float], ...]:
    """Size of every page up to the last one read; a page that was not read is shown as A4."""
    known = {page.page: (page.width, page.height) for page in pages}
    last = max(known, default=0) if of is None else min(of, max(known, default=0))
    return tuple(known.get(number, A4) for number in range(1, last + 1))


def storable(blocks: Iterable[Block]) -> list[Block]:
    """Drop what no store can hold: control characters, boxes that are not numbers, blocks without text."""
    kept = []
    for block in blocks:
        text = wire.clean(block.text).replace("\n", " ").strip()
        if text:
            boxes = tuple(box for box in block.boxes if _finite(box))
            path = tuple(wire.clean(heading) for heading in block.heading_path)
            header = wire.clean(block.table_header)
            more = tuple((page, box) for page, box in block.more_boxes if _finite(box))
            kept.append(
                replace(
                    block, text=text, boxes=boxes, heading_path=path, table_header=header, more_boxes=more
                )
            )
    return kept


def _finite(box: Box) -> bool:
    return all(math.isfinite(value) for value in box)


def _characters(page: PageReading) -> int:
    return sum(
        sum(map(len, element.cells)) if isinstance(element, TableRow) else len(element.text)
        for element in page.elements
    )
