"""How well tables without column rules become rows, and whether pages without tables give any.

usage: python -m benchmarks.reading.borderless [--seeds N] [--show] [PROSE.pdf …]

A row is right where all of its cells are the cells that were written, white space left out. ``PROSE.pdf``: files whose
tables are all ruled or absent; any row found there by white alone is false.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading.scores import bare
from benchmarks.reading.table_pages import NO_TABLES, STYLES, Made, plain_page, table_page
from pipeline.reading.layout.pages import PageReading, TableRow
from pipeline.reading.pdf.reader import read_pdf
from rubric.exceptions import DocumentError


@dataclass(slots=True)
class Count:
    """Rows written, rows found and rows right, over so many pages."""

    pages: int = 0
    written: int = 0
    found: int = 0
    right: int = 0

    def line(self) -> str:
        """Return the figures in words."""
        recall = f"recall {self.right / self.written:.2f}  " if self.written else ""
        precision = f"precision {self.right / self.found:.2f}  " if self.found else ""
        return f"{self.pages:4d} pages  {recall}{precision}rows {self.written}, found {self.found}, right {self.right}"


def rows_by_white(path: Path) -> list[TableRow]:
    """Return the rows of tables without column rules that are read from a file."""
    pages: list[PageReading] = []
    with suppress(DocumentError):
        read_pdf(path, on_page=pages.append)
    return [e for page in pages for e in page.elements if isinstance(e, TableRow) and not e.ruled]


def count(made: Made, tell: bool = False) -> Count:
    """Hold the rows read from a page against those written."""
    found = [tuple(bare(cell) for cell in row.cells) for row in rows_by_white(made.path)]
    left = list(found)
    right = 0
    for row in made.rows:
        want = tuple(bare(cell) for cell in row)
        if want in left:
            left.remove(want)
            right += 1
        elif tell:
            print(f"  {made.path.name} missing {want}")
    if tell:
        print("".join(f"  {made.path.name} wrong   {row}\n" for row in left), end="")
    return Count(1, len(made.rows), len(found), right)


def measure(folder: Path, seeds: int, tell: bool = False) -> dict[str, Count]:
    """Make pages of every kind from ``seeds`` seeds each and count."""
    counts: dict[str, Count] = defaultdict(Count)
    for seed in range(seeds):
        made = [table_page(folder / f"{style}-{seed}.pdf", style, seed) for style in STYLES]
        made += [plain_page(folder / f"{kind}-{seed}.pdf", kind, seed) for kind in NO_TABLES]
        for page in made:
            one, total = count(page, tell), counts[page.kind]
            total.pages += 1
            total.written += one.written
            total.found += one.found
            total.right += one.right
    return counts


def summed(counts: Sequence[Count]) -> Count:
    return Count(
        sum(c.pages for c in counts),
        sum(c.written for c in counts),
        sum(c.found for c in counts),
        sum(c.right for c in counts),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Tables without column rules")
    parser.add_argument("prose", nargs="*", type=Path, help="files without such tables")
    parser.add_argument("--seeds", type=int, default=12, help="pages of each kind")
    parser.add_argument("--show", action="store_true", help="show each row that is missing or wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        counts = measure(Path(folder), options.seeds, options.show)
        spent = time.process_time() - start
    for kind, one in counts.items():
        print(f"{kind:16s} {one.line()}")
    print(f"{'tables':16s} {summed([counts[style] for style in STYLES]).line()}")
    print(
        f"{'no tables':16s} {summed([counts[kind] for kind in NO_TABLES]).line()}  ({spent:.1f} CPU s with making)"
    )
    for path in options.prose:
        false = rows_by_white(path)
        if false:
            print(f"{path}: {len(false)} rows: " + " / ".join(" | ".join(row.cells) for row in false[:4]))


if __name__ == "__main__":
    main()
