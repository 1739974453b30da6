"""What is told of a Word file as a whole besides its text: signatures, comments, embedded files."""

from __future__ import annotations

from pathlib import Path

from pipeline.reading.limits import Limits
from pipeline.reading.ooxml.embedded import embedded_count
from pipeline.reading.ooxml.package import Package
from pipeline.reading.ooxml.word_package import Element
from pipeline.reading.ooxml.word_text import W
from pipeline.reading.sandbox.wire import Note

SIGNATURES = "_xmlsignatures/sig"


def remarks(path: Path, root: Element, limits: Limits) -> list[Note]:
    """Return notes on the Word file at ``path`` whose main part has this ``root``."""
    with Package(path, limits) as package:
        signatures = package.count(SIGNATURES)
    counts = {
        "signed": signatures,
        "comments": sum(1 for _ in root.iter(W + "commentReference")),
        "attachments": embedded_count(root),
    }
    return [Note(code, details={"count": count}) for code, count in counts.items() if count]
