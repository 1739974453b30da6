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
from pathlib import Path

from benchmarks.reading.boxes import share_under_boxes
from benchmarks.reading.scores import Score, score
from pipeline.reading.assemble import assemble
from pipeline.reading.pages import PageReading
from pipeline.reading.pdf import OcrSettings, read_pdf
from rubric.exceptions import DocumentError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--cache", type=Path, default=None)
    options = parser.parse_args()
    totals: dict[str, Score] = defaultdict(Score)
    boxes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path in sorted((options.gold / "inbox").glob("*/*.pdf")):
        name = f"{path.parent.name}/{path.name}"
        if options.only not in name:
            continue
        gold = json.loads((options.gold / "gold" / path.parent.name / "blocks.json").read_text("utf-8"))
        own = [block for block in gold if block["document"] == path.name]
        pages: list[PageReading] = []
        start = time.process_time()
        try:
            read_pdf(path, on_page=pages.append, ocr=None if options.no_ocr else OcrSettings(cache=options.cache))
        except DocumentError as error:
            print(f"{name:18s} {error.message.en}")
            continue
        blocks = assemble(pages)
        spent = (time.process_time() - start) / max(len(pages), 1) * 1000
        kind = look(path, pages)
        result = score(own, blocks)
        print(f"{name:18s} {kind:8s} {spent:7.1f} ms/page {result.line()}")
        if options.misses:
            print("\n".join(result.misses))
        totals[kind].add(result)
        if kind != "scan":
            right, of, wrong = share_under_boxes(path, blocks)
            boxes[kind][0] += right
            boxes[kind][1] += of
            if options.misses:
                print("\n".join(f"box {text}" for text in wrong[:10]))
    for kind, total in totals.items():
        under = f"  boxes {boxes[kind][0] / max(boxes[kind][1], 1):.1%}" if boxes[kind][1] else ""
        print(f"{kind:8s} {total.line()}{under}")


def look(path: Path, pages: list[PageReading]) -> str:
    """Return ``scan``, ``damaged`` or ``clean``."""
    if all(page.read_by == "ocr" for page in pages):
        return "scan"
    start = path.read_bytes()
    return "damaged" if b"Distiller" in start else "clean"


if __name__ == "__main__":
    main()
