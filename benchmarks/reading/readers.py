"""Other readers of PDF text, each by its plainest call, to stand beside ours."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path


def khetcheck(path: Path) -> str:
    """Blocks with boxes, repaired; pages without usable text by OCR."""
    from pipeline.reading.layout.assemble import assemble
    from pipeline.reading.layout.pages import PageReading
    from pipeline.reading.ocr.tesseract import OcrSettings
    from pipeline.reading.pdf.reader import read_pdf

    pages: list[PageReading] = []
    read_pdf(path, on_page=pages.append, ocr=OcrSettings())
    return "\n".join(block.text for block in assemble(pages))


def pdfium(path: Path) -> str:
    """The floor: text alone, no places."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    parts = []
    for page in document:
        text = page.get_textpage()
        parts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return "\n".join(parts)


def pymupdf(path: Path) -> str:
    import pymupdf

    with pymupdf.open(path) as document:
        return "\n".join(page.get_text() for page in document)


def poppler(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def pdfminer(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(path))


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def kreuzberg(path: Path) -> str:
    import kreuzberg

    return str(kreuzberg.extract_file_sync(str(path)).content)


def markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return str(MarkItDown().convert(str(path)).text_content)


READERS: dict[str, Callable[[Path], str]] = {
    "khetcheck": khetcheck,
    "pdfium (text only)": pdfium,
    "PyMuPDF": pymupdf,
    "poppler": poppler,
    "kreuzberg": kreuzberg,
    "pypdf": pypdf,
    "pdfplumber": pdfplumber,
    "pdfminer.six": pdfminer,
    "markitdown": markitdown,
}


def scratch() -> Path:
    """Return a new directory for files that the benchmark makes."""
    return Path(tempfile.mkdtemp(prefix="khetcheck-benchmark-"))
