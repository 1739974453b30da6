"""Ours and other readers over clean, damaged, table-heavy and scanned Thai files; prints the table of docs/reading.md.

usage: python -m benchmarks.reading.compare [--quick]

Clean and table-heavy files are those of data_samples/ (LibreOffice, sources known). Damaged files and scans are made here
from the same sources. Each reader reads each file in a process of its own, so that memory is its own; CPU is that of the
reading alone, without imports, the smallest of three runs (one for readers slower than ten seconds). *whole* is the share
of source blocks (cells, for rows) that stand unbroken in what the reader gave, white space removed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading import thaipdf
from benchmarks.reading.readers import READERS, scratch
from benchmarks.reading.scores import bare
from benchmarks.reading.thaipdf import ThaiPdf
from data_samples.render.damage import scan, with_private_letters
from pipeline.reading.thai.alphabet import MARKS

SAMPLES = Path(__file__).parents[2] / "data_samples"
_LIMIT = 600  # seconds one reader may take over one file
_COLUMN = 55  # letters in a line of the files written here


@dataclass(frozen=True, slots=True)
class Case:
    """A file, what it is, and the pieces of text that must stand in it."""

    name: str
    path: Path
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One reader's run over one file."""

    text: str
    seconds: float
    megabytes: float
    pages: int


def cases(folder: Path) -> list[Case]:
    """Make the files in ``folder``."""
    report = SAMPLES / "inbox" / "sample-01" / "report.pdf"
    prose, rows = _pieces("sample-01", "report.pdf")
    plan = next((SAMPLES / "inbox" / "sample-06").glob("*.pdf"))
    _, plan_rows = _pieces("sample-06", plan.name)
    private = folder / "private.pdf"
    private.write_bytes(with_private_letters(report.read_bytes()))
    scanned = folder / "scan.pdf"
    short = SAMPLES / "inbox" / "sample-04" / "news.pdf"
    scanned.write_bytes(scan(short.read_bytes(), seed=4))
    return [
        Case("clean", report, prose + rows),
        Case("tables", plan, plan_rows),
        Case("private-use letters", private, prose + rows),
        Case(
            "private-use, marks late",
            _written(folder / "late.pdf", prose, thaipdf.private_use, late=True),
            prose,
        ),
        Case("TIS-620 as Latin-1", _written(folder / "tis.pdf", prose, thaipdf.tis620), prose),
        Case("Word 2007", _written(folder / "word.pdf", prose, thaipdf.as_written, ring=True), prose),
        Case("scan, 200 dpi", scanned, sum(_pieces("sample-04", "news.pdf"), ())),
    ]


def _pieces(submission: str, document: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the source's paragraphs and, apart, the cells of its rows, long enough to be told from chance."""
    blocks = json.loads((SAMPLES / "gold" / submission / "blocks.json").read_text("utf-8"))
    own = [block for block in blocks if block["document"] == document]
    prose = tuple(bare(block["text"]) for block in own if block["kind"] != "tr")
    cells = [
        bare(cell) for block in own if block["kind"] == "tr" for cell in block["text"].strip("| ").split("|")
    ]
    return prose, tuple(cell for cell in cells if len(cell) >= 6)


def _written(
    path: Path, pieces: Sequence[str], encode: thaipdf.Encode, *, late: bool = False, ring: bool = False
) -> Path:
    pdf, y = ThaiPdf(encode, late_marks=late).page(), 80.0
    for piece in pieces:
        for place, text in enumerate(_lines(piece)):
            if y > 780:
                pdf, y = pdf.page(), 80.0
            pdf.line(60 if place else 90, y, thaipdf.lost_ring(text) if ring else text, 14)
            y += 22
    return pdf.save(path)


def _lines(text: str) -> list[str]:
    """Cut a text into lines, never between a letter and its marks."""
    clusters = re.findall(f"[^{MARKS}][{MARKS}]*", text)
    return ["".join(clusters[start : start + _COLUMN]) for start in range(0, len(clusters), _COLUMN)]


def run(reader: str, case: Case) -> Run | None:
    """Run a reader over a file in a process of its own; None where it fails or takes too long."""
    command = [sys.executable, "-m", "benchmarks.reading.compare", "--one", reader, str(case.path)]
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LIMIT, check=True, env=env)
        return Run(**json.loads(done.stdout.decode("utf-8").splitlines()[-1]))
    except (subprocess.SubprocessError, ValueError, IndexError):
        return None


def one(reader: str, path: Path) -> None:
    """Read in this process and print what was found; the child's part of :func:`run`."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = len(document)
    document.close()
    best, text = float("inf"), ""
    for _ in range(3):
        before = _cpu()
        text = READERS[reader](path)
        best = min(best, _cpu() - before)
        if best > 10:
            break
    memory = _peak()
    print(json.dumps({"text": text, "seconds": best, "megabytes": memory, "pages": pages}))


def _peak() -> float:
    """Return the most memory this process and its programs held, in MB; ``ru_maxrss`` would count its parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text("ascii").splitlines() if row.startswith("VmHWM"))
        return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def whole(text: str, case: Case) -> float:
    """Return the share of the case's pieces that stand in ``text``."""
    everything = bare(text).replace("|", "")
    return sum(piece in everything for piece in case.pieces) / max(len(case.pieces), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Readers of Thai PDFs side by side")
    parser.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="clean and private-use files only")
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]))
        return
    table(cases(scratch())[: 3 if options.quick else None])


def table(made: Sequence[Case]) -> None:
    """Run everything and print the table in Markdown."""
    start = time.strftime("%Y-%m-%d")
    print(f"Measured {start} by `python -m benchmarks.reading.compare`.\n")
    print(
        "| reader | CPU s per 1,000 pages (clean) | memory MB | "
        + " | ".join(case.name for case in made)
        + " |"
    )
    print("| --- | --- | --- |" + " --- |" * len(made))
    for reader in READERS:
        runs = [run(reader, case) for case in made]
        clean = runs[0]
        speed = f"{clean.seconds / clean.pages * 1000:.1f}" if clean else "–"
        memory = f"{max(r.megabytes for r in runs if r):.0f}" if any(runs) else "–"
        shares = [f"{whole(r.text, case):.1%}" if r else "failed" for r, case in zip(runs, made, strict=True)]
        print(f"| {reader} | {speed} | {memory} | " + " | ".join(shares) + " |", flush=True)


if __name__ == "__main__":
    main()
