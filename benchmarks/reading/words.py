"""How much of real files' Thai is words, in PDFium's own text and after reading: the only measure where no source is known.

usage: python -m benchmarks.reading.words DIR [--pages N]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.reading.readers import pdfium
from pipeline.reading.belief.quality import unknown_share
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.pdf.reader import read_pdf

_PIECE = 1500


def share(texts: Sequence[str]) -> float:
    """Return the share of Thai letters outside dictionary words over all texts."""
    pieces = [text[start : start + _PIECE] for text in texts for start in range(0, len(text), _PIECE)]
    return sum(unknown_share(piece) * len(piece) for piece in pieces) / max(sum(map(len, pieces)), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Words outside the dictionary before and after repair")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=60, help="pages read of each file")
    options = parser.parse_args()
    found: list[tuple[float, float]] = []
    for path in sorted(options.folder.glob("*.pdf")):
        pages: list[PageReading] = []
        read_pdf(path, on_page=pages.append, max_pages=options.pages)
        before = share(pdfium(path)[: 2000 * options.pages].splitlines())
        after = share([block.text for block in assemble(pages)])
        found.append((before, after))
        print(f"{path.name:44s} {len(pages):4d} pages  PDFium {before:6.1%}  read {after:6.1%}")
    if found:
        before, after = (median(column) for column in zip(*found, strict=True))
        print(f"median of {len(found)} files: PDFium {before:.1%}, read {after:.1%}")


if __name__ == "__main__":
    main()
