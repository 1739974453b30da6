"""Reads a PDF in this process, as the sandbox's child does, and gives pages and blocks."""

from pathlib import Path

from pipeline.blocks import Block
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.pdf.reader import read_pdf


def pages_of(path: Path, ocr: OcrSettings | None = None) -> list[PageReading]:
    pages: list[PageReading] = []
    read_pdf(path, on_page=pages.append, ocr=ocr)
    return pages


def blocks_of(path: Path, ocr: OcrSettings | None = None) -> list[Block]:
    return assemble(pages_of(path, ocr))


def told(path: Path) -> list[tuple[str, str]]:
    """Type and text of each block."""
    return [(block.type, block.text) for block in blocks_of(path)]
