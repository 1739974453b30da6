"""What is told of a PDF as a whole besides its pages: signatures, comments, attached files, forms that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.reading.layout.pages import PageReading
from pipeline.reading.pdf.pdfium import PdfFile
from pipeline.reading.sandbox.wire import Note


def remarks(path: Path, pages: Sequence[PageReading]) -> list[Note]:
    """Return notes on the PDF at ``path``, whose ``pages`` were read."""
    with PdfFile(path) as document:
        signatures, attached = document.signatures(), document.attached()
        xfa = document.is_xfa(any(page.fields for page in pages))
    notes = [Note("xfa_form")] if xfa else []
    counts = {
        "signed": signatures,
        "comments": sum(page.comments for page in pages),
        "attachments": attached + sum(page.attached for page in pages),
    }
    return notes + [Note(code, details={"count": count}) for code, count in counts.items() if count]
