"""Reads the PDFs of a gold set and prints how much of their source came out right.

usage: python -m benchmarks.reading.gold GOLD_DIR [--misses] [--only d01/plan.pdf] [--no-ocr]

GOLD_DIR holds ``inbox/<id>/<file>`` and ``gold/<id>/blocks.json``. How a file was made (clean, damaged, scan) is told by
its own look: a scan has no text, a damaged one names Acrobat Distiller as its producer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reading.boxes import share_under_boxes
from benchmarks.reading.scores import Score, score
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.pdf.reader import read_pdf
from rubric.exceptions import DocumentError


@dataclass(slots=True)
class Measured:
    """What was found for one kind of file."""

    score: Score = field(default_factory=Score)
    boxes_right: int = 0
    boxes: int = 0
    wrong_boxes: list[str] = field(default_factory=list)


def measure(
    folder: Path,
    *,
    use_ocr: bool = True,
    only: str = "",
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Measured]:
    """Read the PDFs of a gold set and hold them against their sources.

    Args:
        folder: holds ``inbox/<id>/<file>`` and ``gold/<id>/blocks.json``.
        use_ocr: read scans.
        only: part of the names (``id/file``) to read.
        cache: where OCR results are kept.
        tell: called with a line per file.

    Returns:
        Counts by kind of file: ``clean``, ``damaged``, ``scan``.
    """
    found: dict[str, Measured] = defaultdict(Measured)
    for path in sorted((folder / "inbox").glob("*/*.pdf")):
        name = f"{path.parent.name}/{path.name}"
        gold = [block for block in _gold(folder, path) if block["document"] == path.name]
        if only not in name or not gold:
            continue
        pages: list[PageReading] = []
        start = time.process_time()
        try:
            read_pdf(path, on_page=pages.append, ocr=OcrSettings(cache=cache) if use_ocr else None)
        except DocumentError as error:
            tell(f"{name:18s} {error.message.en}")
            continue
        blocks = assemble(pages)
        spent = (time.process_time() - start) / max(len(pages), 1) * 1000
        kind = look(path, pages)
        result = score(gold, blocks)
        tell(f"{name:18s} {kind:8s} {spent:7.1f} ms/page {result.line()}")
        found[kind].score.add(result)
        if kind != "scan":
            right, of, wrong = share_under_boxes(path, blocks)
            found[kind].boxes_right += right
            found[kind].boxes += of
            found[kind].wrong_boxes += wrong
    return found


def _gold(folder: Path, path: Path) -> list[dict[str, object]]:
    file = folder / "gold" / path.parent.name / "blocks.json"
    blocks: list[dict[str, object]] = json.loads(file.read_text("utf-8"))
    return blocks


def look(path: Path, pages: list[PageReading]) -> str:
    """Return ``scan``, ``damaged`` or ``clean``."""
    if all(page.read_by == "ocr" for page in pages):
        return "scan"
    return "damaged" if b"Distiller" in path.read_bytes() else "clean"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--misses", action="store_true", help="show each source block that did not come out")
    parser.add_argument("--only", default="", help="part of the names to read")
    parser.add_argument("--no-ocr", action="store_true", help="leave scans out")
    parser.add_argument("--cache", type=Path, default=None, help="where OCR results are kept")
    options = parser.parse_args()
    found = measure(
        options.gold, use_ocr=not options.no_ocr, only=options.only, cache=options.cache, tell=print
    )
    for kind, measured in found.items():
        if options.misses:
            print("\n".join(measured.score.misses + measured.wrong_boxes))
        under = f"  boxes {measured.boxes_right / max(measured.boxes, 1):.1%}" if measured.boxes else ""
        print(f"{kind:8s} {measured.score.line()}{under}")


if __name__ == "__main__":
    main()
