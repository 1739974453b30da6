"""Of the pages of real files, how many are read in words or say that they are not; and how many a second reader was asked on.

A text page counts as right where under 3 % of its Thai letters stand outside dictionary words, and as told where the reading
carries a problem of that page. The dictionary is asked line by line, names of people and places not counted as words.

usage: python -m benchmarks.reading.told DIR [--pages N] [--no-ocr] [-v]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.reading.belief.doubts import text_of
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.pdf.reader import read_pdf
from pipeline.reading.pdf.second_reader import OtherPage, SecondReader
from pipeline.reading.thai.words import outside

_LEAST = 30  # Thai letters: a page with fewer is no text page
_RIGHT = 0.03


class _Counted(SecondReader):
    """The second reader, counting the pages on which it is asked."""

    asked = 0

    def page(self, index: int, width: float, height: float, characters: int, paths: int) -> OtherPage | None:
        """Return the page and count it."""
        _Counted.asked += 1
        return super().page(index, width, height, characters, paths)


def main() -> None:
    parser = argparse.ArgumentParser(description="Pages read in words, or told")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=400, help="pages read of each file")
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="print the pages that are wrong and untold"
    )
    options = parser.parse_args()
    import pipeline.reading.pdf.reader as reader

    reader.SecondReader = _Counted  # type: ignore[misc]
    ocr = None if options.no_ocr else OcrSettings()
    right = told = untold = files = 0
    asked_files: list[str] = []
    for path in sorted(options.folder.glob("*.pdf")):
        before = _Counted.asked
        pages: list[PageReading] = []
        read_pdf(path, on_page=pages.append, ocr=ocr, max_pages=options.pages)
        files += 1
        if _Counted.asked > before:
            asked_files.append(f"{path.name} ({_Counted.asked - before})")
        for page in pages:
            letters, missing = outside(text_of(page.elements).split("\n"))
            if page.read_by != "text" or letters < _LEAST:
                continue
            wrong = missing >= _RIGHT * letters
            right += not wrong
            told += wrong and bool(page.problems)
            untold += wrong and not page.problems
            if wrong and options.verbose:
                print(f"{path.name} page {page.page}: {missing / letters:.1%} of {letters} {page.problems}")
    count = max(right + told + untold, 1)
    print(
        f"{count} text pages of {files} files: right {right}, told {told}, untold {untold} ({untold / count:.1%})"
    )
    print(f"second reader asked on {len(asked_files)} files: {', '.join(asked_files) or '-'}")


if __name__ == "__main__":
    main()
