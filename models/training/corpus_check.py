"""``python -m models.training.corpus_check [OFFICE …]``: hold each labelled office's stated points against its labels.

Writing a corpus is handwork; this says at once where a label line is malformed, a facet unknown, or the stated points and
score are not what the labels give, and counts what the whole holds.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.labelled import CORPUS, LabelledOffice, faults_of, load_office, office_folders
from models.text.tokenizer import normalise
from rubric import Rubric, load_rubric
from rubric.exceptions import CorpusError

_SENTENCE = 60
"""Characters from which the same block in two offices is a copy and not a common row."""


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """What was found in one office; no faults means sound."""

    name: str
    office: LabelledOffice | None
    faults: tuple[str, ...]


def check_offices(folders: Iterable[Path], rubric: Rubric) -> list[OfficeReport]:
    """Check each office folder."""
    reports = []
    for folder in office_folders(folders):
        try:
            office = load_office(folder, rubric)
        except CorpusError as fault:
            reports.append(OfficeReport(folder.name, None, (fault.message.en,)))
            continue
        reports.append(OfficeReport(folder.name, office, tuple(faults_of(office, rubric))))
    return reports


def copied_blocks(offices: Iterable[LabelledOffice]) -> list[tuple[str, str, str]]:
    """Labelled blocks that stand word for word in two offices: ``(office, office, text)``; pasted standards are meant to."""
    first: dict[str, str] = {}
    found = []
    for office in offices:
        for row in office.rows:
            text = normalise(row.passage.text)
            if len(text) < _SENTENCE or not any(label.role != "restate" for label in row.labels):
                continue
            if first.setdefault(text, office.id) != office.id:
                found.append((first[text], office.id, row.passage.text))
    return found


def counts_of(offices: Iterable[LabelledOffice]) -> dict[str, int]:
    """Offices, authors, blocks, labels, and labels by point and role."""
    counts: Counter[str] = Counter()
    authors = set()
    for office in offices:
        authors.add(office.author)
        counts["offices"] += 1
        counts[f"score {office.score}"] += 1
        for row in office.rows:
            counts["blocks"] += 1
            counts["labels"] += len(row.labels)
            counts.update(f"point {label.point} {label.role}" for label in row.labels)
    return {"authors": len(authors), **dict(sorted(counts.items()))}


def main() -> int:
    """Print a line per office and the counts; exit status 1 where there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m models.training.corpus_check", description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, help="offices or folders of offices (default: the corpus)"
    )
    parser.add_argument("--rubric", default="esa-2560-1.1")
    arguments = parser.parse_args()
    reports = check_offices(arguments.folders or [CORPUS], load_rubric(arguments.rubric))
    sound = [report.office for report in reports if report.office and not report.faults]
    for report in reports:
        labels = sum(len(row.labels) for row in report.office.rows) if report.office else 0
        print(f"{report.name}: {len(report.office.rows) if report.office else 0} blocks, {labels} labels")
        for fault in report.faults:
            print(f"   FAULT {fault}")
    copies = copied_blocks(sound)
    for one, other, text in copies:
        print(f"   COPY {one} {other}: {text[:80]}")
    for name, count in counts_of(sound).items():
        print(f"{name}: {count}")
    return 1 if copies or len(sound) < len(reports) else 0


if __name__ == "__main__":
    sys.exit(main())
