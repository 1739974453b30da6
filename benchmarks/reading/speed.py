"""What reading costs beside PDFium's bare text and pdfplumber's, and the memory a long file takes.

usage: python -m benchmarks.reading.speed FILE... [--repeat N] [--plumber] [--times N]

``--times`` reads the files over and over as one long document, to see whether memory grows with the pages.
CPU is the smallest of N rounds, in which the readers take turns, so that other work on the machine weighs on all alike.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.reading import readers
from pipeline.reading.child.main import calm_collector
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.pdf.reader import read_pdf


def ours(path: Path) -> int:
    """Read to blocks with boxes, without OCR; returns the number of pages."""
    pages: list[PageReading] = []
    read_pdf(path, on_page=pages.append)
    assemble(pages)
    return len(pages)


def spent(read: Callable[[Path], object], paths: Sequence[Path]) -> float:
    start = time.process_time()
    for path in paths:
        read(path)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description="Cost of reading text PDFs")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--repeat", type=int, default=5, help="rounds")
    parser.add_argument("--plumber", action="store_true", help="time pdfplumber too (slow)")
    parser.add_argument("--times", type=int, default=1, help="read the files so many times as one document")
    options = parser.parse_args()
    if options.times > 1:
        long_document(options.files, options.times)
        return
    count = sum(ours(path) for path in options.files)
    calm_collector()  # as the product's child processes do
    rounds = [
        (spent(readers.pdfium, options.files), spent(ours, options.files)) for _ in range(options.repeat)
    ]
    floor, own = (min(column) for column in zip(*rounds, strict=True))
    print(f"{count} pages: PDFium's bare text {floor / count * 1000:.2f} ms a page")
    print(f"blocks with boxes {own / count * 1000:.2f} ms a page: {own / floor:.1f} times PDFium's bare text")
    if options.plumber:
        plumber = spent(readers.pdfplumber, options.files)
        print(
            f"pdfplumber extract_text {plumber / count * 1000:.2f} ms a page: {plumber / own:.1f} times ours"
        )


def long_document(paths: Sequence[Path], times: int) -> None:
    """Read many pages into one list, as for one document, and print the peak of memory."""
    pages: list[PageReading] = []
    for _ in range(times):
        for path in paths:
            read_pdf(path, on_page=pages.append)
    blocks = assemble(pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(pages)} pages, {len(blocks)} blocks: peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
