"""Shows a reading to people and programs: plain text, the JSON of docs/contract, a web page with boxes on the pages."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from pipeline.blocks import Block, Box, DocumentReading
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.show.page_picture import page_picture
from pipeline.reading.show.page_view import page_view
from rubric.exceptions import DocumentError
from rubric.language import Bilingual, Language

MARKS = {"heading": "#", "list_item": "-", "caption": "*", "table_row": "", "paragraph": ""}
READ_BY = {
    "text": Bilingual("อ่านจากข้อความ", "read from text"),
    "ocr": Bilingual("อ่านด้วย OCR", "read by OCR"),
    "mixed": Bilingual("อ่านจากข้อความและ OCR", "read from text and by OCR"),
    "failed": Bilingual("อ่านไม่ได้", "could not be read"),
}
PAGE = Bilingual("หน้า", "page")
PAGES = Bilingual("หน้า", "pages")
MOST_PAGES = 100
"""Pages drawn into one web page."""
COLOURS = {
    "heading": "#b3261e",
    "paragraph": "#1f5fbf",
    "list_item": "#0b7a4b",
    "table_row": "#7a4b0b",
    "caption": "#6a1f9f",
}
STYLE = """
body{font:16px/1.7 "Sarabun","Noto Sans Thai Looped",sans-serif;margin:1.5rem;color:#1d1b20;background:#fff}
section{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.5rem;border-top:1px solid #bbb;padding:1rem 0}
svg{width:100%;height:auto;border:1px solid #bbb}
rect{fill-opacity:.08;stroke-width:.8}
rect:hover{fill-opacity:.3}
ol{margin:0;padding-left:3rem}
li{overflow-wrap:anywhere}
small{color:#5f5b66}
@media(max-width:60rem){section{grid-template-columns:1fr}}
"""


def as_json(readings: Sequence[DocumentReading], archive: bool = True) -> str:
    """Return the readings as JSON: one object for a document, a list for an archive of several.

    Args:
        archive: the file is a zip. Any other file is one object: the first document with something to read in it,
            the others under ``attachments``.
    """
    data: list[dict[str, Any]] = [reading_data(reading) for reading in readings]
    if archive and len(data) > 1:
        return json.dumps(data, ensure_ascii=False, indent=1)
    first = next((one for one in data if one["blocks"]), data[0])
    rest = [one for one in data if one is not first]
    return json.dumps({**first, "attachments": rest} if rest else first, ensure_ascii=False, indent=1)


def reading_data(reading: DocumentReading) -> dict[str, Any]:
    """Return a reading in the shape of ``khetcheck read FILE --json``."""
    return {
        "file": reading.file,
        "sha256": reading.sha256,
        "pages": reading.pages,
        "read_by": reading.read_by,
        "problems": [problem.message.en for problem in reading.problems],
        "problems_th": [problem.message.th for problem in reading.problems],
        "problem_codes": [{"code": problem.code, "page": problem.page} for problem in reading.problems],
        "page_sizes": [list(size) for size in reading.page_sizes],
        "links": list(reading.links),
        "blocks": [block_data(block) for block in reading.blocks],
    }


def block_data(block: Block) -> dict[str, Any]:
    """Return a block in the same shape; boxes in PDF points from the top left, rounded to a hundredth."""
    return {
        "page": block.page,
        "type": block.type,
        "text": block.text,
        "boxes": [_rounded(box) for box in block.boxes],
        "read_by": block.read_by,
        "level": block.level,
        "heading_path": list(block.heading_path),
        "table_header": block.table_header,
        "more_boxes": [{"page": page, "box": _rounded(box)} for page, box in block.more_boxes],
        "doubtful": block.doubtful,
        "confidence": block.confidence,
        "doubtful_numbers": list(block.doubtful_numbers),
    }


def as_text(reading: DocumentReading, language: Language = "th") -> str:
    """Return a reading as lines of text: what it is, what is wrong with it, then its blocks page by page."""
    lines = [_title(reading, language)]
    lines += [f"! {problem.message.told(language)}" for problem in reading.problems]
    page: int | None = None
    for block in reading.blocks:
        if block.page is not None and block.page != page:
            page = block.page
            lines += ["", f"— {PAGE.told(language)} {page} —"]
        mark = MARKS[block.type] * (block.level or 1)
        lines.append(f"{mark} {block.text}".strip())
    if reading.links:
        lines += ["", *(f"→ {link}" for link in reading.links)]
    return "\n".join(lines)


def as_html(
    reading: DocumentReading, path: Path, language: Language = "th", limits: Limits = DEFAULT_LIMITS
) -> str:
    """Return a web page, whole in itself: each page's picture with the blocks' boxes, and the blocks beside it.

    A Word file is shown on the pages that LibreOffice makes of it, where it is installed.
    """
    with tempfile.TemporaryDirectory(prefix="khetcheck-") as scratch:
        pages = page_view(reading, path, Path(scratch), limits=limits)
        sections = list(_sections(pages.reading, pages.drawable, language, limits))
    problems = "".join(f"<li>{escape(problem.message.told(language))}</li>" for problem in reading.problems)
    head = f"<p><em>{escape(pages.note.told(language))}</em></p>" if pages.note else ""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(reading.file)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(_title(reading, language))}</h1>"
        f"{head}<ul>{problems}</ul>{''.join(sections)}</body></html>\n"
    )


def _title(reading: DocumentReading, language: Language) -> str:
    pages = f" · {reading.pages} {PAGES.told(language)}" if reading.pages is not None else ""
    return f"{reading.file} · {READ_BY[reading.read_by].told(language)}{pages}"


def _sections(
    reading: DocumentReading, drawable: Path | None, language: Language, limits: Limits
) -> Iterator[str]:
    loose = [(number, block) for number, block in enumerate(reading.blocks, 1) if block.page is None]
    for page, size in enumerate(reading.page_sizes[:MOST_PAGES], 1):
        here = [(n, block) for n, block in enumerate(reading.blocks, 1) if page in _pages_of(block)]
        drawing = _drawing(drawable, page, size, here, limits) if drawable else ""
        yield f"<section><div><h2>{PAGE.told(language)} {page}</h2>{drawing}</div>{_list(here)}</section>"
    if loose:
        yield f"<section><div></div>{_list(loose)}</section>"


def _pages_of(block: Block) -> set[int]:
    return {page for page in (block.page, *(page for page, _ in block.more_boxes)) if page is not None}


def _drawing(
    path: Path, page: int, size: tuple[float, float], blocks: list[tuple[int, Block]], limits: Limits
) -> str:
    try:
        picture = base64.b64encode(page_picture(path, page, dpi=90, limits=limits)).decode()
    except DocumentError as error:
        return f"<p>{escape(error.message.th)}</p>"
    width, height = size
    boxes = "".join(_rectangle(n, block, box) for n, block in blocks for box in _boxes_on(block, page))
    return (
        f'<svg viewBox="0 0 {width:.1f} {height:.1f}"><image href="data:image/png;base64,{picture}" '
        f'width="{width:.1f}" height="{height:.1f}"/>{boxes}</svg>'
    )


def _boxes_on(block: Block, page: int) -> list[Box]:
    own = list(block.boxes) if block.page == page else []
    return own + [box for where, box in block.more_boxes if where == page]


def _rectangle(number: int, block: Block, box: Box) -> str:
    colour = COLOURS[block.type]
    return (
        f'<rect x="{box.x0:.1f}" y="{box.y0:.1f}" width="{max(0.0, box.x1 - box.x0):.1f}" '
        f'height="{max(0.0, box.y1 - box.y0):.1f}" fill="{colour}" stroke="{colour}">'
        f"<title>{number} {block.type}: {escape(block.text[:200])}</title></rect>"
    )


def _list(blocks: list[tuple[int, Block]]) -> str:
    items = "".join(
        f'<li value="{number}">{escape(block.text)} <small>{block.type} · {block.read_by}</small></li>'
        for number, block in blocks
    )
    return f"<ol>{items}</ol>"


def _rounded(box: Box) -> list[float]:
    return [round(value, 2) for value in box]
